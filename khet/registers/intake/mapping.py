"""An unknown file becomes a kind of file of the office: its columns are named once and kept as a source of its own.

The new source is a known one with the office's headers: cleaning, checks and where the rows go stay as they are.
It lies in the office's overlay of the catalogue, so it can be read, corrected and copied like any other.
"""

import difflib
import itertools
import os
import re
from dataclasses import dataclass, field

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.catalogue import catalogue, forget
from khet.kit.home import room
from khet.kit.identifiers import mask
from khet.kit.thai import tidy
from khet.registers.intake import store
from khet.registers.intake.cleaning import cleaner_of
from khet.registers.intake.faults import Bad
from khet.registers.intake.models import Batch, State
from khet.registers.intake.reading import FileError, sheets
from khet.registers.intake.recheck import read_as
from khet.registers.intake.recognise import Place, header_key
from khet.registers.intake.schema import Source
from khet.registers.intake.services import IntakeError
from khet.registers.intake.source_words import field_title

OWN = "office_"  # how ids of sources begin that an office named itself
SAMPLE_ROWS = 3
HIDDEN = "•••"
_PERSONAL_HEADER = re.compile(
    r"ชื่อ(?!โรงเรียน|สถานศึกษา|วิชา|รายวิชา|หน่วย)|สกุล|เกิด|บัตร|ประชาชน|ที่อยู่|บ้านเลขที่|โทร|"
    r"(?<![a-z])(?:name|surname|birth|id card|phone|address)",
    re.I,
)
_SCHOOL_HEADER = re.compile(r"โรงเรียน|สถานศึกษา|school", re.I)
_PERSON = re.compile(r"(?:เด็กชาย|เด็กหญิง|ด\.ช\.|ด\.ญ\.|นางสาว|นาง|นาย|น\.ส\.)\s*\S")
_LONG_NUMBER = re.compile(r"\d(?:[\s-]?\d){9,}")


@dataclass
class Unknown:
    """A column of a file nobody has named yet, with a few of its cells."""

    index: int
    header: str
    cells: list[str]
    raw: list[str] = field(default_factory=list, repr=False)  # as they stand; never shown
    guess: str = ""

    @property
    def letter(self) -> str:
        return Place(self.index, "", "").letter


@dataclass
class Table:
    """The sheet of an unknown file: where its headers stand, and its columns."""

    sheet: str
    header_row: int
    columns: list[Unknown] = field(default_factory=list)


def table_of(batch: Batch) -> Table:
    """The columns of a load that fits no source. Raises IntakeError when its file is no longer kept or empty."""
    where = batch.recognised
    file = batch.files.first()
    content = store.get(batch.pk, f"file-{file.number}") if file else None
    if content is None or "header" not in where:
        raise IntakeError(_("The stored file has been removed. Load it again."))
    table = Table(where["sheet"], where["header_row"])
    try:
        sheet = next((one for one in sheets(content) if one.name == table.sheet), None)
        rows = itertools.takewhile(lambda row: row[0] <= table.header_row + 50, sheet.rows() if sheet else ())
        below = [cells for number, cells in rows if number > table.header_row]
    except FileError as error:
        raise IntakeError(str(error)) from None
    for index, header in enumerate(where["header"]):
        raw = [cells[index] for cells in below if index < len(cells) and cells[index].strip()]
        samples = [shown(header, cell) for cell in raw[:SAMPLE_ROWS]]
        table.columns.append(Unknown(index, tidy(header), samples, raw))
    return table


def shown(header: str, cell: str) -> str:
    """A cell as a sample: what may be a person's name, number, address or birthday is hidden."""
    text = tidy(cell)[:40]
    if _LONG_NUMBER.search(text):
        return mask(re.sub(r"\D", "", text))
    personal = _PERSONAL_HEADER.search(header) and not _SCHOOL_HEADER.search(header)
    return HIDDEN if personal or _PERSON.match(text) else text


def nearest(table: Table) -> list[Source]:
    """All known sources, the one whose headers are most alike first."""
    known = catalogue().all("source")
    return sorted(known, key=lambda source: (-len([g for g in guesses(table, source).values() if g]), source.order))


def guesses(table: Table, source: Source) -> dict[int, str]:
    """{column index: field} as headers and cells suggest; '' where nothing does."""
    spellings = _spellings(source)
    found: dict[int, str] = {}
    for column in table.columns:
        key = header_key(column.header)
        near = difflib.get_close_matches(key, spellings, n=1, cutoff=0.72) if key else []
        name = spellings[near[0]] if near else ""
        found[column.index] = name if name not in found.values() else ""
    for column in table.columns:
        if column.header and not found[column.index]:
            found[column.index] = _by_cells(column, source, set(found.values()))
    return found


