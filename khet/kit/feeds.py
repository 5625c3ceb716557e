"""What a register gives to the facts: the form of its outlet (`registers/<room>/facts.py`)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from khet.kit.periods import Period

COLUMNS = ("measure", "org", "period", "grade", "sex", "grp", "value")
UNKNOWN = "?"  # a record that does not say its grade, sex or group; "" means "all of them, not broken down"


@dataclass(frozen=True)
class Line:
    """A record behind a number, as far as it may be shown: no identifier, nothing sensitive."""

    label: str
    org: str  # code
    value: float | None = None
    note: str = ""
    batch_id: int | None = None
    file_id: int | None = None
    sheet: str = ""
    row: int | None = None
    person: str = ""  # ref of the person, for those who may open the record
    url: str = ""  # page of the record, where it has one; the page itself asks who may open it


@dataclass(frozen=True)
class Question:
    """Which records are asked for: those that make a measure at some orgs in a period."""

    measure: str
    orgs: tuple[str, ...]  # codes of the orgs that hold the records
    period: str  # code of the period asked about
    periods: tuple[str, ...] = ()  # codes of the periods whose facts met it
    limit: int = 50


@dataclass(frozen=True)
class Feed:
    """A register's outlet.

    id        name in the catalogue (`feed:` of a measure) and of the files
    reads     subjects of core.changes whose change makes it stale
    years     () → the academic years (C.E. start) for which it has something to say
    rows      year → table of COLUMNS, finest grain, one row a place; zeros where zero is known, else no row
    later     a change of a year moves later years too (who returned depends on who had left)
    origins   question → {batch id, or None for what was typed: records}, to walk a number back to its files
    behind    question → lines; the caller has checked that the viewer may see them
    persons   its records are of persons: lines need people.list
    until     (measure, period, day) → {org: what the period counts from its first day to that day}; None where the
              records do not tell (they began later, or what is counted is not known of a day)
    newest    year → the newest load in it {measure or "": batch id}; for the age of the data
    """

    id: str
    reads: tuple[str, ...]
    years: Callable[[], Sequence[int]]
    rows: Callable[[int], "pa.Table"]
    later: bool = False
    origins: Callable[[Question], Mapping[int | None, int]] | None = None
    behind: Callable[[Question], Iterable[Line]] | None = None
    persons: bool = False
    until: "Callable[[str, Period, date], Mapping[str, float] | None] | None" = None
    newest: Callable[[int], Mapping[str, int]] | None = None


def begun(kind: str, year: int, today: "date") -> "list[Period]":
    """The periods of a kind that count to an academic year and have begun by a day, oldest first."""
    from khet.kit.periods import Period, period_of

    span = Period("academic_year", year)
    found, one = [], period_of(span.start, kind)
    while one.start <= min(span.end, today):
        if one.academic_year == year:
            found.append(one)
        one = one.next()
    return found


def long(wide: "pa.Table", measures: Mapping[str, str] | Iterable[str], **places: str) -> "pa.Table":
    """The long form of a table with one column a measure.

    wide      rows of one place each; a null is no fact
    measures  {measure: column}, or the names where both are the same
    places    org=, period=, grade=, sex=, grp=: "=text" for the same everywhere, else the column that holds it;
              what is left out is "" (not broken down)
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    pairs = measures.items() if isinstance(measures, Mapping) else [(name, name) for name in measures]
    parts = [empty()]
    for measure, column in pairs:
        value = wide.column(column).cast(pa.float64())
        known = wide if value.null_count == 0 else wide.filter(pc.is_valid(value))
        n = known.num_rows
        fixed = {"measure": _same(measure, n)}
        for place in ("org", "period", "grade", "sex", "grp"):
            word = places.get(place, "=")
            fixed[place] = _same(word[1:], n) if word.startswith("=") else _named(known.column(word), place)
        fixed["value"] = known.column(column).cast(pa.float64())
        parts.append(pa.table(fixed))
    return pa.concat_tables(parts)


def table(rows: Sequence[tuple]) -> "pa.Table":
    """Facts as a table: rows in the order of COLUMNS."""
    import pyarrow as pa

    if not rows:
        return empty()
    return pa.table({name: list(column) for name, column in zip(COLUMNS, zip(*rows, strict=True), strict=True)})


def empty() -> "pa.Table":
    """A table of facts without rows."""
    import pyarrow as pa

    return pa.table({name: pa.array([], pa.float64() if name == "value" else pa.string()) for name in COLUMNS})


def _same(text: str, n: int):
    import pyarrow as pa

    return pa.repeat(pa.scalar(text, pa.string()), n)


def _named(column, place: str):
    """A broken-down column without blanks: a blank would read as "all of them"."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = column.cast(pa.string())
    if place in ("org", "period"):
        return text
    return pc.if_else(pc.equal(pc.fill_null(text, ""), ""), UNKNOWN, text)
