"""Lines of the stored files, as they came: for the page of one line, and for the rows that come back."""

from collections.abc import Iterable
from dataclasses import dataclass

from khet.kit.identifiers import mask
from khet.kit.thai import tidy
from khet.registers.figures.models import Figure
from khet.registers.intake import store
from khet.registers.intake.models import Batch, BatchFile
from khet.registers.intake.reading import sheets
from khet.registers.intake.recognise import Place
from khet.registers.intake.schema import Source
from khet.registers.intake.source_words import field_title
from khet.registers.people.models import Enrolment, Person, StaffPost
from khet.registers.progress.models import Absence, Mark
from khet.registers.residents.models import Resident
from khet.registers.schools.models import School

HIDDEN = "•••"
# What stands on the opened record of a person; everything else that is sensitive stays hidden on a line.
OPENED = ("first_name", "last_name", "birth_date")
# target: (model, lookup to the org its row speaks of)
RECORDS = {
    "schools": (School, "org"), "figures": (Figure, "org"),
    "enrolments": (Enrolment, "school"), "profiles": (Enrolment, "school"),
    "absences": (Absence, "enrolment__school"), "marks": (Mark, "enrolment__school"), "staff": (StaffPost, "school"),
    "residents": (Resident, "org"),
}  # fmt: skip


class LineGone(LookupError):
    """The stored file was deleted by the retention rule."""


@dataclass(frozen=True)
class Cell:
    """A cell of a line: where it stands, what it fills, and its text; `hidden` when the text is not shown."""

    letter: str
    header: str
    field: str
    text: str
    hidden: bool = False


def read(batch: Batch, file: BatchFile, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], list[str]]:
    """{(sheet, row): cells} of the wanted rows of a file. Raises LineGone when the file is no longer kept."""
    content = None if file.removed_at else store.get(batch.pk, f"file-{file.number}")
    if content is None:
        raise LineGone
    rows: dict[str, set[int]] = {}
    for sheet, row in wanted:
        rows.setdefault(sheet, set()).add(row)
    found = {}
    for sheet in sheets(content):
        mine = rows.get(sheet.name, set())
        last = max(mine, default=0)
        for number, cells in sheet.rows() if mine else ():
            if number in mine:
                found[sheet.name, number] = cells
            if number >= last:
                break
    return found


def reading_of(file: BatchFile, sheet: str) -> dict | None:
    """How a sheet of the file was read; None when it was not."""
    return next((one for one in file.sheets if one["sheet"] == sheet), None)


def cells_of(source: Source | None, how: dict | None, cells: list[str], *, opened: bool) -> list[Cell]:
    """The cells with their headers; what is sensitive, or of no known column of a personal file, is hidden.

    opened   the reason was given: names and birth dates are shown, and identifiers masked
    """
    personal = source is None or any(column.sensitive for column in source.columns)
    places = {index: name for name, (index, _header, _by) in (how or {}).get("places", {}).items()}
    measures = {int(index): measure for index, measure in (how or {}).get("measures", {}).items()}
    header = (how or {}).get("header", [])
    out = []
    for index in range(max(len(cells), len(header))):
        name = places.get(index) or (f"measure:{measures[index]}" if index in measures else "")
        text = tidy(cells[index]) if index < len(cells) else ""
        shown, hidden = _shown(source, name, text, personal, opened)
        title = field_title(source, name) if name else ""
        out.append(
            Cell(Place(index, "", "").letter, tidy(header[index]) if index < len(header) else "", title, shown, hidden)
        )
    return out


def _shown(source: Source | None, name: str, text: str, personal: bool, opened: bool) -> tuple[str, bool]:
    """(what may be shown, whether that hides something)."""
    column = source.by_field.get(name) if source else None
    if not text or text == "-" or (column is None and (name.startswith("measure:") or not personal)):
        return text, False
    if column is not None and not column.sensitive:
        return text, False
    if column is not None and column.clean == "person_id" and opened:
        return mask(text), True
    if column is not None and name in OPENED and opened:
        return text, False
    return HIDDEN, True


def records_of(batch: Batch, file: int, sheet: str, row: int):
    """The records that stand on a line now, as (queryset, lookup to the org); (None, "") for an unknown file."""
    if batch.definition is None:
        return None, ""
    model, org = RECORDS[batch.definition.target]
    found = model._base_manager.filter(batch_id=batch.pk, row=row, sheet=sheet)
    return (found.filter(file_id=file) | found.filter(file_id__isnull=True)), org


def persons_of(batch: Batch, file: int, sheet: str, row: int) -> list[Person]:
    """The persons whose records stand on a line."""
    records, _org = records_of(batch, file, sheet, row)
    lookup = {
        Enrolment: "person_id", StaffPost: "person_id", Absence: "enrolment__person_id", Mark: "enrolment__person_id",
    }.get(records.model if records is not None else None)  # fmt: skip
    return list(Person._base_manager.filter(pk__in=records.values(lookup))) if lookup else []
