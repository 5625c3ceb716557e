"""A page's letters made into lines and table rows, in the order in which the page draws them.

Readers that sort letters by place put Thai marks behind the wrong letter and spaces before them, for marks have no
width of their own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from khet.plan.reader.letters import has_letters, is_thai, tidy, visible, width
from khet.plan.reader.marks import split_marker


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a page, or a row of a table on it.

    top       its place from the top of the page
    left, right  where a line begins and ends
    is_aside  drawn out of turn, in the margin: a header or a footer
    """

    text: str
    cells: tuple[str, ...] = ()
    top: float = 0.0
    is_aside: bool = False
    left: float = 0.0
    right: float = 0.0


def rows_of(page) -> list[Row]:
    """The pdfplumber page's lines and table rows, an empty line where the page leaves room."""
    tables = _tables_on(page)
    free = [char for char in page.chars if not any(_inside(char, table.bbox) for table in tables)]
    parts = [(row.top, [row]) for row in _with_gaps(_asides_apart(list(_lines(free))))]
    for table in tables:
        inside = [char for char in page.chars if _inside(char, table.bbox)]
        rows = [tuple(_cell(inside, cell) for cell in row.cells) for row in table.rows]
        top = table.bbox[1]
        written = [Row(" | ".join(map(tidy, cells)), cells, top) for cells in rows if any(c.strip() for c in cells)]
        parts.append((top, written))
    if tables:
        parts.sort(key=lambda part: part[0])
    page.close()
    return [row for _top, rows in parts for row in rows]


def _tables_on(page) -> list:
    if len(page.edges) < 8:
        return []
    tables = page.find_tables()
    return [table for table in tables if len(table.rows) > 0 and max(len(row.cells) for row in table.rows) > 1]


def _inside(char: dict, box: tuple) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _lines(chars: Iterable[dict]) -> Iterator[Row]:
    """The lines that the letters make in the order drawn."""
    line: list[str] = []
    top = base = left = end = 0.0
    for char in chars:
        if not char["text"]:  # a glyph whose letters were given by the one before it
            end = max(end, char["x1"])
            continue
        size = char.get("size") or 10
        here = char["matrix"][5] if "matrix" in char else -char["bottom"]
        if line and (abs(here - base) > size * 0.5 or char["x0"] < end - size * 1.5):
            yield Row(composed("".join(line)), top=top, left=left, right=end)
            line = []
        if not line:
            top, base, left, end = char["top"], here, char["x0"], char["x0"]
        gap = char["x0"] - end
        if line and gap > size * 0.28 and char["text"] != " " and line[-1] != " ":
            line.append("   " if gap > size * 2 else " ")
        line.append(char["text"])
        end = max(end, char["x1"]) if gap > -size else char["x1"]
    if line:
        yield Row(composed("".join(line)), top=top, left=left, right=end)


def composed(text: str) -> str:
    """The letters as seen: fonts draw sara am in two parts, and PDFs hand out the parts."""
    return re.sub("\u0e4d([\u0e48-\u0e4b]?) ?\u0e32", "\\1\u0e33", visible(text))


def _asides_apart(rows: list[Row]) -> list[Row]:
    """The rows, those set apart that a page draws last above all others or first below them."""
    rows = [row for row in rows if row.text.strip()]
    last = len(rows)
    while last > 1 and rows[last - 1].top < min(row.top for row in rows[: last - 1]) - 2:
        last -= 1
    first = 0
    while first < last - 1 and rows[first].top > max(row.top for row in rows[first + 1 : last]) + 2:
        first += 1
    above, below = rows[last:], rows[:first]
    body = rows[first:last]
    return [*(replace(row, is_aside=True) for row in above), *body, *(replace(row, is_aside=True) for row in below)]


def _with_gaps(rows: list[Row]) -> list[Row]:
    steps = [below.top - above.top for above, below in pairwise(rows) if 2 < below.top - above.top < 200]
    usual = median(steps) if len(steps) > 2 else 0
    spaced: list[Row] = []
    for place, row in enumerate(rows):
        if usual and place and row.top - rows[place - 1].top > usual * 1.6:
            spaced.append(Row("", top=row.top - 0.1))
        spaced.append(row)
    return spaced


# What a cell's two margins take at most. A line of more than half the cell is taken for broken: hands break early.
_PADDING = 16


def first_words(row: Row) -> float:
    """The breadth of a row up to its first space."""
    text = row.text.strip()
    return (row.right - row.left) * width(text.split(" ")[0]) / max(1, width(text))


def _cell(chars: list[dict], box: tuple | None) -> str:
    """A cell's text, lines broken at its edge joined; one with a mark, or that had room above, begins anew."""
    if box is None:
        return ""
    lines: list[str] = []
    room = 0.0
    inner = (box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1)
    for row in _lines(char for char in chars if _inside(char, inner)):
        line = row.text.strip()
        marker, _ = split_marker(line)
        if not line:
            continue
        if not lines or (marker and marker.is_sure) or not has_letters(line) or first_words(row) < room:
            lines.append(line)
        else:
            close = is_thai(lines[-1][-1]) and is_thai(line[0]) and not row.text.startswith(" ")
            lines[-1] += ("" if close else " ") + line
        taken, breadth = row.right - row.left, box[2] - box[0]
        room = breadth - taken - _PADDING if taken < breadth / 2 else 0.0
    return "\n".join(lines)
