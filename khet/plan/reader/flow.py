"""Lines on their way to becoming items, and what can be seen between two of them."""

import re
from dataclasses import dataclass, replace

from khet.plan.reader.letters import is_thai, skeleton, tidy, toneless, width
from khet.plan.reader.marks import Marker
from khet.plan.reader.words import words


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of a plan's text.

    body      the text behind its mark, gaps kept (two spaces part a value's name from its meaning)
    whole     the text with its mark
    lines     where it stands in the document
    gap       blank lines before it
    width     how far the last line in it runs
    open_end  True when a space ended its last line
    inline    stood on its heading's own line
    """

    body: str
    whole: str
    lines: tuple[int, ...]
    marker: Marker | None = None
    gap: int = 0
    width: int = 0
    open_end: bool = False
    inline: bool = False
    level: int = 0
    cells: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The body with single spaces."""
        return tidy(self.body)

    def without_marker(self) -> "Text":
        """The text with its mark taken for words."""
        return replace(self, marker=None, body=self.whole)


_OPENERS, _CLOSERS = "([{“«", ")]}”»"
_DANGLING = re.compile(r"(?:[,(/\-–:“]|\band|\bof|\bthe|\bto)\s*$")


def wants_more(text: str) -> bool:
    """True when the text cannot end here: an open bracket or quote, or a last word that needs another."""
    text = text.rstrip()
    if not text:
        return False
    if has_open_bracket(text) or (_DANGLING.search(text) and not text.endswith(("/-", "..."))):
        return True
    ending = words().ends("unfinished_ends", text)
    if not ending or len(toneless(text)) <= len(ending):
        return _ends_with_small_word(text)
    return not words().ends("unfinished_ends_except", text)


def _ends_with_small_word(text: str) -> bool:
    """True when a last word standing alone needs another: "… ใน", "… of"."""
    found = re.search(r"\s(\S+)$", text)
    return bool(found) and toneless(found[1]) in words().short("unfinished_last_words")


def has_open_bracket(text: str) -> bool:
    """True when the last bracket or curly quote opened is not closed."""
    for opener, closer in zip(_OPENERS, _CLOSERS, strict=True):
        last = text.rfind(opener)
        if last >= 0 and text.find(closer, last) < 0 and text.count(opener) > text.count(closer):
            return len(text) - last < 160
    return text.count('"') % 2 == 1 and len(text) - text.rfind('"') < 160


def leans_back(text: str) -> bool:
    """True when the text cannot begin here: a closing bracket, or a first word that goes on from another."""
    text = text.lstrip()
    if not text:
        return False
    if (
        text[0] in ")]}”ๆฯ,;%"
        or "\u0e31" <= text[0] <= "\u0e3a"
        or "\u0e47" <= text[0] <= "\u0e4e"
        or text[0] in "ะาำๅ"
    ):
        return True
    if words().begins("needy_beginnings", text):
        return not words().begins("needy_beginnings_except", text)
    first = re.match(r"[a-z]{2,}\b", text)
    return bool(first) and len(text.split()) > 1


def begins_with_purpose(text: str) -> bool:
    """True for "เพื่อ…": it goes on from a line that is not of that kind, but may begin each line of a list."""
    return bool(words().begins("purpose_beginnings", text))


def joined(left: Text, right: Text) -> Text:
    """Two texts as one. Thai broken inside a sentence closes up; a space at the break, or Latin letters, keep one."""
    body, more = left.body.rstrip(), right.whole.lstrip()
    close = not left.open_end and not right.gap and body[-1:] and more[:1] and _meets(body[-1]) and _meets(more[0])
    gap = "" if close or body.endswith(("(", "“", "/")) or more[:1] in ")”,ๆ" else " "
    return replace(
        left,
        body=body + gap + more,
        whole=left.whole.rstrip() + gap + more,
        lines=(*left.lines, *right.lines),
        width=right.width,
        open_end=right.open_end,
    )


def _meets(char: str) -> bool:
    return is_thai(char)


def is_lead_in(text: str) -> bool:
    """True for a sentence that only announces what stands below it."""
    text = tidy(text).rstrip(" :：.-–")
    if words().ends("lead_in_ends", text) or words().holds("lead_in_phrases", text):
        return True
    letters = skeleton(text)
    announces = bool(words().holds("lead_in_verbs", text))
    names = any(phrase.letters in letters for phrase in words().phrases if phrase.strong or phrase.rank == 2)
    return announces and names


def is_definition(text: str) -> bool:
    """True for "X หมายถึง …"."""
    return bool(words().holds("definition", text, 1))


def is_label(text: str) -> bool:
    """True for a small heading over part of a list: ด้านปริมาณ, เชิงคุณภาพ."""
    return skeleton(text) in words().letters("labels")


def may_be_label(text: str) -> bool:
    """True for a short line that could stand over part of a list: ด้านโอกาสทางการศึกษา."""
    text = tidy(text).rstrip(" :")
    return is_label(text) or (width(text) <= 45 and bool(words().begins("label_beginnings", text)))


def is_output_label(text: str) -> bool:
    """True for "ผลผลิตที่ 1 …": it names an output whose indicators stand below."""
    label = words().begins("output_labels", text)
    return bool(label) and bool(re.match(r"\s*(?:ที่?)?\s*\d", toneless(text)[len(label) :]))
