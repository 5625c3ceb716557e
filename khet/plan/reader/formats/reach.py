"""How far a PDF's lines reach towards the right margin, column by column where pages are set in two."""

from itertools import chain, pairwise

from khet.plan.reader.formats.pdf_page import Row
from khet.plan.reader.letters import dictionary, is_thai, width

_Span = tuple[float, float]
# What a line reaches at most when the next one's first word would still have fitted on it.
_ENDED = 70


def reaches_of(pages: list[list[Row]], breadth: float) -> list[list[int]]:
    """For each page its rows' reaches, in hundredths of the breadth of the column they stand in; 0 where unknown.

    breadth   of a page: its right margin is hardly broader than its left one, however short its lines are
    """
    lines = [row for page in pages for row in page if row.right > row.left and not row.is_aside]
    gutter = _gutter(lines) if lines else 0
    spans = [_span([row for row in lines if (row.left >= gutter) == behind]) for behind in (False, True)]
    last = max(place for place in (0, 1) if place == 0 or any(spans[place]))
    left, right = spans[last]
    spans[last] = left, max(right, breadth - spans[0][0] * 1.3)
    reaches = {id(row): _reach(row, spans[row.left >= gutter]) for row in lines}
    if _breaks_between_words(list(reaches.values())):
        for row, below in chain.from_iterable(pairwise(_written(page)) for page in pages):
            room = spans[row.left >= gutter][1] - row.right
            if id(row) in reaches and not row.text.endswith(" ") and room > _first_word(below) * 1.4:
                reaches[id(row)] = min(_ENDED, reaches[id(row)])
    return [[reaches.get(id(row), 0) for row in page] for page in pages]


def _gutter(lines: list[Row]) -> float:
    """Where a second column begins; at the right of all lines when there is none."""
    left, right = _span(lines)
    middle = (left + right) / 2
    behind = [row for row in lines if row.left > middle - 20]
    before = [row for row in lines if row.right < middle + 20]
    across = len(lines) - len(behind) - len(before)
    if min(len(behind), len(before)) >= 4 and across <= len(lines) * 0.25:
        return min(row.left for row in behind)
    return right + 1


def _span(lines: list[Row]) -> _Span:
    return min((row.left for row in lines), default=0), max((row.right for row in lines), default=0)


def _reach(row: Row, span: _Span) -> int:
    left, right = span
    return round(max(1.0, (row.right - left) / (right - left) * 100)) if right > left else 0


def _breaks_between_words(reaches: list[int]) -> bool:
    """True when long lines mostly end close to the margin: they were broken between words, not at spaces alone."""
    long = [reach for reach in reaches if reach >= 75]
    return sum(1 for reach in long if reach >= 93) > len(long) * 0.6


def _written(page: list[Row]) -> list[Row]:
    return [row for row in page if row.text.strip()]


def _first_word(row: Row) -> float:
    """The breadth of the first word of a row: to its first space, or of the longest Thai word it begins with."""
    text = row.text.strip()
    chunk = text.split(" ")[0]
    if is_thai(chunk[:1]) and dictionary():
        sizes = range(min(len(chunk), 20), 1, -1)
        chunk = next((chunk[:size] for size in sizes if chunk[:size] in dictionary()), chunk)
    return (row.right - row.left) * width(chunk) / max(1, width(text))
