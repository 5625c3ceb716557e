"""What is kept of a check until the commit: cleaned rows and samples, encrypted on disk; faults, in the database."""

import pyarrow as pa

from khet.core.catalogue import catalogue
from khet.kit.identifiers import mask
from khet.registers.intake import bulk, store
from khet.registers.intake.faults import SEVERITIES, Fault
from khet.registers.intake.models import Batch, BatchFault
from khet.registers.intake.reading import Sheet
from khet.registers.intake.recognise import Found, Place
from khet.registers.intake.records import Records
from khet.registers.intake.targets.base import place_of

MAX_FAULTS = 20_000  # kept of a load; the counts by kind are always whole
MAX_OF_A_KIND = 2_000


def save(batch: Batch, prepared) -> None:
    """Keep the cleaned rows and how the sheets were read, so that the commit need not read the files again."""
    records = prepared.records
    columns = {f"c:{name}": _array(values) for name, values in records.columns.items()}
    places = {"files": pa.array(records.files), "sheets": pa.array(records.sheets), "rows": pa.array(records.rows)}
    table = pa.table(columns | places)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    store.put(batch.pk, "records", sink.getvalue().to_pybytes())
    cell_faults = [
        [f.severity, f.index, f.field, f.code, f.arguments, f.text, f.mend]
        for f in records.faults
        if f.code in _OF_CELLS
    ]
    reading = prepared.reading
    store.put_json(batch.pk, "reading", {
        "source": records.source.id, "definition": records.source.model_dump_json(), "present": sorted(records.present),
        "faults": cell_faults, "found": [[number, _found(found)] for number, found in reading.found],
        "left": [[number, _found(found)] for number, found in reading.left],
    })  # fmt: skip


# Faults that reading and cleaning find; those of checks and matching are found anew at each comparison.
_OF_CELLS = frozenset([
    "blank", "scientific", "id_digits", "id_check", "id_form", "school_code", "not_in_codes", "not_a_date",
    "not_a_number", "not_whole", "taken_as_other", "not_yes_no", "grades_span", "not_a_period", "unknown_measure",
])  # fmt: skip


def _array(values: list) -> pa.Array:
    first = next((value for value in values if value is not None), None)
    if isinstance(first, tuple):
        return pa.array([value and "\x1f".join(value) for value in values], pa.string())
    if isinstance(first, float):
        return pa.array(values, pa.float64())
    return pa.array(values)


def load(batch: Batch):
    """(records, reading) as the check left them, or None when they are gone or the source has changed."""
    from khet.registers.intake.pipeline import Reading

    about = store.get_json(batch.pk, "reading")
    content = store.get(batch.pk, "records") if about else None
    source = catalogue().find("source", about["source"]) if about else None
    if content is None or source is None or source.model_dump_json() != about["definition"]:
        return None
    table = pa.ipc.open_file(pa.py_buffer(content)).read_all()
    records = Records(source)
    pairs = {column.field for column in source.columns if column.clean == "person_id"}
    for name in table.column_names:
        values = table.column(name).to_pylist()
        if not name.startswith("c:"):
            setattr(records, name, values)
        elif name[2:] in pairs:
            records.columns[name[2:]] = [value and tuple(value.split("\x1f")) for value in values]
        else:
            records.columns[name[2:]] = values
    records.present = set(about["present"])
    for severity, index, field, code, arguments, text, mend in about["faults"]:
        records.fault(severity, index, field, code, text, mend, **arguments)
    reading = Reading(
        source, *([(number, _unfound(f, source)) for number, f in about[part]] for part in ("found", "left"))
    )
    reading.best = reading.found[0][1]
    return records, reading


def _found(found: Found) -> dict:
    sheet = found.sheet
    return {
        "sheet": sheet.name, "kind": sheet.kind, "encoding": sheet.encoding, "damaged": sheet.damaged,
        "header_row": found.header_row, "title": found.title, "header": found.header, "unread": found.unread,
        "score": found.score, "measures": found.measures, "assumed": found.assumed,
        "places": {name: [place.index, place.header, place.by] for name, place in found.places.items()},
    }  # fmt: skip


