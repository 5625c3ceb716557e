"""What an edition says of places: columns of numbers become values with their parts and gaps.

What is the same for all places is looked up once.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import compress

import numpy as np
from django.utils.translation import get_language

from khet.facts import disclosure
from khet.facts.queries import Sheet
from khet.facts.tree import SCHOOL
from khet.insight.indicators.running import running
from khet.insight.indicators.values import Columns, Missing, Value


class Teller:
    """Tells the values of an edition in one period: teller.values(places of orgs, places of cells)."""

    def __init__(self, sheet: Sheet, columns: Columns, as_of: date | None):
        """as_of: the day the data speak of, for places that have any."""
        self.sheet, self.columns, self.as_of = sheet, columns, as_of
        self._in_english = (get_language() or "th").startswith("en")
        self._warned_below = disclosure.warned_below(columns.measures)
        self._running = running(columns.edition, columns.period)
        self._gaps: dict[tuple[str, ...], Missing] = {}

    def values(self, orgs: Sequence[int], cells: Sequence[int]) -> list[Value]:
        """What is said of the first org for the first cell of the sheet's breakdown, of the second, and so on."""
        sheet, columns, at = self.sheet, self.columns, (np.array(orgs, dtype=int), np.array(cells, dtype=int))
        told = _numbers(columns.value, at)
        numerators, denominators = _numbers(columns.numerator, at), _numbers(columns.denominator, at)
        readings = _side_by_side({id: _numbers(array, at) for id, array in columns.readings.items()}, len(told))
        parts = _side_by_side({measure: self._part(measure, at) for measure in columns.measures}, len(told))
        found = []
        for place, (org, cell) in enumerate(zip(orgs, cells, strict=True)):
            name, name_en = sheet.tree.names[org]
            value, denominator = told[place], denominators[place]
            made = Value(
                indicator=columns.edition.id,
                edition=columns.edition,
                org=sheet.tree.codes[org],
                org_name=name_en if name_en and self._in_english else name,
                period=columns.period,
                value=value,
                dims=dict(zip(sheet.dims, sheet.cells[cell], strict=True)) if sheet.cells else {},
                parts=parts[place],
                numerator=numerators[place],
                denominator=denominator,
                readings=readings[place],
                missing=Missing() if sheet.dims else self.missing(org),
                running=None if value is None else self._running,
                small_base=denominator is not None and 0 < denominator < self._warned_below,
                as_of=None if all(part is None for part in parts[place].values()) else self.as_of,
                version=sheet.version,
            )
            found.append(made)
        return found

    def _part(self, measure: str, at) -> list[float | None]:
        """A measure of the formula; where the measures have no sum together, its own."""
        together = self.columns.rolled.values[measure][at]
        if np.isnan(together).any():
            together = np.where(np.isnan(together), self._alone[measure][at], together)
        return _plain(together)

    @cached_property
    def _alone(self) -> dict[str, np.ndarray]:
        period = self.columns.period
        return {measure: self.sheet.rolled([measure], period).values[measure] for measure in self.columns.measures}

    def missing(self, org: int) -> Missing:
        """What the value of an org lacks, without a breakdown."""
        return self._missing_above(org) if self.sheet.tree.kinds[org] != SCHOOL else self._missing_alone[org]

    @cached_property
    def _missing_alone(self) -> list[Missing]:
        """Per org what it lacks by itself."""
        unsaid = np.array(list(self._unsaid.values())).T.tolist()
        return [self._gap(tuple(compress(self._unsaid, lacks))) for lacks in unsaid]

    def _gap(self, measures: tuple[str, ...]) -> Missing:
        """That of one org by itself; orgs that lack the same share it."""
        if measures not in self._gaps:
            self._gaps[measures] = Missing(measures, (), 1)
        return self._gaps[measures]

    def _missing_above(self, org: int) -> Missing:
        sheet, columns, standing = self.sheet, self.columns, self.sheet.standing(self.columns.period)
        below = standing.under(org)
        nowhere = tuple(m for m in self._unsaid if not (sheet.leaves(m, columns.period).known & below).any())
        summed = [m for m in self._unsaid if not columns.rolled.own[m][org] and m not in nowhere]
        if columns.edition.org_kind == "office" or not summed:
            return self._gap(nowhere)
        schools = standing.schools(org)
        lacking = np.logical_or.reduce([self._unsaid[m][schools] for m in summed])
        return Missing(nowhere, tuple(sheet.tree.codes[place] for place in schools[lacking]), len(schools))

    @cached_property
    def _unsaid(self) -> dict[str, np.ndarray]:
        """{measure of the value: per org whether it says nothing of it itself}"""
        measures = [measure for measure in self.columns.measures if measure in self.columns.edition.measures]
        return {m: np.isnan(self.sheet.leaves(m, self.columns.period).values).all(axis=1) for m in measures}


def _numbers(array: np.ndarray | None, at) -> Sequence[float | None]:
    """The numbers at some places as Python has them; None where nothing is known."""
    return [None] * len(at[0]) if array is None else _plain(array[at])


def _plain(numbers: np.ndarray) -> list[float | None]:
    return [None if number != number else number for number in numbers.tolist()]


def _side_by_side(columns: Mapping[str, Sequence], length: int) -> list[dict]:
    """Columns by name as one mapping for each row."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)] or [
        {} for _ in range(length)
    ]
