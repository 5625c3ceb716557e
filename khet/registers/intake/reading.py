"""Bytes of an uploaded file → sheets of text rows. The content tells the kind, never the name; sizes are bounded."""

import contextlib
import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

MAX_FILE = 200 * 2**20  # bytes as uploaded
MAX_UNPACKED = 1200 * 2**20  # bytes of everything inside a zip or workbook
MAX_RATIO = 250  # of a packed part above MAX_RATIO_FROM: a sheet of equal rows packs to about 1:100
MAX_RATIO_FROM = 20 * 2**20
MAX_MEMBERS = 500
MAX_COLUMNS = 1000

Row = tuple[int, list[str]]


class FileError(ValueError):
    """A file that cannot be read at all; says why and what to do."""


@dataclass
class Sheet:
    """A sheet of a file: its rows as text, numbered from 1 as a spreadsheet does."""

    name: str
    kind: str
    source: object = field(repr=False)
    encoding: str = ""
    delimiter: str = ""
    damaged: bool = False  # some bytes had no meaning in the encoding
    height: int = 0  # about how many rows; 0: unknown

    def rows(self) -> Iterator[Row]:
        """Every row that holds something; blank rows are passed over but counted."""
        for number, cells in enumerate(self.source(), start=1):
            if any(cells):
                if len(cells) > MAX_COLUMNS:
                    cells = cells[:MAX_COLUMNS]
                yield number, cells


def kind_of(data: bytes) -> str:
    """xlsx | xls | ods | zip | html | csv, by content. Raises FileError for anything else."""
    if not data.strip(b"\x00\r\n\t "):
        raise FileError(_("The file is empty. Export it again and send the new one."))
    if len(data) > MAX_FILE:
        raise FileError(
            _("The file is larger than %(limit)s MB. Split it by school or by year.") % {"limit": MAX_FILE >> 20}
        )
    if data[:4] == b"PK\x03\x04":
        names = {info.filename for info in _parts(data)}
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
            return "xlsx"
        return "ods" if "content.xml" in names and "mimetype" in names else "zip"
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "xls"
    head = data[:2048].lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        return "html"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "csv"
    if b"\x00" in data[:4096] or head.startswith(
        (b"%pdf", b"\x89png", b"\xff\xd8", b"gif8", b"mz", b"\x7felf", b"{\\rtf")
    ):
        raise FileError(_("This is no table. Send an Excel file (xlsx, xls, ods), a csv, or a zip of these."))
    return "csv"


def _parts(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise FileError(_("The file is damaged and cannot be opened. Export it again.")) from None
    bomb = any(
        part.file_size > MAX_RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1) for part in parts
    )
    if bomb or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FileError(_("The file unpacks to more than %(limit)s MB. Split it.") % {"limit": MAX_UNPACKED >> 20})
    if any(part.flag_bits & 1 for part in parts):
        raise FileError(_("The file is locked with a password. Save it without one."))
    return parts


def members(data: bytes, name: str) -> list[tuple[str, bytes]]:
    """(name, content) of the tables in a zip; of any other file itself."""
    if kind_of(data) != "zip":
        return [(name, data)]
    parts = [p for p in _parts(data) if not p.is_dir() and not p.filename.startswith(("__MACOSX/", "."))]
    if len(parts) > MAX_MEMBERS:
        raise FileError(_("The zip holds more than %(limit)s files. Split it.") % {"limit": MAX_MEMBERS})
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in parts:
            try:
                content = archive.read(part)
            except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
                raise FileError(_("The file is damaged and cannot be opened. Export it again.")) from None
            with contextlib.suppress(FileError):  # a picture or a note beside the tables
                if kind_of(content) != "zip":
                    found.append((_member_name(part), content))
    if not found:
        raise FileError(_("The zip holds no table. Put xlsx, xls, ods or csv files in it."))
    return found


def _member_name(part: zipfile.ZipInfo) -> str:
    name = part.filename
    if not part.flag_bits & 0x800:  # written by Windows' own zip: names in the Thai code page, read as cp437
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("cp874")
    return name.rsplit("/", 1)[-1]


