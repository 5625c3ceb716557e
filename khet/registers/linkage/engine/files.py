"""Lists of persons from files into DuckDB: csv, tsv, xlsx, parquet, each also as .gz; every cell as text."""

import gzip
import shutil
import tempfile
from pathlib import Path

import duckdb

_TABLES = {".xlsx", ".xls", ".xlsm", ".ods"}
_TEXTS = {".csv", ".tsv", ".txt", ".tab"}


class UnreadableList(ValueError):
    """A file that is no list of rows under a header; says which and how to mend it."""


def open_database(memory: str = "") -> duckdb.DuckDBPyConnection:
    """A database in memory of its own, which spills into a folder that goes with the process's temporary files."""
    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    database = duckdb.connect(":memory:", config=settings)
    database.execute(f"SET temp_directory = '{_quoted(Path(tempfile.gettempdir()) / 'khet-link')}'")
    if memory:
        database.execute(f"SET memory_limit = '{memory}'")
    return database


def load(database: duckdb.DuckDBPyConnection, file: Path, table: str) -> list[str]:
    """Put a file's rows into a table, in their order, with `n` counting them from 1; returns the names of its columns.

    The table's own columns are c0, c1 …: what a file calls them may be anything.
    raises  UnreadableList
    """
    file = Path(file)
    kind = _kind(file)
    try:
        if kind in _TABLES:
            return _from_spreadsheet(database, file, table)
        if kind == ".parquet":
            return _from_parquet(database, file, table)
        if kind in _TEXTS:
            return _from_text(database, file, table)
    except UnreadableList:
        raise
    except Exception as error:
        raise UnreadableList(
            f"{file}: {_first_line(error)} Save it again as csv (UTF-8) or xlsx and try that."
        ) from error
    raise UnreadableList(f"{file}: a list is a csv, tsv, xlsx or parquet file (or one of them as .gz).")


def _kind(file: Path) -> str:
    suffixes = [suffix.lower() for suffix in file.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _quoted(text) -> str:
    return str(text).replace("'", "''")


def _named(names: list[str], file: Path) -> list[str]:
    """The names as they are to be read: no spaces at their ends, an empty one by its place, a second one numbered."""
    found: list[str] = []
    for place, name in enumerate(names, start=1):
        name = (name or "").strip().lstrip("\ufeff") or f"column {place}"
        found.append(name if name not in found else f"{name} ({place})")
    if not found:
        raise UnreadableList(f"{file}: the list has no columns.")
    return found


def _create(database, table: str, source: str, count: int) -> None:
    columns = ", ".join(f"nullif(trim(c{i}), '') AS c{i}" for i in range(count))
    database.execute(f"CREATE TABLE {table} AS SELECT row_number() OVER ()::INTEGER AS n, {columns} FROM {source}")


def _from_parquet(database, file, table) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="khet-link-") as folder:
        path = _unpacked(file, Path(folder)) if file.suffix.lower() == ".gz" else file
        source = f"read_parquet('{_quoted(path)}', file_row_number = true)"
        found = database.sql(f"SELECT * FROM {source} LIMIT 0")
        names = [name for name in found.columns if name != "file_row_number"]
        quoted = (name.replace('"', '""') for name in names)
        # What a program wrote has no stray spaces; to look for them costs as much as the rest of the reading.
        cells = ", ".join(f"nullif(\"{name}\"::VARCHAR, '') AS c{i}" for i, name in enumerate(quoted))
        database.execute(f"CREATE TABLE {table} AS SELECT (file_row_number + 1)::INTEGER AS n, {cells} FROM {source}")
    return _named(names, file)


def _unpacked(file: Path, folder: Path) -> Path:
    plain = folder / "list"
    with gzip.open(file) as source, plain.open("wb") as target:
        shutil.copyfileobj(source, target)
    return plain


def _from_text(database, file, table) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="khet-link-") as folder:
        text, header = _as_utf8(file, Path(folder))
        sign = _separator(header)
        options = f"header=false, skip=1, all_varchar=true, delim='{sign}', quote='\"', escape='\"', null_padding=true"
        names = _named(_cells(header, sign), file)
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(names)))
        parallel = "" if len(names) > 1 else ", parallel=false"
        source = f"read_csv('{_quoted(text)}', {options}, columns={{{columns}}}, auto_detect=false{parallel})"
        try:
            _create(database, table, source, len(names))
        except duckdb.Error:  # a line break inside quotes is not found by several readers at once
            _create(
                database, table, source.replace("null_padding=true", "null_padding=true, parallel=false"), len(names)
            )
    return names


def _as_utf8(file: Path, folder: Path) -> tuple[Path, str]:
    """(a path DuckDB can read, the header line); a file in windows-874 or UTF-16 is rewritten first."""
    opener = gzip.open if file.suffix.lower() == ".gz" else open
    with opener(file, "rb") as source:
        start = source.read(1 << 20)
    encoding = _encoding(start)
    first = start.decode(encoding, "ignore").lstrip("\ufeff").splitlines()
    if not first:
        raise UnreadableList(f"{file}: the file is empty.")
    if encoding in ("utf-8", "utf-8-sig"):
        return file, first[0]
    plain = folder / "list.csv"
    with (
        opener(file, "rt", encoding=encoding, newline="") as source,
        plain.open("w", encoding="utf-8", newline="") as target,
    ):
        shutil.copyfileobj(source, target)
    return plain, first[0]


def _encoding(start: bytes) -> str:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for cut in range(4):  # the piece may end within a letter
        try:
            start[: len(start) - cut].decode("utf-8")
            return "utf-8-sig" if start.startswith(b"\xef\xbb\xbf") else "utf-8"
        except UnicodeDecodeError:
            continue
    thai = sum(0xA1 <= byte <= 0xFB for byte in start)
    return "cp874" if thai > len(start) / 50 else "cp1252"


def _separator(header: str) -> str:
    return max(",;\t|", key=header.count)


def _cells(line: str, sign: str) -> list[str]:
    import csv

    return next(csv.reader([line], delimiter=sign))


def _from_spreadsheet(database, file, table) -> list[str]:
    import io

    import pyarrow as pa
    from python_calamine import CalamineWorkbook

    content = gzip.decompress(file.read_bytes()) if file.suffix.lower() == ".gz" else file.read_bytes()
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = max((book.get_sheet_by_index(i).to_python() for i in range(len(book.sheet_names))), key=len, default=[])
    start = next(
        (i for i, row in enumerate(rows[:20]) if sum(cell != "" for cell in row) > max(1, len(row) // 2)), None
    )
    if start is None:
        raise UnreadableList(f"{file}: no sheet has a header row with two columns or more.")
    names = _named([_text(cell) for cell in rows[start]], file)
    cells = [[_text(row[i]) if i < len(row) else "" for row in rows[start + 1 :]] for i in range(len(names))]
    arrow = pa.table({f"c{i}": pa.array(column, pa.string()) for i, column in enumerate(cells)})
    database.register("spreadsheet", arrow)
    _create(database, table, "spreadsheet", len(names))
    database.unregister("spreadsheet")
    return names


def _text(cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
