"""Which formula holds: the edition in force at a period's end, read as the office has chosen."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from khet.core.catalogue import Catalogue, catalogue
from khet.insight.indicators.schema import Indicator
from khet.kit import expressions
from khet.kit.periods import Period, period_of


def known() -> list[str]:
    """Ids of all indicators, in the order of the catalogue."""
    return catalogue().ids("indicator")


def in_force(id: str, period: Period) -> Indicator | None:
    """The edition that holds on the last day of a period; None when there was none. Raises CatalogueError."""
    editions = catalogue().editions("indicator", id)
    if not editions:
        catalogue().get("indicator", id)  # says which ids there are
    return next((edition for edition in reversed(editions) if edition.in_force(period.end)), None)


def newest(id: str) -> Indicator:
    """The newest edition. Raises CatalogueError that names near ids."""
    return catalogue().get("indicator", id)


def read_as(edition: Indicator, reading: str | None) -> Indicator:
    """The edition by a reading; by its own one where it does not know that reading (an older edition)."""
    if reading is None or all(known.id != reading for known in edition.readings):
        return edition
    return edition.read_as(reading)


def kind_of(id: str) -> str:
    """The kind of period an indicator is worked out for."""
    return newest(id).period


def in_kind(period: Period, kind: str) -> Period:
    """The period of a kind that a period asked for stands for.

    Years answer to the same number, academic and fiscal alike, as plans write them; a longer period gives its last
    part, a shorter one the period around it.
    """
    if period.kind == kind:
        return period
    years = ("academic_year", "fiscal_year")
    if kind in years:
        return Period(kind, period.parent().year)
    return period_of(period.end, kind)


def measures_of(ids: Iterable[str]) -> frozenset[str]:
    """Every measure that any edition and reading of the indicators speaks of."""
    known = catalogue()
    return frozenset().union(*(_measures_of(id, known) for id in ids))


@lru_cache(maxsize=1024)
def _measures_of(id: str, known: Catalogue) -> frozenset[str]:
    formulas = [formula for edition in known.editions("indicator", id) for formula in (edition, *edition.readings)]
    return frozenset().union(*map(names_in, formulas))


def names_in(formula) -> frozenset[str]:
    """The measures of an edition or a reading: of its value, and of its parts and wholes."""
    return _names(formula.value, formula.numerator, formula.denominator)


@lru_cache(maxsize=4096)
def _names(*written: str | None) -> frozenset[str]:
    return frozenset().union(*(expressions.names(expression) for expression in written if expression))


def check(ids: Iterable[str]) -> list[str]:
    """The ids, each known. Raises CatalogueError for the first that is not."""
    return [newest(id).id for id in ids]


def choices_of(readings: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """Readings in a form that can be a key."""
    return tuple(sorted((readings or {}).items()))
