"""PDFs with a text layer: lines with the gaps between them, running heads marked, ruled tables as rows of cells.

PDFium reads text and places at a hundred pages a second; pdfplumber finds tables but needs a second for a few pages,
so it is asked only about pages whose words say that a table of the plan stands there.
"""

import io
import re
from collections import Counter
from statistics import median

from khet.plan.reader.document import Document, Line, UnreadableDocument
from khet.plan.reader.letters import has_letters, is_thai, skeleton, tidy, visible
from khet.plan.reader.marks import split_marker

_MOST_PAGES = 400
_MOST_TABLE_PAGES = 60
# Heads of the tables that plans print: an indicator column beside a target or strategy column.
_TABLE_WORDS = ("ตัวชี้วัด", "ตัวบ่งชี้", "kpi", "indicator")
_TABLE_PARTNERS = ("เป้าหมาย", "ยุทธศาสตร์", "กลยุทธ์", "target", "strateg")


def read_pdf(data: bytes, name: str, *, lang: str = "th") -> Document:
    """The file as a Document. Raises UnreadableDocument when it is locked, damaged or a scan."""
    pages = _pages(data, name, lang)
    letters = sum(1 for lines in pages for line in lines for char in line if char.isalpha())
    if letters < 3 * max(1, len(pages)):
        raise UnreadableDocument("scanned_pdf", name, lang=lang)
    heads = _running_heads(pages)
    tabled = _tables(data, [i for i, lines in enumerate(pages) if _may_hold_table(lines)][:_MOST_TABLE_PAGES])
    lines: list[Line] = []
    for number, page in enumerate(pages):
        for text, cells in tabled.get(number) or [(text, ()) for text in page]:
            head = not cells and _headline(text) in heads
            lines.append(Line(len(lines) + 1, text, cells, "text", number + 1, head))
    return Document(name, "pdf", tuple(lines))


def _pages(data: bytes, name: str, lang: str) -> list[list[str]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        try:
            return [_page_lines(document[place]) for place in range(min(len(document), _MOST_PAGES))]
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        fault = "locked_pdf" if "password" in str(error).lower() else "damaged"
        raise UnreadableDocument(fault, name, lang=lang, reason="PDF") from None


def _page_lines(page) -> list[str]:
    """The page's lines, an empty one where the page leaves room."""
    words = page.get_textpage()
    text = words.get_text_range()
    lines, place, tops = [], 0, []
    for raw in re.split(r"(\r\n|\r|\n)", text):
        if raw in ("\r\n", "\r", "\n"):
            place += len(raw)
            continue
        if raw.strip():
            lines.append(visible(raw))
            tops.append(_height(words, place + len(raw) - len(raw.lstrip())))
        place += len(raw)
    words.close()
    page.close()
    return _with_gaps(lines, tops)


def _height(words, place: int) -> float | None:
    try:
        return words.get_charbox(place)[3] if place < words.count_chars() else None
    except Exception:  # PDFium knows no box for some generated characters
        return None


def _with_gaps(lines: list[str], tops: list[float | None]) -> list[str]:
    steps = [a - b for a, b in zip(tops, tops[1:], strict=False) if a is not None and b is not None and 2 < a - b < 200]
    usual = median(steps) if len(steps) > 2 else 0
    spaced: list[str] = []
    for place, line in enumerate(lines):
        above, here = (tops[place - 1] if place else None), tops[place]
        if usual and above is not None and here is not None and above - here > usual * 1.6:
            spaced.append("")
        spaced.append(line)
    return spaced


def _headline(text: str) -> str:
    return re.sub(r"\d", "", skeleton(text))


def _running_heads(pages: list[list[str]]) -> set[str]:
    """Lines at the top or foot of at least three pages, page numbers aside."""
    counts: Counter[str] = Counter()
    for page in pages:
        filled = [line for line in page if line.strip()]
        edges = {_headline(line) for line in filled[:2] + filled[-2:]} if len(filled) > 4 else set()
        counts.update(edges - {""})
    return {head for head, count in counts.items() if count >= 3 and count * 3 > len(pages) and len(head) > 5}


def _may_hold_table(lines: list[str]) -> bool:
    text = skeleton(" ".join(lines))
    return any(skeleton(w) in text for w in _TABLE_WORDS) and any(skeleton(w) in text for w in _TABLE_PARTNERS)


def _tables(data: bytes, places: list[int]) -> dict[int, list[tuple[str, tuple[str, ...]]]]:
    """For the pages that hold ruled tables: their lines, rows with cells."""
    if not places:
        return {}
    import pdfplumber

    found = {}
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            for place in places:
                rows = _page_rows(document.pages[place])
                if rows:
                    found[place] = rows
    except Exception:  # a page pdfplumber stumbles over is still read as lines
        return found
    return found


def _page_rows(page) -> list[tuple[str, tuple[str, ...]]]:
    tables = [
        table for table in page.find_tables() if len(table.rows) > 1 and max(len(row.cells) for row in table.rows) > 1
    ]
    if not tables:
        return []

    def outside(item: dict) -> bool:
        middle = (item.get("top", 0) + item.get("bottom", 0)) / 2, (item.get("x0", 0) + item.get("x1", 0)) / 2
        return not any(t.bbox[1] <= middle[0] <= t.bbox[3] and t.bbox[0] <= middle[1] <= t.bbox[2] for t in tables)

    parts = [(line["top"], [(visible(line["text"]), ())]) for line in page.filter(outside).extract_text_lines()]
    for table in tables:
        rows = [tuple(_cell(cell) for cell in row) for row in table.extract()]
        parts.append(
            (table.bbox[1], [(" | ".join(map(tidy, cells)), cells) for cells in rows if any(c.strip() for c in cells)])
        )
    return [line for _top, lines in sorted(parts, key=lambda part: part[0]) for line in lines]


def _cell(text: str | None) -> str:
    """A cell's text, lines that were broken at its edge joined; a line with a mark begins anew."""
    lines: list[str] = []
    for raw in (text or "").split("\n"):
        line = visible(raw).strip()
        marker, _ = split_marker(line)
        if not line:
            continue
        if not lines or (marker and marker.is_sure) or not has_letters(line):
            lines.append(line)
        else:
            close = is_thai(lines[-1][-1]) and is_thai(line[0])
            lines[-1] += ("" if close else " ") + line
    return "\n".join(lines)
