"""How good the data are: for each source and school whether it is there, of this period, and free of faults."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.core.orgs.queries import office_of
from khet.kit.periods import Period, PeriodError, academic_year
from khet.kit.thai import sort_key
from khet.registers.intake.models import Batch
from khet.registers.schools.models import School

GOOD, FAIR, POOR, NONE = 3, 1, 0, None  # steps of the heat map's colours, always with words
LOADS = 400  # the newest that are looked through
ACCEPTED = 0.98  # share of rows accepted, from which a load counts as clean
# A source that is loaded school by school, or one of the office whose rows belong to schools; others say nothing here.
_BY_SCHOOL = {"enrolments", "profiles", "absences", "marks", "staff", "figures"}


@dataclass(frozen=True)
class Cell:
    """A source at a school.

    complete   the school stands in the newest load
    timely     that load speaks of the current period
    valid      share of the school's rows that were accepted; None without rows
    expected   False: the school teaches none of the grades the source speaks of, so nothing is missing
    """

    complete: bool = False
    timely: bool = False
    valid: float | None = None
    period: str = ""
    batch: int | None = None
    expected: bool = True

    @property
    def step(self) -> int | None:
        if not self.complete:
            return NONE
        if self.valid is not None and self.valid < 0.9:
            return POOR
        return GOOD if self.timely and (self.valid is None or self.valid >= ACCEPTED) else FAIR


@dataclass
class Row:
    """A school across all sources."""

    org: Org
    cells: list[Cell] = field(default_factory=list)

    @property
    def worst(self) -> int:
        """For sorting: what is missing first."""
        concerned = [cell for cell in self.cells if cell.expected]
        return min(((-1 if cell.step is NONE else cell.step) for cell in concerned), default=GOOD)


@dataclass
class Column:
    """A source: its newest load and how many schools stand how."""

    source: object
    batch: Batch | None = None
    missing: int = 0
    late: int = 0
    faulty: int = 0
    good: int = 0

    @property
    def title(self) -> str:
        return str(self.source.title)


def heat_map(viewer, office: Org) -> tuple[list[Column], list[Row]]:
    """(sources, schools) the viewer may see: a cell for each."""
    schools = Org.objects.visible_to(viewer, "plan.read").schools().open().filter(path__startswith=office.path)
    rows = sorted((Row(org) for org in schools), key=lambda row: sort_key(str(row.org)))
    columns, taught = [], _taught([row.org for row in rows])
    for source, loads in _loads(office):
        column, cells = _column(source, loads, [row.org for row in rows], taught)
        columns.append(column)
        for row in rows:
            row.cells.append(cells[row.org.pk])
    return columns, rows


def of_school(viewer, school: Org) -> list[tuple[Column, Cell]]:
    """(source, cell) of one school, for the sources that concern it."""
    office = office_of(school)
    if office is None:
        return []
    taught = _taught([school])
    found = (_column(source, loads, [school], taught) for source, loads in _loads(office))
    return [(column, cells[school.pk]) for column, cells in found if cells[school.pk].expected]


def _taught(schools: list[Org]) -> dict[int, set[str]]:
    """{school: grades it teaches} of those whose register says so."""
    known = School.objects.filter(org__in=schools).values_list("org_id", "grades")
    return {org: set(grades) for org, grades in known if grades}


def _loads(office: Org) -> list[tuple[object, list[Batch]]]:
    """(source, its loads with the newest data first) for what an office has ever loaded; one query."""
    rows = Batch.objects.filter(org__path__startswith=office.path).committed().order_by("-pk")
    by_source: dict[str, list[Batch]] = {}
    for batch in rows.only("pk", "source", "period", "years", "as_of", "schools")[:LOADS]:
        by_source.setdefault(batch.source, []).append(batch)
    known = [(catalogue().find("source", id), loads) for id, loads in by_source.items()]
    shown = [(source, loads) for source, loads in known if source and source.target in _BY_SCHOOL]
    for _source, loads in shown:
        loads.sort(key=_newness, reverse=True)
    return sorted(shown, key=lambda pair: (pair[0].order, pair[0].id))


def _column(source, loads: list[Batch], schools: list[Org], taught: dict) -> tuple[Column, dict[int, Cell]]:
    """A source and its cell for each school: of the load with the newest data that holds the school."""
    column, cells = Column(source, loads[0] if loads else None), {}
    held = [(batch, {int(id): counts for id, counts in batch.schools}) for batch in loads]
    for org in schools:
        cell = next((_cell(batch, counts[org.pk]) for batch, counts in held if org.pk in counts), None)
        cell = cell or Cell(expected=_concerns(source, taught.get(org.pk)))
        cells[org.pk] = cell
        _count(column, cell)
    return column, cells


def _concerns(source, grades: set[str] | None) -> bool:
    """Whether a school's rows are to be expected in a source: also where nobody knows which grades it teaches."""
    return not source.grades or grades is None or bool(grades.intersection(source.grades))


def _cell(batch: Batch, counts: dict) -> Cell:
    read = counts.get("read", 0)
    valid = 1 - counts.get("rejected", 0) / read if read else None
    # The year that ended last still counts: results of a year are known only after it.
    timely = newest_year(batch) >= academic_year(timezone.localdate()).year - 1
    return Cell(True, timely, valid, batch.period, batch.pk)


def _newness(batch: Batch):
    return newest_year(batch), batch.as_of or date.min, batch.pk


def newest_year(batch: Batch) -> int:
    """The newest academic year a load speaks of, C.E.; 0 when it does not say."""
    if batch.years:
        return max(batch.years)
    try:
        return Period.parse(batch.period).academic_year
    except PeriodError:
        return 0


def _count(column: Column, cell: Cell) -> None:
    if not cell.expected:
        return
    if not cell.complete:
        column.missing += 1
    elif not cell.timely:
        column.late += 1
    elif cell.step == GOOD:
        column.good += 1
    else:
        column.faulty += 1


def last_load(office: Org):
    """When data last came in; None before the first load."""
    return Batch.objects.filter(org__path__startswith=office.path).committed().aggregate(at=Max("committed_at"))["at"]
