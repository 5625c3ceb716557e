"""An indicator over time and over schools: trend with limits, this period beside the last, ranking."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from khet.core.orgs.models import Org
from khet.insight.indicators import queries, rates
from khet.insight.indicators.process import Limits, xmr
from khet.insight.indicators.rates import Comparison
from khet.insight.indicators.running import may_be_told, same_days
from khet.insight.indicators.schema import Indicator
from khet.insight.indicators.values import Value
from khet.kit.periods import Period

# What a value of a unit cannot leave.
_NATURAL = {
    "percent": (0.0, 100.0),
    "count": (0.0, None),
    "per_1000": (0.0, None),
    "ratio": (0.0, None),
    "score": (0.0, None),
}
# Events, of which there may be any number; shares of people or schools are another kind.
_EVENTS = ("per_1000", "count")


@dataclass(frozen=True)
class Trend:
    """An indicator of an org over periods, oldest first.

    points      a value each, with the edition that held then
    breaks      places from which on another formula holds; limits stand on the stretch since the last one
    limits      of that stretch; `start` is the place of its first point
    comparison  the last known point beside the one before it
    same_days   where the last point is of a period that runs while it fills: the period before as far as the same days
                go; None where nobody can tell. Such a point stands in no limits, and is compared with these days alone
    """

    points: tuple[Value, ...]
    breaks: tuple[int, ...]
    start: int
    limits: Limits
    comparison: Comparison | None
    same_days: Value | None = None


def trends(
    viewer,
    *,
    org: Org,
    indicators: Iterable[str],
    until: Period | None = None,
    count: int = 12,
    readings: Mapping[str, str] | None = None,
) -> dict[str, Trend]:
    """{indicator: its last `count` periods with limits and signals}. Raises as `queries.values`."""
    found = queries.history(viewer, org=org, indicators=indicators, until=until, count=count, readings=readings)
    return {id: _trend(points, viewer, org) for id, points in found.items()}


def trend(viewer, indicator: str, *, org: Org, until=None, count: int = 12, readings=None) -> Trend:
    """One of `trends`."""
    return trends(viewer, org=org, indicators=[indicator], until=until, count=count, readings=readings)[indicator]


def _trend(points: Sequence[Value], viewer, org: Org) -> Trend:
    breaks = tuple(i for i in range(1, len(points)) if points[i].edition.value != points[i - 1].edition.value)
    start = breaks[-1] if breaks else 0
    natural = _NATURAL.get(points[-1].edition.unit, (None, None)) if points else (None, None)
    is_part = bool(points) and points[-1].running is not None
    whole = points[start:-1] if is_part else points[start:]
    limits = xmr([point.value for point in whole], natural=natural)
    if not is_part:
        return Trend(tuple(points), breaks, start, limits, _last_two(whole))
    then = same_days(points[-1], points[-2] if len(points) > 1 else None)
    then = then if may_be_told(viewer, org, then) else None
    return Trend(tuple(points), breaks, start, limits, compare(points[-1], then) if then else None, then)


def _last_two(points) -> Comparison | None:
    known = [point for point in points if point.value is not None]
    return compare(known[-1], known[-2]) if len(known) > 1 else None


def compare(now: Value, before: Value) -> Comparison:
    """A value beside an earlier one of the same formula, and whether the difference is more than chance.

    Only counts of events, rates of them and shares can be judged; of scores and levels just the change is told.
    """
    if now.value is None or before.value is None:
        return Comparison(None)
    change, edition = now.value - before.value, now.edition
    if edition.unit == "percent" and _whole(now, before):
        found = rates.share_difference(now.numerator, now.denominator, before.numerator, before.denominator)
        return _scaled(found, 100, change)
    if edition.unit in _EVENTS and _counts_events(edition):
        if _whole(now, before):
            found = rates.rate_ratio(now.numerator, now.denominator, before.numerator, before.denominator)
        else:
            found = rates.rate_ratio(now.value, 1, before.value, 1)
        return Comparison(change, found.ratio, found.low, found.high, found.verdict)
    return Comparison(change, now.value / before.value if before.value else None)


def _whole(*values: Value) -> bool:
    return all(value.numerator is not None and value.denominator for value in values)


def _counts_events(edition: Indicator) -> bool:
    """True for counts of incidents or people, False for such as "how many of two systems"."""
    from khet.core.catalogue import catalogue

    measures = (catalogue().find("measure", name) for name in edition.measures)
    return all(measure and measure.unit in ("person", "incident") for measure in measures)


def _scaled(found: Comparison, by: float, change: float) -> Comparison:
    low, high = (None if bound is None else bound * by for bound in (found.low, found.high))
    return Comparison(change, found.ratio, low, high, found.verdict)


def interval(value: Value) -> tuple[float, float] | None:
    """The 95 % interval of a value, in its own unit; None where none can be given."""
    if value.value is None:
        return None
    k, n = value.numerator, value.denominator
    if value.edition.unit == "percent" and k is not None and n and 0 <= k <= n:
        low, high = rates.wilson(k, n)
        return (100 * low, 100 * high)
    if value.edition.unit == "per_1000" and k is not None and n:
        low, high = rates.poisson(k)
        return (1000 * low / n, 1000 * high / n)
    if value.edition.unit == "count" and _counts_events(value.edition):
        return rates.poisson(value.value)
    return None


@dataclass(frozen=True)
class Place:
    """A school in a ranking. `rank` is None where the number is too small to rank by, hidden or missing."""

    value: Value
    rank: int | None
    interval: tuple[float, float] | None


# On fewer events a rank would be a matter of chance (domain rule of the safety centre; taken for all rates of events).
_LEAST_EVENTS = 5


def ranking(
    viewer,
    indicator: str,
    *,
    org: Org,
    period: Period | None = None,
    kind: str = "school",
    readings: Mapping[str, str] | None = None,
) -> list[Place]:
    """The schools (or clusters) of an org, the worst first; equal values share a rank, unranked ones stand last."""
    found = queries.values(viewer, org=org, indicators=[indicator], period=period, by=kind, readings=readings)
    ranked = sorted((value for value in found if _may_rank(value)), key=_worst_first)
    places, rank = [], 0
    for index, value in enumerate(ranked):
        if index == 0 or value.value != ranked[index - 1].value:
            rank = index + 1
        places.append(Place(value, rank, interval(value)))
    rest = sorted(
        (value for value in found if not _may_rank(value)), key=lambda value: (value.value is None, value.org)
    )
    return places + [Place(value, None, interval(value)) for value in rest]


def _worst_first(value: Value) -> tuple[float, str]:
    return (value.value if value.edition.better == "higher" else -value.value, value.org)


def _may_rank(value: Value) -> bool:
    if value.value is None or value.suppressed:
        return False
    few = value.edition.unit == "per_1000" and value.numerator is not None and 0 < value.numerator < _LEAST_EVENTS
    return not few
