"""A load's rows as cleaned columns, each row knowing its file, sheet and line."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from khet.kit.secrets import keyed_hash
from khet.registers.intake.cleaning import ColumnCleaner
from khet.registers.intake.faults import ERROR, Fault
from khet.registers.intake.recognise import Found
from khet.registers.intake.schema import Source

CHUNK = 5_000


@dataclass
class Records:
    """Columns of equal length. `files`, `sheets` and `rows` say where each record stands."""

    source: Source
    columns: dict[str, list] = field(default_factory=dict)
    files: list[int] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    present: set[str] = field(default_factory=set)  # fields that some file of the load has a column for
    faults: list[Fault] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)

    def __len__(self):
        return len(self.rows)

    def column(self, name: str) -> list:
        """The values of a field; all None when no column fills it."""
        return self.columns.get(name) or [None] * len(self)

    def fault(self, severity: str, index: int, field: str, code: str, text=None, mend=None, **arguments) -> None:
        self.faults.append(Fault(severity, index, field, code, arguments, text, mend))
        if severity == ERROR and index >= 0:
            self.rejected.add(index)

    def good(self) -> Iterator[int]:
        """Indices of the records that may go on."""
        out = self.rejected | self.held
        return (index for index in range(len(self)) if index not in out) if out else iter(range(len(self)))


class Reader:
    """Reads recognised sheets into Records, piece by piece."""

    def __init__(self, source: Source, *, progress=None):
        self.source = source
        self.progress = progress or (lambda share: None)
        self.expected = 0
        self.records = Records(source, {column.field: [] for column in source.columns})
        self.cleaners = {column.field: ColumnCleaner(column) for column in source.columns}
        self.key = bytes.fromhex(keyed_hash(source.id, "row-digest"))

    def add(self, found: Found, file: int) -> None:
        """Clean every row below the headers of a sheet."""
        self.records.present |= set(found.places)
        self.expected += found.sheet.height
        piece: list[tuple[int, list[str]]] = []
        header = [cell.strip() for cell in found.header]
        place, word = next(((n, word) for n, word in enumerate(header) if word), (0, ""))
        for number, cells in found.sheet.rows():
            if number <= found.header_row:
                continue
            # Headers repeated further down; one cell tells most rows from them.
            if len(cells) > place and cells[place].strip() == word and [cell.strip() for cell in cells] == header:
                continue
            piece.append((number, cells))
            if len(piece) == CHUNK:
                self._take(piece, found, file)
                piece = []
        self._take(piece, found, file)

    def _take(self, piece, found: Found, file: int) -> None:
        if not piece:
            return
        records, start = self.records, len(self.records)
        rows = [cells for _number, cells in piece]
        cells_of = list(zip_longest(*rows, fillvalue=""))
        blank = ("",) * len(rows)
        for name, values in records.columns.items():
            place = found.places.get(name)
            if place is None:
                values.extend([None] * len(rows))
                continue
            cleaned, bad = self.cleaners[name](cells_of[place.index] if place.index < len(cells_of) else blank)
            values.extend(cleaned)
            for at, severity, fault in bad:
                records.fault(severity, start + at, name, fault.code, **fault.arguments)
        records.rows.extend(number for number, _cells in piece)
        records.files.extend([file] * len(rows))
        records.sheets.extend([found.sheet.name] * len(rows))
        self._measures(rows, found)
        self.progress(min(len(records) / self.expected, 1) if self.expected else 0.5)

    def _measures(self, rows, found: Found) -> None:
        """The number columns of a wide table, one field a measure."""
        if not found.measures:
            return
        from khet.registers.intake.schema import Column

        records = self.records
        start = len(records) - len(rows)
        for index, measure in found.measures.items():
            name = f"measure:{measure}"
            cleaner = self.cleaners.setdefault(
                name, ColumnCleaner(Column(field="value", headers=(found.header[index],), clean="number"))
            )
            values = records.columns.setdefault(name, [None] * start)
            values.extend([None] * (start - len(values)))
            cleaned, bad = cleaner([cells[index] if index < len(cells) else "" for cells in rows])
            values.extend(cleaned)
            for at, _severity, fault in bad:
                records.fault(ERROR, start + at, name, fault.code, **fault.arguments)

    def done(self) -> Records:
        """The records, without the rows that are no data, and with a digest of each."""
        records = self.records
        for values in records.columns.values():
            values.extend([None] * (len(records) - len(values)))
        self._skip()
        self._require()
        return records

    def _skip(self) -> None:
        import re

        drop: set[int] = set()
        for rule in self.source.skip:
            pattern = re.compile(rule.matches)
            drop |= {
                i for i, v in enumerate(self.records.column(rule.field)) if v is not None and pattern.search(str(v))
            }
        if not drop:
            return
        records = self.records
        keep = [index for index in range(len(records)) if index not in drop]
        move = {old: new for new, old in enumerate(keep)}
        for name, values in records.columns.items():
            records.columns[name] = [values[index] for index in keep]
        for name in ("files", "sheets", "rows"):
            setattr(records, name, [getattr(records, name)[index] for index in keep])
        records.rejected = {move[index] for index in records.rejected if index in move}
        records.faults = [f for f in records.faults if f.index < 0 or f.index in move]
        for fault in records.faults:
            fault.index = move.get(fault.index, -1)

    def _require(self) -> None:
        bad = {(fault.index, fault.field) for fault in self.records.faults}
        for column in self.source.columns:
            if not column.required:
                continue
            for index, value in enumerate(self.records.column(column.field)):
                if value is None and (index, column.field) not in bad:
                    self.records.fault(ERROR, index, column.field, "blank")


def digest_rows(records: Records, names: list[str]) -> list[str]:
    """A keyed digest of the named fields of each record: the same for equal rows, telling nothing without the key."""
    key = bytes.fromhex(keyed_hash(records.source.id, "row-digest"))
    columns = [records.column(name) for name in names]
    blake = hashlib.blake2b
    return [blake(repr(row).encode(), key=key, digest_size=16).hexdigest() for row in zip(*columns, strict=True)]
