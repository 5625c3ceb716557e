"""What a run gives to which number, now and against its targets: for its page."""

from dataclasses import dataclass

from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.engines.programmes.counting import gathered
from khet.engines.programmes.facts import span_of
from khet.engines.programmes.models import Run
from khet.engines.programmes.reading import books
from khet.kit import expressions
from khet.kit.periods import Period, period_of

SMALL = 5  # people; the rule of the facts, which stand above this floor


@dataclass(frozen=True)
class Given:
    """A number the run gives: the measure, the indicators that read it, value and target of the newest period.

    hidden   it counts so few people that the viewer may not see how many
    """

    measure: object
    indicators: tuple
    period: Period
    value: float
    target: float | None
    hidden: bool = False


def given(run: Run, orgs=None, *, sees_small: bool = True) -> list[Given]:
    """What a run alone gives in the period that holds its newest day.

    orgs         codes of the orgs that are counted; None: all
    sees_small   counts of fewer than five people may be told
    """
    book = books([run])[run.pk]
    day = min(run.ends or timezone.localdate(), timezone.localdate())
    targets = {(target.measure, target.period): target.value for target in run.targets.all()}
    found = []
    for gift in run.rules.gives:
        measure = catalogue().find("measure", gift.measure)
        if measure is None:
            continue
        period = period_of(max(day, run.starts), measure.period)
        things = gathered([book], gift.measure, span_of(period))
        value = sum(one.amount for one in things if orgs is None or one.org in orgs)
        hidden = measure.counts_people and 0 < value < SMALL and not sees_small
        target = targets.get((measure.id, period.code))
        found.append(Given(measure, readers(measure.id), period, value, target, hidden))
    return found


def readers(measure: str) -> tuple:
    """The newest editions of the indicators whose formula, or one of whose readings, names the measure."""
    found = []
    for id in catalogue().ids("indicator"):
        edition = catalogue().find("indicator", id)
        formulas = [getattr(edition, "value", None), *(reading.value for reading in edition.readings)]
        if any(formula and measure in expressions.names(formula) for formula in formulas):
            found.append(edition)
    return tuple(found)


def name_measure(target):
    """The target, knowing the title of its measure."""
    measure = catalogue().find("measure", target.measure)
    target.title = measure.title if measure else target.measure
    return target
