"""Pure: which further cells of a table of places and codes are withheld, so that no withheld one can be worked out.

That each line holds no withheld cell or two is not enough: the totals of a whole part of the table may still tell one.
So what the totals tell is solved as the equations that it is.
Source: L. Willenborg & T. de Waal, Elements of Statistical Disclosure Control, 2001, ch. 6 (secondary suppression).
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import lru_cache

import numpy as np

_NOTHING = 1e-9  # no more than what rounding leaves


def closed(
    cells: np.ndarray, hidden: np.ndarray, within: Sequence[Hashable] | None, is_shown: Callable[[float], bool]
) -> np.ndarray:
    """Which cells are withheld: those that have to be, and as few more as keep them from being worked out.

    cells     places x codes; NaN where nothing is known
    hidden    the cells that have to be withheld by themselves
    within    per place, the smaller area whose totals are shown as well (the cluster of a school)
    is_shown  whether a total of this size is shown; one that is withheld tells nothing
    """
    found = hidden.copy()
    if not found.any():
        return found
    lines = [line for line in _lines(cells.shape, within) if is_shown(float(np.nansum(cells.flat[line])))]
    return _closed(cells.tobytes(), hidden.tobytes(), cells.shape, tuple(map(tuple, lines)))


@lru_cache(maxsize=256)
def _closed(cells: bytes, hidden: bytes, shape: tuple[int, int], lines: tuple[tuple[int, ...], ...]) -> np.ndarray:
    values, needed = np.frombuffer(cells), np.frombuffer(hidden, dtype=bool)
    totals = np.zeros((len(lines), len(values)), dtype=bool)
    for n, line in enumerate(lines):
        totals[n, list(line)] = True
    totals &= ~np.isnan(values)
    given = np.zeros(len(values), dtype=bool)  # told though all be withheld: a total of one cell is that cell
    given[told_by(totals, totals.any(axis=0))] = True
    return (_Hiding(values, totals, given).run(needed & ~given) | needed).reshape(shape)


def _lines(shape: tuple[int, int], within: Sequence[Hashable] | None) -> Iterator[np.ndarray]:
    """Places in the flat table of the cells of every total: a row each, a column each, a column of each area."""
    places = np.arange(shape[0] * shape[1]).reshape(shape)
    yield from places
    yield from places.T
    areas = list(dict.fromkeys(within or ()))
    for area in areas if len(areas) > 1 else ():
        yield from places[[place == area for place in within]].T


class _Hiding:
    """Withholds cell after cell until the totals tell none.

    values, totals   the cells, and lines x cells: which of them a total adds up
    given            cells that no withholding keeps
    """

    def __init__(self, values: np.ndarray, totals: np.ndarray, given: np.ndarray):
        self.values, self.totals = values, totals
        self.open = totals.any(axis=0) & ~given
        # the smallest number loses least; a 0 is given up only where there is nothing else
        self.loss = np.where(values == 0, np.inf, values)

    def run(self, found: np.ndarray) -> np.ndarray:
        found = found.copy()
        while self._beside_those_alone(found) or self._beside_those_told(found):
            pass
        return found

    def _beside_those_alone(self, found: np.ndarray) -> bool:
        """Withhold a second cell of each total that has but one; False when there was no such total."""
        before = found.sum()
        for line in self.totals[self.totals @ found.astype(int) == 1]:
            if (line & found).sum() == 1:
                self._hide(found, line)
        return found.sum() > before

    def _beside_those_told(self, found: np.ndarray) -> bool:
        """Withhold a cell more where the totals tell one; False when there is none, or no cell is left to withhold."""
        touched, before = np.zeros(len(self.totals), dtype=bool), found.sum()
        told = told_by(self.totals, found)
        for cell in told:
            lines = self.totals[:, cell]
            if not (lines & touched).any() and self._hide(found, self.totals[lines].any(axis=0)):
                touched |= lines
        if found.sum() == before and len(told):  # every cell beside is withheld: one further off then
            self._hide(found, self.totals[(self.totals & found).any(axis=1)].any(axis=0))
        return found.sum() > before

    def _hide(self, found: np.ndarray, among: np.ndarray) -> bool:
        others = np.flatnonzero(among & self.open & ~found)
        if len(others):
            found[others[np.argmin(self.loss[others])]] = True
        return len(others) > 0


def told_by(totals: np.ndarray, found: np.ndarray) -> np.ndarray:
    """The withheld cells that the totals and the cells that are shown tell for certain.

    A cell is told when it alone is a sum of totals: when its direction lies in the space that the totals span.
    """
    unknown = np.flatnonzero(found)
    equations = totals[:, unknown].astype(float)
    equations = equations[equations.any(axis=1)]
    if not len(equations):
        return unknown[:0]
    sizes, directions = np.linalg.eigh(equations @ equations.T)
    spanning = sizes > _NOTHING * max(sizes[-1], 1)
    within = (directions[:, spanning] / np.sqrt(sizes[spanning])).T @ equations
    return unknown[(within**2).sum(axis=0) > 1 - _NOTHING]
