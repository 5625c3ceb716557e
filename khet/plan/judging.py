"""Laying the plan's targets over values of indicators, wherever they are read (`insight.indicators.judging`)."""

from collections.abc import Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from khet.core.orgs.models import Org
from khet.insight.indicators.judging import Verdict
from khet.insight.indicators.running import may_be_told, same_days
from khet.insight.indicators.values import Value
from khet.plan.standing import standing
from khet.plan.targets import of_year, year_of
from khet.plan.words import target_words

_paused: ContextVar[bool] = ContextVar("judging_paused", default=False)


@contextmanager
def without_judging():
    """Values read inside come without targets: for who judges them itself, and for judging by earlier values."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)


def judge(viewer, org: Org, values: Sequence[Value]) -> dict[str, Verdict]:
    """{indicator: verdict} for values of an office as a whole, by its plan in force."""
    if _paused.get():
        return {}
    from khet.plan.queries import edition_in_force, may_follow, plan_of

    edition = edition_in_force(org)
    if edition is None or edition.org_id != org.pk or not may_follow(viewer, org):
        return {}
    plan = plan_of(edition)
    found = {}
    for value in values:
        binding = plan.binding_of(value.indicator)
        if binding is not None:
            found[value.indicator] = verdict(viewer, org, value, binding)
    return found


def verdict(viewer, org: Org, value: Value, binding) -> Verdict:
    """How a value stands against what the plan asks of its year."""
    targets = of_year(binding.targets.all(), year_of(value.period))
    before = then = None
    if any(target.direction in ("decrease", "increase") for target in targets):
        before = _previous(viewer, org, value)
        then = same_days(value, before)
    found = standing(value, targets, before, then if may_be_told(viewer, org, then) else None)
    words = target_words(targets, value.edition) or None
    return Verdict(found.status, words, target_number(targets), found.note)


def target_number(targets) -> float | None:
    """The number to draw as a line; None where the targets have none, or two."""
    numbers = {0.0 if target.direction == "zero" else target.value for target in targets} - {None}
    return numbers.pop() if len(numbers) == 1 else None


def _previous(viewer, org: Org, value: Value) -> Value | None:
    from khet.insight.indicators.queries import history

    readings = {value.indicator: value.reading} if value.reading else {}
    before = value.period.previous()
    points = history(viewer, org=org, indicators=[value.indicator], until=before, count=1, readings=readings)
    return next((point for point in points[value.indicator] if point.period == before), None)
