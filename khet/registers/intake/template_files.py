"""An empty file of a source: its headers and one made-up row, as xlsx."""

import io

from django.utils.translation import gettext as _

from khet.registers.intake.schema import Column, Source
from khet.registers.intake.source_words import cleaner_words


def workbook(source: Source) -> bytes:
    """The xlsx. Every cell is text, so that Excel keeps zeros and 13-digit numbers; notes explain the headers."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    text = book.add_format({"num_format": "@"})
    bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    need = book.add_format({"bold": True, "bottom": 1, "num_format": "@", "bg_color": "#FFF3CD"})
    page = book.add_worksheet()
    for index, column in enumerate(source.columns):
        page.set_column(index, index, max(12, len(column.headers[0]) + 2), text)
        page.write_string(0, index, column.headers[0], need if column.required else bold)
        page.write_comment(0, index, _note(column), {"author": "Khet", "x_scale": 1.6})
        if column.sample:
            page.write_string(1, index, column.sample, text)
    page.freeze_panes(1, 0)
    book.close()
    return content.getvalue()


def _note(column: Column) -> str:
    """What to write below a header."""
    lines = [_("Must be filled.") if column.required else "", cleaner_words(column)]
    if column.sample:
        lines.append(_("For example: %(sample)s") % {"sample": column.sample})
    return "\n".join(line for line in lines if line)
