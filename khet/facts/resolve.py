"""Which facts count: records before figures, a period itself before its parts, the coarsest breakdown that will do."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from khet.facts.scan import Cells
from khet.facts.schema import Measure
from khet.kit.periods import Period

# Shorter kinds are tried from the longest on; each alone, because a quarter and its months would count twice.
_KINDS = ("academic_year", "fiscal_year", "semester", "quarter", "census", "month")
_NOTHING = np.iinfo(np.int64).max
_POPCOUNT = np.array([bin(shape).count("1") for shape in range(8)])


@dataclass(frozen=True, eq=False)
class Leaves:
    """What each org itself says of a measure in a period.

    values   orgs x cells; NaN where nothing is known
    figure   per org: a figure speaks, not records
    latest   per org: place in the scan's periods of the latest one that counted, -1 where nothing is known
    step     per org: how the period was met (0: by itself, else by its parts or by the year around it)
    """

    values: np.ndarray
    figure: np.ndarray
    latest: np.ndarray
    step: np.ndarray

    @property
    def known(self) -> np.ndarray:
        return self.latest >= 0


def leaves(cells: Cells, measure: Measure, target: Period, ended: np.ndarray) -> Leaves:
    """The values of a measure for a period, of every org that says something.

    One source, one kind of period and one breakdown is chosen for each org: adding two would count twice.
    ended   per org: closed by the end of the period. A state it had earlier is then none at the end: its pupils are
            counted where they are now
    """
    values = np.full((len(ended), len(cells.cells)), np.nan)
    latest = np.full(len(ended), -1)
    rows = cells.of(measure.id)
    steps = np.array([_step(measure.period, measure.over_time, code, target) for code in cells.periods] or [-1])
    step = steps[cells.period[rows]]
    taken = (step >= 0) & ~((step > 0) & ended[cells.org[rows]] & (measure.over_time == "last"))
    place = np.flatnonzero(taken) + rows.start
    if not len(place):
        return Leaves(values, np.zeros(len(ended), dtype=bool), latest, np.zeros(len(ended), dtype=np.int64))
    org, period, cell, value = cells.org[place], cells.period[place], cells.cell[place], cells.value[place]
    shape = cells.shape[place]
    key = ((cells.figure[place] * 16 + steps[period]) * 4 + _POPCOUNT[shape]) * 8 + shape
    best = np.full(len(ended), _NOTHING)
    np.minimum.at(best, org, key)
    kept = key == best[org]
    ends = _ends(tuple(cells.periods))
    np.maximum.at(latest, org[kept], ends[period[kept]])
    if measure.over_time == "last":
        kept &= ends[period] == latest[org]
    org, cell, value = org[kept], cell[kept], value[kept]
    flat = np.zeros(values.size)
    np.add.at(flat, org * values.shape[1] + cell, value)
    values[org, cell] = flat.reshape(values.shape)[org, cell]
    figure = (best >= 16 * 4 * 8) & (best < _NOTHING)
    by_rank = np.argsort(ends)  # back from rank to place
    latest[latest >= 0] = by_rank[latest[latest >= 0]]
    return Leaves(values, figure, latest, np.where(best < _NOTHING, best // 32 % 16, 0))


@lru_cache(maxsize=4096)
def _step(kind: str, over_time: str, code: str, target: Period) -> int:
    """How willingly a period's facts are taken for another's: 0 is the period itself, -1 not at all."""
    period = _parsed(code)
    if period == target:
        return 0
    if _length(period) <= _length(target) + 1 and target.start <= period.end <= target.end:
        return 1 if period.kind == kind else 2 + _KINDS.index(period.kind)
    if over_time == "last" and period.start <= target.end <= period.end:
        return 9  # the year's state speaks for a month in it
    return -1


@lru_cache(maxsize=4096)
def _parsed(code: str) -> Period:
    return Period.parse(code)


def _length(period: Period) -> int:
    return (period.end - period.start).days


@lru_cache(maxsize=256)
def _ends(codes: Sequence[str]) -> np.ndarray:
    """The rank of each period among them by its end."""
    order = sorted(range(len(codes)), key=lambda place: _parsed(codes[place]))
    ranks = np.empty(len(codes), dtype=np.int64)
    ranks[order] = np.arange(len(codes))
    return ranks


def met_by(measure: Measure, codes, target: Period, step: int) -> list[str]:
    """The periods among `codes` that meet the target in the way `step` tells; for a state only the latest of them."""
    found = sorted(
        (code for code in codes if _step(measure.period, measure.over_time, code, target) == step), key=_parsed
    )
    return found[-1:] if measure.over_time == "last" else found


def usable(measure: Measure, codes, target: Period) -> list[str]:
    """The periods among `codes` whose facts may speak for the target."""
    return [code for code in codes if _step(measure.period, measure.over_time, code, target) >= 0]
