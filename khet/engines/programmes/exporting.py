"""Lists as xlsx and csv."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.ui.formats import be_date
from khet.engines.programmes.models import Output
from khet.kit.csv_files import csv_text

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def outputs(rows: Iterable[Output]) -> tuple[list[str], list[list]]:
    """(head, lines) of the register; nothing of an output's inner reviews."""
    head = [
        _("Programme"), _("Kind"), _("Title"), _("Authors"), _("School code"), _("Comes from"), _("Day"), _("Quality"),
        _("Score"), _("Uses"), _("State"), _("Link"), _("Abstract"),
    ]  # fmt: skip
    lines = [
        [
            one.run.title, str(one.kind_words), one.title, ", ".join(a.name for a in one.authors.all()), one.org.code,
            str(one.org), be_date(one.made_on), str(one.level_words), one.score, one.used, one.get_state_display(),
            one.link, one.summary,
        ]
        for one in rows
    ]  # fmt: skip
    return head, lines


def response(name: str, kind: str, head: Sequence[str], lines: Sequence[Sequence]) -> HttpResponse:
    """The file as a download."""
    return file(name, kind, xlsx(head, lines) if kind == "xlsx" else csv_text([head, *lines]).encode())


def file(name: str, kind: str, made: bytes) -> HttpResponse:
    """Bytes as a download."""
    answer = HttpResponse(made, content_type=KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="khet-{name}-{timezone.localdate():%Y%m%d}.{kind}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def xlsx(head: Sequence[str], lines: Sequence[Sequence], *, texts: Sequence[int] = ()) -> bytes:
    """A workbook with one sheet. Nothing in it is a formula, whatever it begins with.

    texts   places of columns kept as text even when empty (codes with leading zeros)
    """
    import xlsxwriter

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet, bold, text = book.add_worksheet(), book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for place, words in enumerate(head):
            sheet.write_string(0, place, str(words), bold)
            sheet.set_column(place, place, 22, text if place in texts else None)
        for row, line in enumerate(lines, start=1):
            for place, cell in enumerate(line):
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    sheet.write_number(row, place, cell)
                elif cell not in (None, ""):
                    sheet.write_string(row, place, str(cell))
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()
