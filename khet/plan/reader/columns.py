"""Pages of two columns whose lines run across both: the left column's lines first, then the right one's."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from khet.plan.reader.document import Line
from khet.plan.reader.headings import heading_of
from khet.plan.reader.letters import width

_SECTIONS = ("vision", "missions", "values", "goals", "strategies")
_GAP = re.compile(r"(?<=\S)(?: {3,}|\t+)(?=\S)")


def without_columns(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, those of two columns one below the other; only where each column has headings of its own."""
    split = [_halves(line) for line in lines]
    gutter = _gutter([place for halves in split for place, _left, _right in halves])
    if gutter is None:
        return tuple(lines)
    left: list[Line] = []
    right: list[Line] = []
    for line, halves in zip(lines, split, strict=True):
        at = next((half for half in halves if abs(half[0] - gutter) <= 2), None)
        if at:
            left.append(replace(line, text=at[1], cells=()))
            right.append(replace(line, text=at[2], cells=()))
        elif width(line.text) - width(line.text.lstrip()) >= gutter - 2:
            right.append(replace(line, text=line.text.strip()))
        else:
            left.append(line)
    return (*left, *right) if _is_page_of_two(left, right) else tuple(lines)


def _is_page_of_two(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """True when each column has a section's heading that is beside none of the other's: a table's head is a pair."""
    ours, theirs = _headings(left), _headings(right)
    return all(
        any(kind in _SECTIONS and number not in others for number, kind in own.items())
        for own, others in ((ours, theirs), (theirs, ours))
    )


def _halves(line: Line) -> list[tuple[int, str, str]]:
    """Each way to cut a line at a wide gap: where the right part begins, the left part, the right part."""
    text = line.text.rstrip()
    return [(width(text[: gap.end()]), text[: gap.start()], text[gap.end() :]) for gap in _GAP.finditer(text)]


def _gutter(places: list[int]) -> int | None:
    """The column at which many right parts begin, within two of it; None when there are not enough."""
    counts = Counter(places)
    near = {place: sum(counts[place + step] for step in range(-2, 3)) for place in counts}
    best = max(near, key=near.__getitem__, default=0)
    return best if near.get(best, 0) >= 5 else None


def _headings(lines: Sequence[Line]) -> dict[int, str]:
    """Which lines are bare headings: {line number: kind}."""
    found = ((line.number, heading_of(line.text)) for line in lines)
    return {number: heading.kind for number, heading in found if heading and not heading.rest}
