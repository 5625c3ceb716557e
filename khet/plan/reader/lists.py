"""A section's lines made into its items: marked or not, wrapped, nested, restarted, several on one line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from khet.plan.reader.flow import (
    Text,
    begins_with_purpose,
    is_definition,
    is_label,
    is_lead_in,
    is_output_label,
    joined,
    leans_back,
    may_be_label,
    wants_more,
)
from khet.plan.reader.letters import arabic, has_letters, is_thai, tidy, unquoted, width
from khet.plan.reader.marks import Marker, split_marker, split_run
from khet.plan.reader.measure import Measure
from khet.plan.reader.offices import is_area_office, is_office_name

# Longer than any unnumbered item of the plans we read: beyond it a lone unmarked line is prose.
_PROSE = 230


@dataclass(slots=True)
class Entry:
    """An item of a section: its text, its number as printed, the lines it stands on, the points nested under it."""

    text: str
    lines: tuple[int, ...]
    marker: Marker | None = None
    subs: list["Entry"] = field(default_factory=list)
    cells: tuple[str, ...] = ()

    @property
    def number(self) -> tuple[int, ...]:
        return self.marker.number if self.marker else ()

    def whole(self) -> str:
        """The text with its nested points run on, their marks kept."""
        points = [f"{sub.marker.written} {sub.text}" if sub.marker else sub.text for sub in self.subs]
        return tidy(" ".join([self.text, *points]))

    def all_lines(self) -> tuple[int, ...]:
        return tuple(sorted({*self.lines, *(line for sub in self.subs for line in sub.lines)}))


def entries(texts: Sequence[Text], measure: Measure, *, prose: bool = True, figures: bool = False) -> list[Entry]:
    """The items that the section's texts hold, in order.

    prose    False refuses a long unmarked paragraph (no one writes a strategy or an indicator so)
    figures  True keeps lines that are only figures: the targets of the indicator above them
    """
    texts = settled([part for text in texts for part in _runs_inside(_without_label(text))])
    if any(text.marker for text in texts):
        return _marked(texts, measure)
    return _unmarked(texts, measure, prose, figures)


def settled(texts: Sequence[Text]) -> list[Text]:
    """The texts with doubtful marks (a bare number, a letter) kept only where they count on, or up from one."""
    trusted = {style for style in ("1", "a", "i") if _counts_up(texts, style)}
    if "1" in trusted and any(
        t.marker and t.marker.is_number and t.marker.is_sure and t.marker.number == (1,) for t in texts
    ):
        trusted.discard("1")
    kept: list[Text] = []
    last: Marker | None = None
    for text in texts:
        marker = text.marker
        if marker and not marker.is_sure and marker.style not in trusted:
            if marker.style == "1" and last and last.depth == 1 and marker.follows(last):
                text = replace(text, marker=replace(marker, style=last.style))
            else:
                text = text.without_marker()
        kept.append(text)
        last = text.marker if text.marker and text.marker.is_number else last
    return kept


def _counts_up(texts: Sequence[Text], style: str) -> bool:
    numbers = [t.marker.number[-1] for t in texts if t.marker and t.marker.style == style]
    if style == "a" and numbers == [1] and is_thai(next(t.marker.written for t in texts if t.marker)[0]):
        return True
    return numbers[:2] == [1, 2] and all(b in (a + 1, 1) for a, b in pairwise(numbers))


def _without_label(text: Text) -> Text:
    """ "เชิงปริมาณ : …" without its label."""
    label, colon, rest = text.body.partition(":")
    return replace(text, body=rest.strip()) if colon and rest.strip() and is_label(label) else text


_RUN = re.compile(r"(?:^|(?<=\s))(?:\(1\)|1[.)])\s*(?=\S)")


def _runs_inside(text: Text) -> list[Text]:
    """A heading line's own content cut before the list that starts inside it."""
    if text.marker or not text.inline:
        return [text]
    plain = arabic(text.body)
    start = _RUN.search(plain)
    if not start or not start.start() or not re.search(r"\s\(?2[.)]", plain[start.end() :]):
        return [text]
    marker, body = split_marker(text.body[start.start() :])
    before = Text(text.body[: start.start()].strip(), text.body[: start.start()].strip(), text.lines, inline=True)
    rest = text.body[start.start() :]
    return [before, Text(body, rest, text.lines, marker, 0, text.width, text.open_end, True)]


def _unmarked(texts: Sequence[Text], measure: Measure, prose: bool, figures: bool) -> list[Entry]:
    groups: list[Text] = []
    block = 0  # lines that followed each other without a blank
    for text in texts:
        if groups and _goes_on(groups[-1], text, measure):
            groups[-1] = joined(groups[-1], text)
            continue
        if groups and text.gap and block > 1:
            break  # a solid block has ended; what stands apart is something else
        block = 1 if text.gap and groups and block <= 1 else block + 1
        groups.append(text)
    kept = [
        text for text in _without_outputs(groups) if _is_item(text.plain, prose) or (figures and _is_figure(text.plain))
    ]
    return [Entry(text.plain, text.lines, cells=text.cells) for text in kept]


def _without_outputs(texts: Sequence[Text]) -> list[Text]:
    """The texts without names of outputs: "ผลผลิตที่ 1", and the line behind it when it stands alone."""
    kept: list[Text] = []
    skip = False
    for text in texts:
        if is_output_label(text.plain):
            skip = not has_letters(re.sub(r"^\S+\s*[\d๐-๙]+", "", text.plain), 3)
            continue
        if not skip:
            kept.append(text)
        skip = False
    return kept


