"""Which groups of pupils are reached: shares with intervals, each group against all others."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.engines.cases.models import Case
from khet.facts import disclosure
from khet.insight.indicators.rates import wilson
from khet.kit.periods import academic_year
from khet.registers.people.models import Enrolment
from khet.web.overviews.schema import Equity


@dataclass(frozen=True)
class Share:
    """A group: how many of its pupils are reached. `reached` is None where the number is too small to show."""

    title: str
    pupils: int
    reached: int | None
    low: float | None = None
    high: float | None = None
    apart: str = ""  # "" | fewer | more, against all others

    @property
    def rate(self) -> float | None:
        return 100 * self.reached / self.pupils if self.reached is not None and self.pupils else None


@dataclass(frozen=True)
class Comparison:
    title: str
    shares: list[Share]


def comparisons(viewer, definition: Equity, org: Org, day: date) -> tuple[Share, list[Comparison]]:
    """(everybody, the comparisons) of an org's pupils on a day.

    The caller has looked that the viewer may read the org. Small numbers are hidden from who has no duty there.
    """
    pupils = _pupils(org, day)
    reached = _reached(definition, org)
    measure = None if disclosure.may_see_small(viewer, org) else definition.measure
    whole = _shares([(_("All pupils"), set(pupils))], reached, measure)[0]
    made = []
    for title, groups in _groupings(definition, pupils):
        known = [(words, members) for words, members in groups if members]
        if len(known) > 1:
            made.append(Comparison(title, _shares(known, reached, measure)))
    return whole, made


def _pupils(org: Org, day: date) -> dict[int, Enrolment]:
    """{person: enrolment} of who is on a roll below an org."""
    on_roll = (Q(entered__isnull=True) | Q(entered__lte=day)) & (Q(left__isnull=True) | Q(left__gt=day))
    rows = Enrolment.objects.filter(on_roll, year=academic_year(day).year, school__path__startswith=org.path)
    rows = rows.select_related("person").only(
        "person__sex", "person__id", "grade", "school_id", "disabled", "disadvantaged"
    )
    return {row.person_id: row for row in rows.order_by("pk")}


def _reached(definition: Equity, org: Org) -> set[int]:
    """Persons below an org whose case stands in one of the states. Only counts of them leave this room."""
    rows = Case.objects.filter(
        edition__family=definition.family, state__in=definition.states, about__path__startswith=org.path
    )
    return set(rows.exclude(person=None).values_list("person_id", flat=True))


def _groupings(definition: Equity, pupils: dict[int, Enrolment]):
    def split(of, words: dict):
        return [(words[key], {pk for pk, row in pupils.items() if of(row) == key}) for key in words]

    yes_no = {True: _("yes"), False: _("no")}
    yield _("Sex"), split(lambda row: row.person.sex, {"f": _("girls"), "m": _("boys")})
    yield _("Disadvantaged"), split(lambda row: row.disadvantaged, yes_no)
    yield _("Disabled"), split(lambda row: row.disabled, yes_no)
    grades = {value.code: value.group for value in catalogue().get("codes", "grades").values}
    levels = {value.code: str(value.title) for value in catalogue().get("codes", "levels").values}
    yield _("Level"), split(lambda row: grades.get(row.grade), levels)
    sizes = catalogue().find("codes", definition.sizes) if definition.sizes else None
    if sizes:
        heads = Counter(row.school_id for row in pupils.values())
        band = {school: sizes.band(count).code for school, count in heads.items()}
        words = {value.code: str(value.title) for value in sizes.values}
        yield _("School size"), split(lambda row: band.get(row.school_id), words)


def _shares(groups: list[tuple[str, set[int]]], reached: set[int], measure: str | None) -> list[Share]:
    """The groups with their shares; with a measure, what is small for it is hidden."""
    counts = [len(members & reached) for _words, members in groups]
    hidden = [False] * len(groups) if measure is None else disclosure.suppress(measure, counts)
    total = sum(counts)
    made = []
    for (words, members), count, hide in zip(groups, counts, hidden, strict=True):
        if hide:
            made.append(Share(words, len(members), None))
            continue
        low, high = wilson(count, len(members)) if members else (None, None)
        others = sum(len(other) for _w, other in groups) - len(members)
        apart = _apart(low, high, (total - count) / others) if others and low is not None and not all(hidden) else ""
        made.append(Share(words, len(members), count, 100 * low if low is not None else None,
                          100 * high if high is not None else None, apart))  # fmt: skip
    return made


def _apart(low: float, high: float, others: float) -> str:
    """Whether the share of the others lies outside of a group's interval."""
    return "fewer" if high < others else "more" if low > others else ""
