"""PDFs with a text layer: the pages' lines and table rows in order, those that stand on every page marked."""

import io
import logging
import re
from collections import defaultdict
from itertools import pairwise

from khet.plan.reader.document import Document, Line, UnreadableDocument
from khet.plan.reader.formats.pdf_page import Row, composed, rows_of
from khet.plan.reader.formats.reach import reaches_of
from khet.plan.reader.letters import arabic, skeleton

# pdfplumber needs a second for a dozen pages or so; what lies beyond is read by PDFium, quickly, without tables.
_PAGES_IN_FULL = 150
_MOST_PAGES = 400
_UNMAPPED = re.compile(r"\(cid:\d+\)")


def read_pdf(data: bytes, name: str, *, lang: str = "th") -> Document:
    """The file as a Document. Raises UnreadableDocument when it is locked, damaged or a scan."""
    pages, breadth = _in_full(data, name, lang)
    if len(pages) == _PAGES_IN_FULL or not _is_readable(pages):
        quick = _by_pdfium(data, name, lang)
        pages = pages + quick[len(pages) :] if _is_readable(pages) else quick
    if not _is_readable(pages):
        raise UnreadableDocument("scanned_pdf", name, lang=lang)
    heads = _running_heads(pages)
    lines: list[Line] = []
    for number, (page, reaches) in enumerate(zip(pages, reaches_of(pages, breadth), strict=True), 1):
        for row, reach in zip(page, reaches, strict=True):
            head = row.is_aside or (not row.cells and _headline(row.text) in heads)
            lines.append(Line(len(lines) + 1, row.text, row.cells, "text", number, head, reach))
    return Document(name, "pdf", tuple(lines))


def _is_readable(pages: list[list[Row]]) -> bool:
    """False for scans, and for fonts that do not say which letters they draw."""
    letters = sum(1 for page in pages for row in page for char in row.text if char.isalpha())
    unmapped = sum(len(_UNMAPPED.findall(row.text)) for page in pages for row in page)
    return letters >= 3 * max(1, len(pages)) and unmapped * 5 < letters


def _in_full(data: bytes, name: str, lang: str) -> tuple[list[list[Row]], float]:
    """The first pages' rows, and how broad a page is."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    from khet.plan.reader.formats.glyphs import with_actual_text

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every font that leaves a measure out
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            pages = document.pages[:_PAGES_IN_FULL]
            breadth = max((float(page.width) for page in pages), default=0.0)
            return [rows_of(with_actual_text(page)) for page in pages], breadth
    except (PdfminerException, PDFPasswordIncorrect) as error:
        locked = isinstance(error, PDFPasswordIncorrect) or any(isinstance(a, PDFPasswordIncorrect) for a in error.args)
        raise UnreadableDocument("locked_pdf" if locked else "damaged", name, lang=lang, reason="PDF") from None
    except Exception:  # a page that pdfminer stumbles over in one of many ways: PDFium is asked instead
        return [], 0.0


def _by_pdfium(data: bytes, name: str, lang: str) -> list[list[Row]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        try:
            texts = [
                document[place].get_textpage().get_text_range() for place in range(min(len(document), _MOST_PAGES))
            ]
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        fault = "locked_pdf" if "password" in str(error).lower() else "damaged"
        raise UnreadableDocument(fault, name, lang=lang, reason="PDF") from None
    return [[Row(composed(line)) for line in text.splitlines() if line.strip()] for text in texts]


def _headline(text: str) -> str:
    return re.sub(r"\d", "", skeleton(text))


def _running_heads(pages: list[list[Row]]) -> set[str]:
    """Lines, page numbers aside, at the top or foot of at least three pages, or of two that they number."""
    found: dict[str, dict[int, str]] = defaultdict(dict)  # a line's letters -> the pages it is on, as written there
    for number, page in enumerate(pages):
        filled = [row.text for row in page if row.text.strip() and not row.cells]
        for text in filled[:2] + filled[-2:] if len(filled) > 4 else ():
            found[_headline(text)][number] = text
    return {
        head
        for head, places in found.items()
        if len(head) > 5 and len(places) * 3 > len(pages) and (len(places) > 2 or _counts_pages(places))
    }


def _counts_pages(places: dict[int, str]) -> bool:
    """True when the last number in the line goes up with the pages."""
    numbers = [(page, re.findall(r"\d+", arabic(text))[-1:]) for page, text in sorted(places.items())]
    return len(places) > 1 and all(
        before and after and int(after[0]) - int(before[0]) == there - here
        for (here, before), (there, after) in pairwise(numbers)
    )
