"""Tables as files: CSV that Excel opens in Thai, and xlsx. Both say who took them, when and of what day."""

import io

from django.http import Http404, HttpResponse
from django.utils import timezone

from khet.core.ui.formats import be_datetime
from khet.kit.csv_files import csv_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(request, name: str, head: list, rows: list[list], *, notes: list[str] = ()) -> HttpResponse:
    """The table as csv or xlsx, whichever ?format= asks for. 404 for anything else."""
    notes = [*notes, f"{request.user} · {be_datetime(timezone.now())}"]
    match request.GET.get("format"):
        case "csv":
            return _attached(
                csv_text([head, *rows, [], *([note] for note in notes)]).encode(),
                f"{name}.csv",
                "text/csv; charset=utf-8",
            )
        case "xlsx":
            return _attached(_xlsx(head, rows, notes), f"{name}.xlsx", XLSX)
    raise Http404


def _attached(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _xlsx(head, rows, notes) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.write_row(0, 0, [str(cell) for cell in head], bold)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(
            number, 0, [cell if isinstance(cell, int | float) else "" if cell is None else str(cell) for cell in row]
        )
    for number, note in enumerate(notes, start=len(rows) + 2):
        sheet.write_string(number, 0, str(note))
    sheet.freeze_panes(1, 1)
    sheet.autofit(320)
    book.close()
    return content.getvalue()