def _spellings(source: Source) -> dict[str, str]:
    """{header as compared: field}: the source's own spellings, then those of other sources for the same fields."""
    known = [source, *catalogue().all("source")]
    found: dict[str, str] = {}
    for one in known:
        for column in one.columns:
            for header in column.headers if column.field in source.by_field else ():
                found.setdefault(header_key(header), column.field)
    return found


def _by_cells(column: Unknown, source: Source, taken: set[str]) -> str:
    """The first free field with a form of its own (code, ID, school) that every cell of the column has; '' for none."""
    for target in source.columns:
        if target.field in taken or target.clean not in ("school_code", "person_id", "code") or not column.raw:
            continue
        clean = cleaner_of(target)
        try:
            values = [clean(cell.strip()) for cell in column.raw]
        except Bad:
            continue
        told = [value for value in values if value and not (target.codes and ":" in value)]
        if len(told) == len(values) and all(value[0] != "other" for value in values):
            return target.field
    return ""


def missing(source: Source, fields: set[str]) -> list[str]:
    """What must still be named before rows of the source can be read, in words."""
    needed = [*source.recognise.fields, *(column.field for column in source.columns if column.required)]
    out = [field_title(source, name) for name in dict.fromkeys(needed) if name not in fields]
    groups = [group for group in source.recognise.any_of if not fields & set(group)]
    return out + [_(" or ").join(field_title(source, name) for name in group) for group in groups]


@transaction.atomic
def save_mapping(batch: Batch, base: Source, fields: dict[int, str], title: str, *, by) -> Source:
    """Keep how an unknown file's columns are named as a source of the office, and have the load read as it.

    fields   {column index: field of the base source}
    raises   IntakeError, saying what is missing or named twice, when rows could not be read that way
    """
    if batch.state != State.NEEDS_MAPPING:
        raise IntakeError(_("The columns of this load have been named already."))
    headers = {index: tidy(header) for index, header in enumerate(batch.recognised["header"])}
    chosen = {index: name for index, name in fields.items() if name in base.by_field and headers.get(index)}
    twice = sorted({field_title(base, name) for name in chosen.values() if list(chosen.values()).count(name) > 1})
    if twice:
        raise IntakeError(_("Named for two columns: %(fields)s. Keep one each.") % {"fields": ", ".join(twice)})
    if lacking := missing(base, set(chosen.values())):
        raise IntakeError(_("Still to be named: %(fields)s.") % {"fields": ", ".join(lacking)})
    source = _source(batch, base, {name: headers[index] for index, name in chosen.items()}, title)
    _write(source)
    forget()  # the catalogue looks for changes of the overlay only now and then
    record("intake.source_saved", batch, by=by, org=batch.org, after={"source": source.id, "based_on": base.id})
    read_as(batch, source=source.id, as_of=batch.as_of if batch.as_of_given else None, by=by)
    return source


def _source(batch: Batch, base: Source, headers: dict[str, str], title: str) -> Source:
    """The base source under the office's headers. Headers not named keep their usual spellings, none by its place."""
    known = set(catalogue().ids("source"))
    id = next(name for n in itertools.count(1) if (name := f"{OWN}{base.id}_{n}") not in known)
    taken = {header_key(header) for header in headers.values()}
    columns = []
    for column in base.columns:
        own = [headers[column.field]] if column.field in headers else []
        others = [header for header in column.headers if header_key(header) not in taken]
        spellings = tuple(dict.fromkeys([*own, *others]))
        if spellings:
            columns.append(column.model_copy(update={"headers": spellings, "position": None}))
    words = {"th": title, "en": title}
    where = {
        "th": f"คอลัมน์ที่สำนักงานระบุเองในรอบนำเข้าที่ {batch.pk}",
        "en": f"columns named by the office for load {batch.pk}",
    }
    named = len(headers) / len(columns)
    content = base.model_dump(mode="json", exclude_defaults=True) | {
        "id": id, "title": words, "source": where, "certainty": "design",
        "columns": [column.model_dump(mode="json", exclude_defaults=True) for column in columns],
        "recognise": {"fields": sorted(headers), "minimum": round(min(base.recognise.minimum, 0.4 * named + 0.2), 2)},
        "header_rows": max(base.header_rows, batch.recognised["header_row"]),
        "files": {},
    }  # fmt: skip
    return Source.model_validate(content)


def _write(source: Source) -> None:
    """Put the source into the office's overlay, whole or not at all."""
    folder = room("catalogue") / "office" / "sources"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{source.id}.yaml"
    content = source.model_dump(mode="json", exclude_defaults=True)
    content = {"id": source.id, "source": content["source"], "certainty": source.certainty} | content
    aside = path.with_suffix(f".{os.getpid()}.part")
    aside.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    aside.replace(path)
