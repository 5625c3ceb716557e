"""Sections that a sentence opens and no heading: "… จึงกำหนดพันธกิจ ดังนี้", "… กำหนดวิสัยทัศน์ไว้ว่า “…”"."""

import re
from functools import lru_cache

from khet.plan.reader.flow import is_lead_in
from khet.plan.reader.headings import Heading
from khet.plan.reader.letters import loosely, skeleton, tidy
from khet.plan.reader.words import words

# Between the section's name and the "ดังนี้" at the sentence's end: named further off, it is named in passing.
_FARTHEST = 30


def announced(sentence: str) -> Heading | None:
    """The heading that a sentence stands for, when it ends by announcing the section it names."""
    if not is_lead_in(sentence) or not words().ends("lead_in_ends", sentence):
        return None
    letters = skeleton(sentence)
    named = [
        (place, len(p.letters), p)
        for p in words().phrases
        if not p.numbered and (place := letters.rfind(p.letters)) >= 0 and not _is_aimed_at(letters[:place])
    ]
    if not named:
        return None
    place, size, phrase = max(named, key=lambda entry: (entry[0] + entry[1], entry[1]))
    if len(letters) - place - size > _FARTHEST or (phrase.rank == 0 and not phrase.strong):
        return None
    return Heading(phrase.kind, phrase.rank, word=phrase.written)


def _is_aimed_at(before: str) -> bool:
    """True behind "บรรลุ…": a section named as the end that another one serves."""
    return any(before.endswith(verb) for verb in words().letters("aims"))


def vision_said(sentence: str) -> Heading | None:
    """The vision that a sentence states in quotation marks."""
    found = _vision_said().search(sentence)
    if not found:
        return None
    return Heading("vision", rest=tidy(sentence[found.start("said") :]), word=found["word"], strong=True)


@lru_cache(maxsize=1)
def _vision_said() -> re.Pattern:
    names = "|".join(loosely(p.written) for p in words().phrases if p.kind == "vision" and not p.written.isascii())
    return re.compile(rf"(?P<word>{names})\S{{0,12}}\s*(?:\S{{1,12}}\s*)?(?P<said>[“\"„«].{{8,}})")
