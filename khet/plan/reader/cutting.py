"""Lines on which a page or a table was run together, cut before each heading inside them."""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from khet.plan.reader.headings import heading_of
from khet.plan.reader.letters import PAGE, has_letters, loosely
from khet.plan.reader.words import words


def parts_of(text: str) -> list[str]:
    """The line, cut before each further heading when a page or table was run together on it."""
    sections = _cut(text.strip(), _section_heads)
    levels = _level_heads if len(sections) == 1 else _all_level_heads  # a whole page was run together
    return [part for section in sections for part in _cut(section, levels)]


def _cut(text: str, places_in: Callable[[str], set[int]]) -> list[str]:
    # where no letters stand before a heading, they are its own mark
    places = sorted({0} | {place for place in places_in(text) if has_letters(text[:place])})
    if len(places) == 1:
        return [text]
    pieces = (_HANGING.sub("", text[a:b]).strip() for a, b in pairwise([*places, len(text)]))
    return [piece for piece in pieces if piece]


# "… 3) สร้างโอกาส และมี" before "เป้าประสงค์ …"
_HANGING = re.compile(r"\s(?:และ|โดย)?(?:มี|ได้กำหนด|กำหนด)$|\sและ$")


def _level_heads(text: str) -> set[int]:
    """Places of "ยุทธศาสตร์ที่ N" inside a line that begins with a table head, a page number or another such."""
    places = [found.start() for found in _level_pattern().finditer(text)]
    if not places or places == [0]:
        return set()
    before = _PAGE_PREFIX.sub("", text[: places[0]]) if places[0] else ""
    first = heading_of(before) if before.strip() else None
    if places[0] == 0 or (first and first.kind in ("title", "strategies")) or (not has_letters(before)):
        return {*places, *_table_head_start(text, places[0])}
    return set()


def _all_level_heads(text: str) -> set[int]:
    return {found.start() for found in _level_pattern().finditer(text)}


def _table_head_start(text: str, place: int) -> set[int]:
    """Where the run of column names before the first row begins: the last words that are all headings."""
    start, found = place, set()
    for word in reversed(list(re.finditer(r"\S+", text[:place]))):
        heading = heading_of(word[0])
        if not heading or heading.rest or heading.kind == "title":
            break
        start, found = word.start(), {word.start()}
    prefix = _PAGE_PREFIX.match(text)
    return ({start} if found and start else set()) | ({prefix.end()} if prefix else set())


def _section_heads(text: str) -> set[int]:
    places = {}
    for found in _section_pattern().finditer(text):
        heading = heading_of(found[0].strip(' :(“"1๑.'))
        if heading and heading.kind != "title":
            places.setdefault(found.start(), heading.kind)
    return set(places)


@lru_cache(maxsize=1)
def _level_pattern() -> re.Pattern:
    names = sorted(
        {p.written for p in words().phrases if p.rank in (1, 2) and not p.written.isascii()}, key=len, reverse=True
    )
    return re.compile(
        r"(?:(?<=\s)|^)(?:"
        + "|".join(loosely(name) for name in names if " " not in name)
        + r")\s*ท[\u0e34-\u0e3a\u0e47-\u0e4e]*\s*[\d๐-๙]+"
    )


@lru_cache(maxsize=1)
def _section_pattern() -> re.Pattern:
    names = sorted(
        {
            p.written
            for p in words().phrases
            if (p.strong or p.rank in (1, 2)) and not p.numbered and not p.written.isascii()
        },
        key=len,
        reverse=True,
    )
    shape = "|".join(loosely(name) for name in names if not re.search(r"[/ (]", name))
    led = r"(?:(?<=\s)|(?<=\sมี)|(?<=\sและมี)|(?<=\sกำหนด)|^)"
    announced = "|".join(loosely(word) for word in words().raw["list_announcers"])
    counted = rf"(?:[\d๐-๙]{{1,2}}\s*\S{{1,16}}\s+)?(?:{announced})"
    return re.compile(
        rf"{led}(?:{shape})\s*(?:\([^()]{{2,30}}\))?\s*(?=[:：“\"]|\(?[1๑][.)]|{counted}\s*[:：]?\s*(?:[“\"]|\(?[1๑][.)]|\S+ท[\u0e34-\u0e4e]*))"
    )


_PAGE_PREFIX = re.compile(rf"\s*{PAGE}\s*\|?\s*\d{{1,3}}\s+(?=\S)", re.IGNORECASE)
