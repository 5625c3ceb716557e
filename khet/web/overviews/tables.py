"""A list of cases with open answers as columns, and its sums."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from khet.core.catalogue import CatalogueError, catalogue
from khet.core.catalogue.schema import CodeValue
from khet.core.forms.answers import readable
from khet.core.forms.build import options_of
from khet.core.forms.schema import Field
from khet.engines.cases import queries
from khet.engines.cases.models import Case
from khet.engines.cases.schema.kept import of_catalogue
from khet.web.overviews.schema import CaseTable

MOST = 500  # cases on a page; beyond it the list has to be narrowed


@dataclass
class Row:
    case: Case
    name: str
    cells: list[str]


@dataclass
class Table:
    """A list as it is shown. `counts` are cases by state, `sums` the numbers below the columns."""

    definition: CaseTable
    columns: list[Field]
    rows: list[Row]
    choices: list[tuple[str, str]]
    chosen: str
    counts: list[tuple[str, int]]
    sums: list[float | None] = field(default_factory=list)
    cut: bool = False
    ceilings: list[CodeValue] = field(default_factory=list)


def on_offer(viewer) -> list[CaseTable]:
    """The lists of which the viewer sees at least one case."""
    seen = set(Case.objects.visible_to(viewer).order_by().values_list("edition__family", flat=True).distinct())
    return [one for one in catalogue().all("case_table") if one.family in seen]


def table(viewer, definition: CaseTable, chosen: str, day: date) -> Table:
    """The list, narrowed to one answer of its `by`. What is sensitive never stands in it."""
    fields = _fields(definition)
    columns = [fields[id] for id in definition.columns if id in fields and not fields[id].sensitive]
    by = fields.get(definition.by) if definition.by else None
    choices = options_of(by) if by and not by.sensitive else []
    cases = _cases(viewer, definition, chosen if chosen in dict(choices) else "")
    names = queries.names(cases)
    rows = [Row(case, names.get(case.pk, ""), [_cell(one, case) for one in columns]) for case in cases[:MOST]]
    codes = catalogue().find("codes", definition.ceilings) if definition.ceilings else None
    ceilings = [one for one in codes.values if _holds(one, day)] if codes else []
    counts = Counter(str(case.stands.title) for case in cases)
    sums = [_sum(one, cases) if one.id in definition.sums else None for one in columns]
    return Table(definition, columns, rows, choices, chosen, counts.most_common(), sums, len(cases) > MOST, ceilings)


def _fields(definition: CaseTable) -> dict[str, Field]:
    for kind in catalogue().all("case_kind"):
        if kind.family == definition.family:
            return of_catalogue(kind).fields
    raise CatalogueError(f"'{definition.family}' is no family of cases.")


def _cases(viewer, definition: CaseTable, chosen: str) -> list[Case]:
    rows = Case.objects.visible_to(viewer).filter(edition__family=definition.family)
    rows = rows.select_related("edition", "org", "owner").order_by("due_at", "pk")
    return [case for case in rows if not chosen or str(case.answers.get(definition.by)) == chosen]


def _cell(one: Field, case: Case) -> str:
    found = readable([one], case.answers)
    return found[0][1] if found else ""


def _sum(one: Field, cases: list[Case]) -> float:
    return sum(float(case.answers.get(one.id) or 0) for case in cases)


def _holds(value: CodeValue, day: date) -> bool:
    return (value.since is None or value.since <= day) and (value.until is None or day <= value.until)