def _goes_on(before: Text, text: Text, measure: Measure) -> bool:
    if text.cells or before.cells:
        return False
    if wants_more(before.body) or leans_back(text.body):
        return text.gap <= 2
    if not text.gap and begins_with_purpose(text.body) and not begins_with_purpose(before.body):
        return True
    return not text.gap and measure.is_full(before.width)


def _is_figure(text: str) -> bool:
    return any(char.isdigit() for char in text) and not has_letters(text)


def _is_item(text: str, prose: bool) -> bool:
    if not has_letters(text, 3) or is_lead_in(text) or is_label(text) or is_definition(text):
        return False
    return not is_area_office(text) and (prose or width(text) <= _PROSE)


def _marked(texts: Sequence[Text], measure: Measure) -> list[Entry]:
    reader = _MarkedList(texts, measure)
    return reader.read()


class _MarkedList:
    """Reads a list whose items carry marks; the first mark's shape is the main level, others nest or continue it."""

    def __init__(self, texts: Sequence[Text], measure: Measure):
        self.texts, self.measure = texts, measure
        self.main: Marker = next(text.marker for text in texts if text.marker)
        self.items: list[tuple[Text, list[Text]]] = []
        self.labelled = False

    def read(self) -> list[Entry]:
        preamble = []
        for place, text in enumerate(self.texts):
            if text.marker:
                self._take(text)
            elif not self.items:
                preamble.append(text)
                self.labelled = may_be_label(text.plain)
            elif not self._take_unmarked(text, place):
                break
        return self._before(preamble) + self._entries()

    def _before(self, preamble: list[Text]) -> list[Entry]:
        """Text before the first mark is an item only when the count says one is missing."""
        texts = [text for text in preamble if _is_item(text.plain, prose=True)]
        first = self.main.number[-1:] == (2,) and len(self.main.number) == 1
        return [Entry(tidy(text.body), text.lines) for text in texts[-1:]] if first else []

    def _take(self, text: Text) -> None:
        marker = text.marker
        if not self.items or self._is_main(marker):
            self.items.append((text, []))
        else:
            self.items[-1][1].append(text)

    def _is_main(self, marker: Marker) -> bool:
        last, subs = self.items[-1][0].marker, self.items[-1][1]
        same_shape = marker.style == self.main.style and marker.depth == self.main.depth
        if same_shape:
            return True
        if marker.depth > self.main.depth and self.main.number:
            return False
        if subs and subs[-1].marker and marker.follows(subs[-1].marker) and not same_shape:
            return False
        if marker.is_number and last.is_number and marker.depth == last.depth:
            return marker.follows(last)
        # a main list of bullets takes other bullets as its own; a number under a bullet, or a bullet under one, nests
        return not self.main.number and not marker.number and not subs and marker.style not in "-–+~o*"

    def _take_unmarked(self, text: Text, place: int) -> bool:
        """Join, skip or refuse (False ends the section) a line without a mark."""
        coming = next((t.marker for t in self.texts[place + 1 :] if t.marker), None)
        following = place + 1 < len(self.texts) and bool(self.texts[place + 1].marker)
        last_item, subs = self.items[-1]
        last = subs[-1] if subs else last_item
        restarts = bool(coming and coming.number and coming.number[-1] == 1 and coming.style == self.main.style)
        if not last.body.strip():
            self._join(text)
            return True
        if is_label(text.plain) or (following and restarts and (may_be_label(text.plain) or self.labelled)):
            return True
        leaning = wants_more(last.body) or leans_back(text.body)
        if not leaning and following and restarts and width(text.plain) < 120 and not self.measure.is_full(last.width):
            return False  # an unknown heading over a list of its own
        if self._belongs(text, last, coming, leaning):
            self._join(text)
            return True
        return coming is not None and self._continues(coming)

    def _belongs(self, text: Text, last: Text, coming: Marker | None, leaning: bool) -> bool:
        if is_definition(text.plain) and not leaning:
            return False
        if leaning:
            return text.gap <= 4
        if coming and self._continues(coming):
            return True
        if text.gap:
            return False
        if self.measure.full:
            return self.measure.is_full(last.width)
        translated = text.plain.isascii() and not last.plain.isascii()
        return (width(last.plain) > 24 or translated) and not is_office_name(text.plain) and not is_lead_in(text.plain)

    def _continues(self, coming: Marker) -> bool:
        last = self.items[-1][0].marker
        if not coming.number:
            return coming.style == self.main.style
        return coming.follows(last) or bool(self.items[-1][1] and coming.depth > last.depth)

    def _join(self, text: Text) -> None:
        last_item, subs = self.items[-1]
        if subs:
            subs[-1] = joined(subs[-1], text)
        else:
            self.items[-1] = (joined(last_item, text), subs)

    def _entries(self) -> list[Entry]:
        found = []
        for place, (text, subs) in enumerate(self.items):
            after = self.items[place + 1][0].marker.number if place + 1 < len(self.items) else None
            for marker, body in split_run(text.marker, tidy(text.body), before=after):
                found.append(Entry(tidy(body), text.lines, marker, cells=text.cells))
            if subs and found:
                nested = [
                    pair for sub in subs for pair in ((m, b, sub) for m, b in split_run(sub.marker, tidy(sub.body)))
                ]
                found[-1].subs = [Entry(tidy(body), sub.lines, marker) for marker, body, sub in nested]
        return [entry for entry in found if has_letters(entry.whole(), 2)]


def first_quoted(text: str) -> str:
    """What stands between the text's first quotation marks, else ''."""
    found = re.search(r"[“\"„«](.{8,}?)[”\"»]", text, re.DOTALL)
    return unquoted(tidy(found[1])) if found else ""
