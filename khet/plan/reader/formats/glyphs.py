"""A PDF page's letters, where the page itself says what its glyphs stand for.

Fonts shape Thai marks into glyphs that no letter of their table leads to (a raised tone mark, a low vowel). Word,
Chrome, Google Docs and Typst write the letters meant beside such glyphs, as the "actual text" of a marked stretch.
"""

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.psparser import PSLiteral
from pdfplumber.page import PDFPageAggregatorWithMarkedContent


def with_actual_text(page):
    """The pdfplumber page, laid out so that its letters are those the page says it means."""
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    interpreter = PDFPageInterpreter(page.pdf.rsrcmgr, device)
    interpreter.process_page(page.page_obj)
    page._layout = device.get_result()  # what page.layout would make, and keeps, by itself
    return page


class _Device(PDFPageAggregatorWithMarkedContent):
    """Gives the first glyph of a marked stretch the whole of its actual text, and the others none."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.stretches: list[str | None] = []  # of each open stretch: its text, "" once given, None where it has none

    def begin_tag(self, tag: PSLiteral, props=None) -> None:
        super().begin_tag(tag, props)
        self.stretches.append(_actual_text(props))

    def end_tag(self) -> None:
        super().end_tag()
        if self.stretches:
            self.stretches.pop()

    def render_char(self, *args, **options) -> float:
        advance = super().render_char(*args, **options)
        place = next((p for p, text in enumerate(self.stretches) if text is not None), None)
        if place is not None and self.cur_item._objs:
            self.cur_item._objs[-1]._text = self.stretches[place]
            self.stretches[place] = ""
        return advance


def _actual_text(props) -> str | None:
    written = props.get("ActualText") if isinstance(props, dict) else None
    if not isinstance(written, bytes):
        return None
    if written.startswith(b"\xfe\xff"):
        return written[2:].decode("utf-16-be", errors="ignore")
    return written.decode("latin-1")