def sheets(data: bytes) -> list[Sheet]:
    """The sheets of a table file, visible ones only. Raises FileError when it cannot be opened."""
    kind = kind_of(data)
    if kind == "csv":
        return [_text_sheet(data)]
    if kind == "html":
        return _html_sheets(data)
    return _workbook_sheets(data, kind)


def _text_sheet(data: bytes) -> Sheet:
    text, encoding, damaged = decode(data)
    delimiter = _delimiter(text)

    def rows():
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            yield from reader
        except csv.Error as error:
            raise FileError(
                _("Row %(row)s cannot be read (%(error)s). A quotation mark is probably left open there.")
                % {"row": reader.line_num, "error": error}
            ) from None

    return Sheet("", "csv", rows, encoding, delimiter, damaged, text.count("\n"))


def decode(data: bytes) -> tuple[str, str, bool]:
    """(text, encoding, whether bytes were lost) of a text file: UTF-8, UTF-16 with its mark, else Windows Thai."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), "utf-16", False
    try:
        return data.decode("utf-8-sig"), "utf-8", False
    except UnicodeDecodeError:
        text = data.decode("cp874", "replace")
        return text, "windows-874", "\ufffd" in text


def _delimiter(text: str) -> str:
    """The sign that splits the first lines into the same number of cells most often."""
    lines = [line for line in text[:20_000].splitlines()[:30] if line.strip()]
    best, best_score = ",", 0.0
    for sign in ",;\t|":
        counts = [line.count(sign) for line in lines]
        if not any(counts):
            continue
        usual = max(set(counts), key=lambda n: (counts.count(n), n))
        score = counts.count(usual) * min(usual, 3)
        if usual and score > best_score:
            best, best_score = sign, score
    return best


def _workbook_sheets(data: bytes, kind: str) -> list[Sheet]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with _damage_told():
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))

    def reader(name):
        def rows():
            with _damage_told():
                sheet = book.get_sheet_by_name(name)
                # `start` is where the used range begins; calamine numbers rows from there.
                first = sheet.start[0] if sheet.start else 0
                for _blank in range(first):
                    yield []
                for cells in sheet.iter_rows():
                    yield [cell if type(cell) is str else cell_text(cell) for cell in cells]

        return rows

    visible = [
        meta.name for meta in book.sheets_metadata
        if meta.visible == SheetVisibleEnum.Visible and meta.typ == SheetTypeEnum.WorkSheet
    ]  # fmt: skip
    return [Sheet(name, kind, reader(name)) for name in visible or book.sheet_names]


@contextlib.contextmanager
def _damage_told():
    """Whatever the reader of workbooks stumbles over, in words an officer can act on."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError:
        raise FileError(_("The file is locked with a password. Save it without one.")) from None
    except (CalamineError, OverflowError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError(_("The workbook is damaged and cannot be opened. Save it again in Excel.")) from None
    except BaseException as error:
        # A panic of the library written in Rust is no Exception; anything else is not ours to swallow.
        if type(error).__name__ != "PanicException":
            raise
        raise FileError(_("The workbook is damaged and cannot be opened. Save it again in Excel.")) from None


def cell_text(cell) -> str:
    """A spreadsheet value as text: whole numbers without '.0', dates as 2024-05-16."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _html_sheets(data: bytes) -> list[Sheet]:
    """Tables of a web page saved under the name of a spreadsheet, as several government systems export."""
    from lxml import html

    text, encoding, damaged = decode(data)
    try:
        page = html.fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (ValueError, SyntaxError):
        raise FileError(_("The file is damaged and cannot be opened. Export it again.")) from None
    tables = [table for table in page.iter("table") if not list(table.iterancestors("table"))]

    def reader(table):
        def rows():
            for row in table.iter("tr"):
                yield ["".join(cell.itertext()).strip() for cell in row if cell.tag in ("td", "th")]

        return rows

    if not tables:
        raise FileError(_("This is no table. Send an Excel file (xlsx, xls, ods), a csv, or a zip of these."))
    return [
        Sheet(f"{n}" if len(tables) > 1 else "", "html", reader(t), encoding, "", damaged)
        for n, t in enumerate(tables, 1)
    ]
