"""Facts as arrays: what a scan of the files comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, eq=False)
class Cells:
    """Facts as arrays of one length, sorted by measure.

    measure, period, org, cell   places in `measures`, `periods`, the tree and `cells`
    figure   True for typed or imported figures, False for what a register's feed counted
    shape    which of grade (1), sex (2), group (4) the facts are broken down by
    cells    the combinations of the dims asked for; [()] when none was
    """

    measures: Sequence[str]
    periods: Sequence[str]
    cells: list[tuple[str, ...]]
    measure: np.ndarray
    period: np.ndarray
    org: np.ndarray
    cell: np.ndarray
    figure: np.ndarray
    shape: np.ndarray
    value: np.ndarray

    @cached_property
    def _bounds(self) -> np.ndarray:
        return np.searchsorted(self.measure, np.arange(len(self.measures) + 1))

    def of(self, measure: str) -> slice:
        """Where the facts of a measure stand."""
        if measure not in self._place:
            return slice(0, 0)
        place = self._place[measure]
        return slice(self._bounds[place], self._bounds[place + 1])

    @cached_property
    def _place(self) -> dict[str, int]:
        return {measure: place for place, measure in enumerate(self.measures)}
