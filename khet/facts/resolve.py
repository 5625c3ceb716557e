"""Which facts count: records before figures, a period itself before its parts, the coarsest breakdown that will do."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from khet.facts.cells import Cells
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
    ends     per org: day number of the end of the latest period that counted, 0 where nothing is known
    step     per org: how the period was met (0: by itself, else by its parts or by the year around it)
    """

    values: np.ndarray
    figure: np.ndarray
    ends: np.ndarray
    step: np.ndarray

    @property
    def known(self) -> np.ndarray:
        return self.ends > 0


def leaves(cells: Cells, measure: Measure, target: Period, ended: np.ndarray, whole: Leaves | None = None) -> Leaves:
    """The values of a measure for a period, of every org that says something.

    One source, one kind of period and one breakdown is chosen for each org: adding two would count twice.
    whole   of a breakdown, the leaves without it: only facts of the same source and periods tell its parts
    ended   per org: closed by the end of the period. A state it had earlier is then none at the end: its pupils are
            counted where they are now
    """
    values, n = np.full((len(ended), len(cells.cells)), np.nan), len(ended)
    rows = cells.of(measure.id)
    steps = np.array([_step(measure.period, measure.over_time, code, target) for code in cells.periods] or [-1])
    step = steps[cells.period[rows]]
    taken = (step >= 0) & ~((step > 0) & ended[cells.org[rows]] & (measure.over_time == "last"))
    if whole is not None:
        taken &= _as_in(whole, cells, measure, rows, step)
    place = np.flatnonzero(taken) + rows.start
    if not len(place):
        return Leaves(values, np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64))
    org, period, shape = cells.org[place], cells.period[place], cells.shape[place]
    key = ((cells.figure[place] * 16 + steps[period]) * 4 + _POPCOUNT[shape]) * 8 + shape
    best = np.full(n, _NOTHING)
    np.minimum.at(best, org, key)
    kept, day, latest = key == best[org], _days(cells)[period], np.zeros(n, dtype=np.int64)
    np.maximum.at(latest, org[kept], day[kept])
    if measure.over_time == "last":
        kept &= day == latest[org]
    org, cell = org[kept], cells.cell[place][kept]
    flat = np.zeros(values.size)
    np.add.at(flat, org * values.shape[1] + cell, cells.value[place][kept])
    values[org, cell] = flat.reshape(values.shape)[org, cell]
    known = best < _NOTHING
    return Leaves(values, (best >= 16 * 4 * 8) & known, latest, np.where(known, best // 32 % 16, 0))


def _as_in(whole: Leaves, cells: Cells, measure: Measure, rows: slice, step: np.ndarray) -> np.ndarray:
    """Facts of the source, the kind of period and (of a state) the very period that made the whole."""
    org = cells.org[rows]
    same = whole.known[org] & (cells.figure[rows] == whole.figure[org]) & (step == whole.step[org])
    if measure.over_time == "last":
        same &= _days(cells)[cells.period[rows]] == whole.ends[org]
    return same


def _days(cells: Cells) -> np.ndarray:
    """Day numbers of the ends of a scan's periods."""
    return np.array([Period.parse(code).end.toordinal() for code in cells.periods], dtype=np.int64)


@lru_cache(maxsize=4096)
def _step(kind: str, over_time: str, code: str, target: Period) -> int:
    """How willingly a period's facts are taken for another's: 0 is the period itself, -1 not at all."""
    period = Period.parse(code)
    if period == target:
        return 0
    if _length(period) <= _length(target) + 1 and target.start <= period.end <= target.end:
        return 1 if period.kind == kind else 2 + _KINDS.index(period.kind)
    if over_time == "last" and period.start <= target.end <= period.end:
        return 9  # the year's state speaks for a month in it
    return -1


def _length(period: Period) -> int:
    return (period.end - period.start).days


def met_by(measure: Measure, codes, target: Period, step: int) -> list[str]:
    """The periods among `codes` that meet the target in the way `step` tells; for a state only the latest of them."""
    found = sorted(
        (code for code in codes if _step(measure.period, measure.over_time, code, target) == step), key=Period.parse
    )
    return found[-1:] if measure.over_time == "last" else found


def usable(measure: Measure, codes, target: Period) -> list[str]:
    """The periods among `codes` whose facts may speak for the target."""
    return [code for code in codes if _step(measure.period, measure.over_time, code, target) >= 0]
