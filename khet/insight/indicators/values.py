"""Values of indicators: what one is, and how they are worked out for all orgs at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from khet.facts.queries import Sheet
from khet.facts.rollup import Rolled
from khet.facts.tree import KINDS
from khet.facts.vectors import evaluate
from khet.insight.indicators.editions import names_in, read_as
from khet.insight.indicators.running import Running
from khet.insight.indicators.schema import Indicator
from khet.kit.periods import Period


@dataclass(frozen=True, slots=True)
class Missing:
    """What a value lacks.

    measures   ids without any figure at or below the org
    orgs       codes of schools that lack a part, where others have it
    expected   how many schools (or 1, the office itself) the value should stand on
    """

    measures: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    expected: int = 0

    def __bool__(self):
        return bool(self.measures or self.orgs)

    @property
    def known(self) -> int:
        return self.expected - len(self.orgs) if not self.measures else 0


@dataclass(frozen=True, slots=True)
class Value:
    """An indicator of an org in a period, whole or for one part of a breakdown.

    edition    the formula used: in force on the period's last day, by the office's reading
    dims       {"grade": "ป.1"}; {} for the whole
    value      None: it cannot be said (missing is never 0), or `suppressed`
    parts      {measure: its sum over the orgs that know all parts}
    numerator, denominator   what is divided by what, where the edition says so
    readings   {reading id: value} of every reading; {} when there is but one formula
    running    how a value stands that fills until its period is over; None for a whole one
    small_base a rate over so few people that one of them moves it much
    as_of      the day the newest data speak of; None when nothing is known
    target     as the plan words it; status: met | near | missed | running | no_data | no_target
    version    of the facts
    """

    indicator: str
    edition: Indicator
    org: str
    org_name: str
    period: Period
    value: float | None
    dims: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, float | None] = field(default_factory=dict)
    numerator: float | None = None
    denominator: float | None = None
    readings: Mapping[str, float | None] = field(default_factory=dict)
    missing: Missing = Missing()
    suppressed: bool = False
    running: Running | None = None
    small_base: bool = False
    as_of: date | None = None
    target: Any = None
    status: str = "no_target"
    version: str = "0"

    @property
    def is_known_in_part(self) -> bool:
        """Whether there is any figure behind it."""
        return any(part is not None for part in self.parts.values())

    @property
    def reading(self) -> str | None:
        return self.edition.reading

    @property
    def title(self) -> str:
        return str(self.edition.title)


@dataclass(frozen=True, eq=False)
class Columns:
    """An edition worked out for all orgs (rows) and cells of a breakdown (columns) of one period; NaN: no value."""

    edition: Indicator
    period: Period
    measures: tuple[str, ...]  # of the formula, in the order in which they are written
    rolled: Rolled
    value: np.ndarray
    numerator: np.ndarray | None
    denominator: np.ndarray | None
    readings: dict[str, np.ndarray]


def work_out(sheet: Sheet, edition: Indicator, period: Period) -> Columns:
    """The values of an edition (by its reading) for every org of the tree."""
    rolled = sheet.rolled(names_in(edition), period)
    shown = _worked_out_for(sheet, edition)
    readings = {}
    for reading in edition.readings:
        other = edition if reading.id == edition.reading else read_as(edition, reading.id)
        readings[reading.id] = _formula(other.value, sheet.rolled(names_in(other), period), shown)
    value = readings.get(edition.reading) if edition.reading else None
    return Columns(
        edition,
        period,
        tuple(sorted(names_in(edition), key=lambda name: (edition.value + " " + name).index(name))),
        rolled,
        _formula(edition.value, rolled, shown) if value is None else value,
        _formula(edition.numerator, rolled, shown) if edition.numerator else None,
        _formula(edition.denominator, rolled, shown) if edition.denominator else None,
        readings,
    )


def _formula(expression: str, rolled: Rolled, shown: np.ndarray) -> np.ndarray:
    value = evaluate(expression, rolled.values)
    value[~shown] = np.nan
    return value


def _worked_out_for(sheet: Sheet, edition: Indicator) -> np.ndarray:
    """Orgs for which it is worked out: those of its grain and all above."""
    return sheet.tree.kinds <= KINDS.index(edition.org_kind)
