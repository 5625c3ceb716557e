"""Pure: does one group wait longer than the others? Medians that know of those who still wait, with intervals."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

DRAWS = 500  # an interval of 95 percent moves by about a twentieth of its width from one set of draws to the next
LEVEL = (2.5, 97.5)
LEAST = 5  # fewer than this tell nothing of a group


@dataclass(frozen=True)
class Wait:
    """How long one case waited, in hours; `done` is false while it waits still."""

    group: str
    hours: float
    done: bool


@dataclass(frozen=True)
class Line:
    """A group beside all others.

    median        hours until half of them were helped; None: fewer than half were so far
    low, high     where chance may put it; `high` None: no bound
    longer        how much longer it waits than the others, with `longer_low` and `longer_high`
    verdict       longer | shorter | alike | too_few | unclear (fewer than half were helped so far, here or elsewhere)
    """

    group: str
    count: int
    median: float | None
    low: float | None = None
    high: float | None = None
    longer: float | None = None
    longer_low: float | None = None
    longer_high: float | None = None
    verdict: str = "too_few"


def compared(waits: Iterable[Wait]) -> list[Line]:
    """Every group beside the rest, in the order of the groups."""
    waits = list(waits)
    groups = defaultdict(list)
    for wait in waits:
        groups[wait.group].append(wait)
    return [_line(group, rows, [w for w in waits if w.group != group]) for group, rows in sorted(groups.items())]


def median(waits: Iterable[Wait]) -> float | None:
    """Hours until half were helped (Kaplan-Meier): who still waits counts for as long as it was seen to wait."""
    waits = list(waits)
    hours, done = _arrays(waits)
    found = _medians(hours, done, np.ones((1, len(hours)))) if len(hours) else np.array([np.inf])
    return None if np.isinf(found[0]) else float(found[0])


def _line(group: str, rows: list[Wait], rest: list[Wait]) -> Line:
    own = median(rows)
    if len(rows) < LEAST:
        return Line(group, len(rows), own)
    drawn = _drawn(tuple(rows), 1)
    low, high = _bounds(drawn)
    if len(rest) < LEAST:
        return Line(group, len(rows), own, low, high)
    other, drawn_rest = median(rest), _drawn(tuple(rest), 2)
    known = np.isfinite(drawn) | np.isfinite(drawn_rest)
    with np.errstate(invalid="ignore"):
        gaps = (drawn - drawn_rest)[known]
    if own is None or other is None or not len(gaps):
        return Line(group, len(rows), own, low, high, verdict="unclear")
    gap_low, gap_high = _bounds(gaps)
    verdict = "longer" if gap_low is not None and gap_low > 0 else "alike"
    verdict = "shorter" if gap_high is not None and gap_high < 0 else verdict
    return Line(group, len(rows), own, low, high, own - other, gap_low, gap_high, verdict)


@lru_cache(maxsize=256)
def _drawn(rows: tuple[Wait, ...], seed: int) -> np.ndarray:
    """The medians of as many samples drawn again, the same ones each time a page is opened."""
    hours, done = _arrays(rows)
    draws = np.random.default_rng(seed).multinomial(len(hours), np.full(len(hours), 1 / len(hours)), size=DRAWS)
    return _medians(hours, done, draws)


def _arrays(waits: Iterable[Wait]) -> tuple[np.ndarray, np.ndarray]:
    """Hours and whether they ended, in order; at the same hour those that ended come first."""
    rows = sorted(waits, key=lambda wait: (wait.hours, not wait.done))
    return np.array([wait.hours for wait in rows]), np.array([wait.done for wait in rows])


def _medians(hours: np.ndarray, done: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Per row of weights the hour at which half are left waiting; infinity where that is not reached."""
    at_risk = weights[:, ::-1].cumsum(axis=1)[:, ::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where((weights > 0) & done, 1 - weights / at_risk, 1.0)
    left = step.cumprod(axis=1) <= 0.5 + 1e-9
    place = left.argmax(axis=1)
    return np.where(left.any(axis=1), hours[place], np.inf)


def _bounds(values: np.ndarray) -> tuple[float | None, float | None]:
    low, high = np.percentile(values, LEVEL, method="nearest")
    return tuple(float(bound) if np.isfinite(bound) else None for bound in (low, high))
