"""Rows that stayed out: the file they came from plus columns that say why. Opens in Excel, can be mended and loaded."""

import io

from django.utils.translation import gettext as _

from khet.registers.intake import lines
from khet.registers.intake.faults import ERROR
from khet.registers.intake.models import Batch, BatchFile


def workbook(batch: Batch, *, whole: bool) -> tuple[bytes, int]:
    """(xlsx, number of rows): a sheet for each sheet read, headers as in the file, the reasons in the last columns.

    whole   personal cells as they are; else they are hidden
    """
    import xlsxwriter

    content, count = io.BytesIO(), 0
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    bold = book.add_format({"bold": True, "bottom": 1})
    why = book.add_format({"bold": True, "bottom": 1, "bg_color": "#FFF3CD"})
    for file, sheet, faults in _sheets(batch):
        page = book.add_worksheet()
        count += _write(batch, page, file, sheet, faults, whole, bold, why)
    if not book.worksheets():
        book.add_worksheet().write_string(0, 0, _("No row was rejected."))
    book.close()
    return content.getvalue(), count


def _sheets(batch: Batch):
    """(file, sheet, {row: [faults]}) of every sheet with rows that stayed out."""
    held = batch.faults.filter(code__in=("unknown_school", "school_differs", "namesakes"))
    stayed = (batch.faults.filter(severity=ERROR) | held).filter(row__isnull=False).order_by("file", "row", "pk")
    found: dict[tuple[int, str], dict[int, list]] = {}
    for fault in stayed:
        found.setdefault((fault.file or 0, fault.sheet), {}).setdefault(fault.row, []).append(fault)
    files = {file.number: file for file in batch.files.all()}
    for (number, sheet), rows in found.items():
        yield files[number], sheet, rows


def _write(batch: Batch, page, file: BatchFile, sheet: str, faults: dict, whole: bool, bold, why) -> int:
    """Write one sheet; the number of rows."""
    how = lines.reading_of(file, sheet) or {"header": [], "title": "", "places": {}}
    try:
        found = lines.read(batch, file, [(sheet, row) for row in faults])
    except lines.LineGone:
        found = {}
    header, top = how["header"], 0
    if how["title"]:
        page.write_string(0, 0, how["title"])
        top = 1
    for index, text in enumerate(header):
        page.write_string(top, index, text, bold)
    width = max([len(header), *(len(cells) for cells in found.values())], default=0)
    for index, text in enumerate([_("Row in your file"), _("What is wrong"), _("How to mend it")]):
        page.write_string(top, width + index, text, why)
    for line, (row, mine) in enumerate(faults.items(), start=top + 1):
        cells = found.get((sheet, row), [])
        for index, text in enumerate(_cells(batch, how, cells, whole)):
            page.write_string(line, index, text)
        page.write_number(line, width, row)
        page.write_string(line, width + 1, "\n".join(dict.fromkeys(_place(fault) + fault.message for fault in mine)))
        page.write_string(line, width + 2, "\n".join(dict.fromkeys(fault.mend for fault in mine if fault.mend)))
    page.freeze_panes(top + 1, 0)
    page.autofit(320)
    return len(faults)


def _cells(batch: Batch, how: dict, cells: list[str], whole: bool) -> list[str]:
    if whole:
        return cells
    return [cell.text for cell in lines.cells_of(batch.definition, how, cells, opened=False)] if cells else []


def _place(fault) -> str:
    return f"{fault.column}: " if fault.column else ""
