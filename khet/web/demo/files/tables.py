"""Tables as office systems write them: CSV in UTF-8 or windows-874, and Excel."""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from khet.kit.periods import to_be

FILE_TIME = datetime(2020, 1, 1)


def write_csv(path: Path, rows: Iterable, *, thai_windows: bool = False) -> Path:
    """Rows as they come, one at a time; UTF-8 with the mark Excel looks for, or the code page of older systems."""
    with path.open("w", encoding="cp874" if thai_windows else "utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def write_xlsx(path: Path, rows: Iterable, *, sheet: str = "Sheet1") -> Path:
    """Rows as text and numbers; rows are let go of as they are written."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        # A fixed time inside the file: the same world gives the same bytes.
        book.set_properties({"created": FILE_TIME})
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return path


def be_date(day: date | None) -> str:
    """16/05/2567, or '' when there is no day."""
    return f"{day.day:02}/{day.month:02}/{to_be(day.year)}" if day else ""
