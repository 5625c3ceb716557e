"""Lines that are no part of a plan: other sections' headings, menus, addresses, counters."""

import re
from functools import lru_cache

from khet.plan.reader.headings import BRACKETS, heading_of
from khet.plan.reader.letters import bones, skeleton, tidy, unquoted
from khet.plan.reader.offices import is_office_name
from khet.plan.reader.words import words


@lru_cache(maxsize=20_000)
def is_stop(line: str, *, marked: bool = False) -> bool:
    """True for a line that is no part of a plan: another section's heading, a menu entry, an address, a counter."""
    text = unquoted(tidy(line)).strip("*_#|:•- ")
    lowered = text.lower()
    if any(part in lowered for part in words().raw["stop_parts"]) or re.match(r"#[^\s#]", line.strip()):
        return True
    text = text if marked else _COUNTER.sub("", text)
    letters = skeleton(BRACKETS.sub("", text) or text)
    if not letters:
        return False
    if letters in _exact_stops() or all(skeleton(part) in _exact_stops() for part in _ALONGSIDE.split(text)):
        return True
    return not marked and (_begins_stop(letters, text) or _is_stop_of_another(letters, text))


def is_project(line: str) -> bool:
    """True for a line that names a project: "โครงการค่ายรักการอ่าน"."""
    text = tidy(line)
    name = words().begins("project_beginnings", text)
    return bool(name) and not is_stop(text)


def _is_stop_of_another(letters: str, text: str) -> bool:
    """ "ปรัชญาโรงเรียน…", "คำอธิบายวิสัยทัศน์": a section of other matter with its owner's name, or about one of ours."""
    start = words().starts("stops", letters)
    rest = bones(text).rest(len(start)).strip() if len(start) > 4 else ""
    if not rest:
        return False
    section = heading_of(rest) or heading_of(rest.removeprefix("ของ"))
    return is_office_name(BRACKETS.sub("", rest) or rest) or bool(section and not section.rest)


# "ผู้เยี่ยมชม 9,999 คน"
_COUNTER = re.compile(r"(?<=[^\d\s.,])[\s:=]+[\d,.]+\s*(?:คน|ครั้ง)?$")
# "โครงการและงบประมาณ"
_ALONGSIDE = re.compile(r"\s*(?:และ|/|,|&)\s*")


@lru_cache(maxsize=1)
def _exact_stops() -> frozenset[str]:
    return frozenset(words().letters("stops"))


def _begins_stop(letters: str, text: str) -> bool:
    start = words().starts("stop_beginnings", letters)
    if not start or not start.isascii():
        return bool(start)
    rest = bones(text).rest(len(start))
    return not (rest[:1].isascii() and rest[:1].isalpha())
