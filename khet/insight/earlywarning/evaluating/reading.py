"""A file as a table: csv with any usual separator and encoding, also gzipped, xlsx and its kin, parquet."""

import csv
import gzip
import io
from collections import Counter
from pathlib import Path

import numpy as np

from khet.insight.earlywarning.evaluating.faults import EvaluationError
from khet.insight.earlywarning.evaluating.table import Column, Table
from khet.insight.earlywarning.evaluating.words import vocabulary

SEPARATORS = ",;\t|"
SHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def read_table(path) -> Table:
    """The table in a file. Raises EvaluationError when it cannot be read or holds no rows."""
    path = Path(path)
    kind = path.name.lower().removesuffix(".gz")
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        if content[:4] == b"PAR1":
            names, columns, notices = _parquet(content)
        elif kind.endswith(SHEETS):
            names, columns, notices = _sheet(content)
        else:
            names, columns, notices = _csv(content)
    except EvaluationError as error:
        raise EvaluationError(f"{path.name}: {error}") from None
    except (OSError, ValueError, csv.Error, EOFError) as error:
        raise EvaluationError(f"{path.name}: cannot be read ({error}). Save it again as csv or xlsx.") from error
    if not columns or not columns[0]:
        raise EvaluationError(f"{path.name}: has no rows below its header.")
    made = [_column(name, values) for name, values in zip(_unique(names), columns, strict=True)]
    return Table(path.name, made, notices)


def _column(name: str, values: list) -> Column:
    """A column of distinct texts; marks that mean "nothing entered" become empty."""
    empty, places, codes = set(vocabulary()["empty"]), {}, np.empty(len(values), dtype=np.int64)
    known: dict = {}
    for row, value in enumerate(values):
        if (code := known.get(value)) is None:
            text = _text(value)
            code = -1 if text.lower() in empty else places.setdefault(text, len(places))
            known[value] = code
        codes[row] = code
    return Column(name, codes, list(places))


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value).strip()


def _unique(names: list) -> list[str]:
    """Names that differ: the second "grade" becomes "grade (2)", a blank "column 3"."""
    seen, made = Counter(), []
    for place, name in enumerate(names, start=1):
        text = _text(name) or f"column {place}"
        seen[text] += 1
        made.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return made


def _csv(content: bytes):
    text = _decoded(content)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    return _from_rows(rows)


def _decoded(content: bytes) -> str:
    """The text of a file: UTF-16 and UTF-8 by their marks, else UTF-8, else what Thai Windows writes."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    for encoding in ("utf-8-sig", "cp874"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _separator(text: str) -> str:
    """The sign that cuts the first lines into the same number of cells, and into most."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:30]
    best, most = ",", (0.0, 0)
    for sign in SEPARATORS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        if width > 1 and (times / len(lines), width) > most:
            best, most = sign, (times / len(lines), width)
    return best


def _from_rows(rows):
    """(names, columns, notices) of rows of cells; rows of another width are filled up or cut, and counted."""
    rows = iter(rows)
    names = next((row for row in rows if any(_text(cell) for cell in row)), None)
    if names is None:
        raise EvaluationError("is empty.")
    width, kept, odd = len(names), [], 0
    for row in rows:
        if not any(_text(cell) for cell in row):
            continue
        odd += len(row) != width
        kept.append((list(row) + [""] * (width - len(row)))[:width])
    notices = [f"{odd} rows have more or fewer cells than the header; what lacked was taken as empty."] if odd else []
    return names, [list(column) for column in zip(*kept, strict=True)], notices


def _sheet(content: bytes):
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    except CalamineError as error:
        raise EvaluationError(f"is no workbook ({error}).") from error
    name, rows = max(sheets, key=lambda sheet: len(sheet[1]), default=("", []))
    names, columns, notices = _from_rows(rows)
    if len(sheets) > 1:
        notices.append(f"The workbook has {len(sheets)} sheets; '{name}', the longest, was read.")
    return names, columns, notices


def _parquet(content: bytes):
    import pyarrow.parquet as parquet

    table = parquet.read_table(io.BytesIO(content))
    return table.column_names, [column.to_pylist() for column in table.columns], []
