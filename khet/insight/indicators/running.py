"""A period that still runs: what only fills up until its end is no whole yet, and is judged as a part.

Decision 0046. Which measures fill is said in the catalogue (`fills`, else `over_time: sum`); which way a formula goes
as they fill is found by trying it, so that a share of two counts that fill alike is judged as ever.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.facts import queries as facts
from khet.facts.feeds import feeds
from khet.facts.manifest import current
from khet.facts.schema import Measure
from khet.facts.tree import SCHOOL
from khet.insight.indicators import editions
from khet.insight.indicators.schema import Indicator
from khet.kit import expressions
from khet.kit.periods import Period

if TYPE_CHECKING:
    from khet.insight.indicators.values import Value


@dataclass(frozen=True, slots=True)
class Running:
    """Of a value whose period is not over: how far it is known, and where it can still go.

    until   the last day that is in it
    ends    the last day of the period
    way     up | down: it can only grow, or fall, until then; both: it may do either
    """

    until: date
    ends: date
    way: str


def running(edition: Indicator, period: Period) -> Running | None:
    """How a value of a formula stands in a period that still runs; None when it is over, or the value does not fill."""
    today = timezone.localdate()
    if not period.start <= today < period.end:
        return None
    way = way_of(edition)
    return Running(today, period.end, way) if way else None


def way_of(edition: Indicator) -> str:
    """up | down | both: where the value goes while what its measures count comes in; "" when it goes nowhere."""
    filling = frozenset(name for name in edition.measures if fills(name))
    return _way(edition.value, filling) if filling else ""


def fills(measure: str) -> bool:
    """Whether a measure grows while its period runs; of one derived, whether what it is derived from does."""
    found = catalogue().find("measure", measure)
    if found is None or found.derived is None:
        return found is not None and found.fills_up
    return any(fills(name) for name in _behind(found))


def _behind(measure: Measure) -> frozenset[str]:
    return frozenset({measure.derived.of}) if measure.derived.of else expressions.names(measure.derived.where)


@lru_cache(maxsize=2048)
def _way(expression: str, filling: frozenset[str]) -> str:
    """The formula is tried with numbers: what fills grows step by step, the rest stays."""
    ways = set()
    for base in (40.0, 210.0, 3000.0):
        rest = {name: base + 7 * n for n, name in enumerate(sorted(expressions.names(expression)))}
        steps = [rest | {name: rest[name] * part for name in filling} for part in (0.1, 0.3, 0.6, 0.9)]
        values = [expressions.evaluate(expression, step) for step in steps]
        known = [float(value) for value in values if value is not None]
        moves = np.diff(known) / max(map(abs, known)) if any(known) else np.zeros(1)  # beside what rounding leaves
        ways |= {"up" for move in moves if move > 1e-6} | {"down" for move in moves if move < -1e-6}
    return ways.pop() if len(ways) == 1 else "both" if ways else ""


# The same days of the period before

_found: OrderedDict[tuple, dict[str, float | None] | None] = OrderedDict()
_lock = threading.Lock()
_KEPT = 1024


def same_days(value: "Value", before: "Value | None") -> "Value | None":
    """The value of the period before as far as the same days of it go; None where that cannot be known.

    value    of a period that runs, not withheld
    before   that of the whole period before it
    """
    if value.running is None or value.value is None or value.dims or not _compares(value, before):
        return None
    manifest = current()
    formula = (value.edition.id, value.edition.value, value.period, value.running.until)
    key = (manifest.folder, manifest.version, value.org, catalogue(), *formula)
    with _lock:
        if key in _found:
            return _laid_over(before, _found[key])
    made = _worked_out(value, before)
    with _lock:
        _found[key] = made
        while len(_found) > _KEPT:
            _found.popitem(last=False)
    return _laid_over(before, made)


def day_before(value: "Value") -> date:
    """The day of the period before up to which the same days go."""
    before, today = value.period.previous(), value.running.until
    if value.period.kind in ("academic_year", "fiscal_year"):
        try:
            return today.replace(year=today.year - 1)
        except ValueError:  # 29 February
            return today.replace(year=today.year - 1, day=28)
    return min(before.start + timedelta(days=(today - value.period.start).days), before.end)


def _compares(value: "Value", before: "Value | None") -> bool:
    return (
        before is not None
        and before.value is not None
        and before.period == value.period.previous()
        and before.edition.value == value.edition.value
    )


def _worked_out(value: "Value", before: "Value") -> dict[str, float | None] | None:
    """{measure: number} up to the same day of the period before."""
    page = facts.sheet(value.edition.measures, {value.period, before.period})
    place = page.tree.index.get(value.org)
    if place is None:
        return None
    counted = _counted(page, value, before, place)
    if counted is None:
        return None
    parts = {}
    for measure in value.edition.measures:
        if not fills(measure):
            parts[measure] = before.parts.get(measure)
            continue
        told = _up_to(measure, before.period, day_before(value))
        if told is None:
            return None
        parts[measure] = sum(told.get(code, 0.0) for code in counted)
    return parts


def _counted(page, value: "Value", before: "Value", place: int) -> list[str] | None:
    """Codes of the orgs on whose records the value before stands.

    None where a figure is among them, then or now: nobody knows what it was on a day. And None where a school counts
    now that was there before without being known.
    """
    then = _records(page, value, before.period, place)
    now = _records(page, value, value.period, place)
    if then is None or now is None or not then.any():
        return None
    there = page.standing(before.period).is_open
    if (now & ~then & there & (page.tree.kinds == SCHOOL)).any():
        return None
    return [page.tree.codes[org] for org in np.flatnonzero(then)]


def _records(page, value: "Value", period: Period, place: int) -> np.ndarray | None:
    """Which orgs at or below a place bring something to the formula; None where a figure that fills is among them."""
    leaves = {name: page.leaves(name, period) for name in value.edition.measures}
    under = page.standing(period).under(place)
    known = under & np.logical_and.reduce([leaf.known for leaf in leaves.values()])
    beside = [page.definitions[name].beside for name in leaves]
    if any(beside):  # records of an office that name no school bring their part alone
        held = np.logical_or.reduce([leaf.known for leaf, is_ in zip(leaves.values(), beside, strict=True) if is_])
        known |= under & held & (page.tree.kinds != SCHOOL)
    for name, leaf in leaves.items():
        if fills(name) and (known & leaf.figure).any():
            return None
    return known


def _up_to(measure: str, period: Period, day: date) -> dict[str, float] | None:
    """What records count of a measure from the first day of a period to a day, by org; None where none can tell."""
    definition = catalogue().find("measure", measure)
    feed = feeds().get(definition.feed) if definition and definition.feed else None
    if feed is None or feed.until is None:
        return None
    found = feed.until(measure, period, day)
    return None if found is None else dict(found)


def _laid_over(before: "Value", parts: dict[str, float | None] | None) -> "Value | None":
    """The value before with other parts; its formula is that of its edition."""
    if parts is None:
        return None
    edition = before.edition
    number = edition.of(parts)
    sides = [
        expressions.evaluate(side, parts) if side and editions.names_in(edition) <= parts.keys() else None
        for side in (edition.numerator, edition.denominator)
    ]
    return None if number is None else replace(
        before, value=number, parts=parts, numerator=sides[0], denominator=sides[1], readings={}
    )  # fmt: skip


def may_be_told(viewer, org: Org, value: "Value | None") -> bool:
    """Whether a viewer may see the number of the same days; whether it is small is hidden like any other."""
    from khet.facts import disclosure

    return value is not None and (
        disclosure.may_see_small(viewer, org) or not disclosure.hides_rate(value.parts, value.denominator)
    )