def _unfound(about: dict, source) -> Found:
    sheet = Sheet(about["sheet"], about["kind"], lambda: (), about["encoding"], "", about["damaged"])
    return Found(
        source, sheet, about["header_row"], {name: Place(*place) for name, place in about["places"].items()},
        about["score"], about["title"], about["header"], about["unread"],
        {int(index): measure for index, measure in about["measures"].items()}, about["assumed"],
    )  # fmt: skip


def save_files(batch: Batch, reading) -> None:
    """Note with each file how its sheets were read: the page of a line finds its columns by it."""
    for file in batch.files.all():
        mine = [found for number, found in reading.found if number == file.number]
        file.sheets = [_found(found) for found in mine]
        file.encoding = next((found.sheet.encoding for found in mine), "")
        file.save(update_fields=["sheets", "encoding"])


def save_samples(batch: Batch, prepared) -> None:
    """Keep the first lines of each sort for the preview."""
    records = prepared.records

    def line(sample):
        file, sheet, row = place_of(records, sample.index) if sample.index >= 0 else (None, "", None)
        about = {"org": sample.org, "label": sample.label, "changes": sample.changes}
        return {"file": file, "sheet": sheet, "row": row, **about}

    difference = prepared.difference
    parts = {"new": difference.new, "changed": difference.changed, "gone": difference.gone[:500]}
    store.put_json(batch.pk, "samples", {name: [line(sample) for sample in samples] for name, samples in parts.items()})


def save_faults(batch: Batch, prepared) -> None:
    """Replace the batch's faults; the gravest first, and never more of one kind than a person can read."""
    batch.faults.all().delete()
    records = prepared.records
    columns = [_columns(prepared.reading, number) for number in range(batch.files.count() or 1)]
    rows, kinds, total = [], {}, {}
    for fault in sorted(records.faults, key=lambda f: (SEVERITIES.index(f.severity), f.index)):
        kind = (fault.severity, fault.code, fault.field)
        kinds[kind] = kinds.get(kind, 0) + 1
        total[fault.severity] = total.get(fault.severity, 0) + 1
        if kinds[kind] <= MAX_OF_A_KIND and len(rows) < MAX_FAULTS:
            rows.append((batch.pk, fault.severity, fault.code, fault.field, *placed(fault, records, columns)))
    names = (
        "batch_id",
        "severity",
        "code",
        "field",
        "file",
        "sheet",
        "row",
        "column",
        "letter",
        "arguments",
        "text",
        "mend_text",
    )
    bulk.insert(BatchFault, names, rows)
    batch.recognised["faults"] = total
    batch.recognised["kinds"] = [[*kind, count] for kind, count in kinds.items()]


def _columns(reading, number: int) -> dict[str, Place]:
    return next((found.places for file, found in reading.found if file == number), {})


def placed(fault: Fault, records: Records, columns: list[dict[str, Place]]) -> tuple:
    """(file, sheet, row, header, letter, arguments, text, mend) of a fault, with what is sensitive masked."""
    if fault.index >= 0:
        file, sheet, row = records.files[fault.index], records.sheets[fault.index], records.rows[fault.index]
    else:
        file, sheet, row = None, "", None
    place = columns[file].get(fault.field) if file is not None and file < len(columns) else None
    column = records.source.by_field.get(fault.field)
    header = place.header if place else column.headers[0] if column else fault.field.removeprefix("measure:")
    arguments = dict(fault.arguments)
    if fault.field:
        arguments.setdefault("field", header)
    if column and column.sensitive and "value" in arguments and fault.code in _OF_CELLS:
        value = str(arguments["value"])
        arguments["value"] = mask(value) if column.clean == "person_id" else "•••"
    return file, sheet, row, header[:120], place.letter if place else "", arguments, fault.text, fault.mend
