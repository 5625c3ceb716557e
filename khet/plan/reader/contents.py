"""The list of contents: it names every section of the plan and holds none."""

import re
from collections.abc import Sequence
from dataclasses import replace

from khet.plan.reader.document import Line
from khet.plan.reader.letters import arabic, skeleton, tidy
from khet.plan.reader.marks import takes_number
from khet.plan.reader.words import words

_ENTRY = re.compile(r"(?P<title>.*\S)[\s.…·_\-–]+(?P<page>\d{1,3}|[ก-ฮ]|[ivx]{1,4})\s*")


def without_contents(lines: Sequence[Line]) -> list[Line]:
    """The lines, those of a list of contents emptied: from its title on, as long as lines end in page numbers."""
    kept = list(lines)
    place = 0
    while place < len(kept):
        place += 1
        if skeleton(re.sub(r"\(.*?\)", "", kept[place - 1].text)) in words().letters("contents"):
            end = _end(kept, place)
            kept[place:end] = [replace(line, text="", cells=()) for line in kept[place:end]]
            place = end
    return kept


def _end(lines: Sequence[Line], start: int) -> int:
    """Where the list that begins at a place ends: behind its last entry; a line without a number may stand between."""
    end, page, missed = start, 0, 0
    for place in range(start, len(lines)):
        text = tidy(lines[place].text)
        if not text:
            continue
        found = _page(text)
        if found is None or found < page:
            missed += 1
            if missed > 2:
                break
        else:
            end, page, missed = place + 1, found, 0
    return end


def _page(text: str) -> int | None:
    """The page number that ends an entry, 0 when it is a letter; None for a line that is no entry."""
    found = _ENTRY.fullmatch(arabic(text))
    if not found or takes_number(found["title"]):
        return None
    return int(found["page"]) if found["page"].isdigit() else 0
