"""PDFs with a text layer: lines with the gaps between them, running heads marked, ruled tables as rows of cells.

Letters are taken in the order in which the page draws them. Readers that sort them by place put Thai marks behind
the wrong letter and spaces before them, for marks have no width of their own.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median

from khet.plan.reader.document import Document, Line, UnreadableDocument
from khet.plan.reader.letters import has_letters, is_thai, skeleton, tidy, visible
from khet.plan.reader.marks import split_marker

# pdfplumber needs a second for ten pages or so; what lies beyond is read by PDFium, quickly, without tables.
_PAGES_IN_FULL = 80
_MOST_PAGES = 400
_UNMAPPED = re.compile(r"\(cid:\d+\)")


def read_pdf(data: bytes, name: str, *, lang: str = "th") -> Document:
    """The file as a Document. Raises UnreadableDocument when it is locked, damaged or a scan."""
    pages = _in_full(data, name, lang)
    if len(pages) == _PAGES_IN_FULL or not _is_readable(pages):
        quick = _by_pdfium(data, name, lang)
        pages = pages + quick[len(pages) :] if _is_readable(pages) else quick
    if not _is_readable(pages):
        raise UnreadableDocument("scanned_pdf", name, lang=lang)
    heads = _running_heads(pages)
    lines: list[Line] = []
    for number, page in enumerate(pages, 1):
        for text, cells in page:
            head = not cells and _headline(text) in heads
            lines.append(Line(len(lines) + 1, text, cells, "text", number, head))
    return Document(name, "pdf", tuple(lines))


_Page = list[tuple[str, tuple[str, ...]]]


def _is_readable(pages: list[_Page]) -> bool:
    """False for scans, and for fonts that do not say which letters they draw."""
    letters = sum(1 for page in pages for text, _ in page for char in text if char.isalpha())
    unmapped = sum(len(_UNMAPPED.findall(text)) for page in pages for text, _ in page)
    return letters >= 3 * max(1, len(pages)) and unmapped * 5 < letters


def _in_full(data: bytes, name: str, lang: str) -> list[_Page]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            return [_page(page) for page in document.pages[:_PAGES_IN_FULL]]
    except (PdfminerException, PDFPasswordIncorrect) as error:
        locked = isinstance(error, PDFPasswordIncorrect) or any(isinstance(a, PDFPasswordIncorrect) for a in error.args)
        raise UnreadableDocument("locked_pdf" if locked else "damaged", name, lang=lang, reason="PDF") from None
    except Exception:  # a page that pdfminer stumbles over in one of many ways: PDFium is asked instead
        return []


def _by_pdfium(data: bytes, name: str, lang: str) -> list[_Page]:
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
    return [[(_composed(line), ()) for line in text.splitlines() if line.strip()] for text in texts]


def _page(page) -> _Page:
    """The page's lines and table rows, an empty line where the page leaves room."""
    tables = _tables_on(page)
    free = [char for char in page.chars if not any(_inside(char, table.bbox) for table in tables)]
    parts = [(top, [(text, ())]) for top, text in _with_gaps(list(_lines(free)))]
    for table in tables:
        inside = [char for char in page.chars if _inside(char, table.bbox)]
        rows = [tuple(_cell(inside, cell) for cell in row.cells) for row in table.rows]
        parts.append(
            (table.bbox[1], [(" | ".join(map(tidy, cells)), cells) for cells in rows if any(c.strip() for c in cells)])
        )
    if tables:
        parts.sort(key=lambda part: part[0])
    page.close()
    return [line for _top, lines in parts for line in lines]


def _tables_on(page) -> list:
    if len(page.edges) < 8:
        return []
    tables = page.find_tables()
    return [table for table in tables if len(table.rows) > 0 and max(len(row.cells) for row in table.rows) > 1]


def _inside(char: dict, box: tuple) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _lines(chars: Iterable[dict]) -> Iterator[tuple[float, str]]:
    """The lines that the letters make in the order drawn, each with its place from the top of the page."""
    line: list[str] = []
    top = base = end = 0.0
    for char in chars:
        size = char.get("size") or 10
        here = char["matrix"][5] if "matrix" in char else -char["bottom"]
        if line and (abs(here - base) > size * 0.5 or char["x0"] < end - size * 1.5):
            yield top, _composed("".join(line))
            line = []
        if not line:
            top, base, end = char["top"], here, char["x0"]
        gap = char["x0"] - end
        if line and gap > size * 0.28 and char["text"] != " " and line[-1] != " ":
            line.append("   " if gap > size * 2 else " ")
        line.append(char["text"])
        end = max(end, char["x1"]) if gap > -size else char["x1"]
    if line:
        yield top, _composed("".join(line))


def _composed(text: str) -> str:
    """The letters as seen: fonts draw sara am in two parts, and PDFs hand out the parts."""
    return re.sub("\u0e4d([\u0e48-\u0e4b]?) ?\u0e32", "\\1\u0e33", visible(text))


def _with_gaps(lines: list[tuple[float, str]]) -> list[tuple[float, str]]:
    lines = [(top, text) for top, text in lines if text.strip()]
    steps = [below - above for (above, _), (below, _) in pairwise(lines) if 2 < below - above < 200]
    usual = median(steps) if len(steps) > 2 else 0
    spaced: list[tuple[float, str]] = []
    for place, (top, text) in enumerate(lines):
        if usual and place and top - lines[place - 1][0] > usual * 1.6:
            spaced.append((top - 0.1, ""))
        spaced.append((top, text))
    return spaced


def _cell(chars: list[dict], box: tuple | None) -> str:
    """A cell's text, lines that were broken at its edge joined; a line with a mark begins anew."""
    if box is None:
        return ""
    lines: list[str] = []
    for _top, raw in _lines(char for char in chars if _inside(char, (box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1))):
        line = raw.strip()
        marker, _ = split_marker(line)
        if not line:
            continue
        if not lines or (marker and marker.is_sure) or not has_letters(line):
            lines.append(line)
        else:
            close = is_thai(lines[-1][-1]) and is_thai(line[0]) and not raw.startswith(" ")
            lines[-1] += ("" if close else " ") + line
    return "\n".join(lines)


def _headline(text: str) -> str:
    return re.sub(r"\d", "", skeleton(text))


def _running_heads(pages: list[_Page]) -> set[str]:
    """Lines at the top or foot of at least three pages, page numbers aside."""
    counts: Counter[str] = Counter()
    for page in pages:
        filled = [text for text, cells in page if text.strip() and not cells]
        counts.update({_headline(text) for text in filled[:2] + filled[-2:]} - {""} if len(filled) > 4 else ())
    return {head for head, count in counts.items() if count >= 3 and count * 3 > len(pages) and len(head) > 5}
