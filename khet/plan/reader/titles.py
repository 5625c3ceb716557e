"""The title of a numbered heading, told from the list behind it."""

import re
from collections.abc import Sequence

from khet.plan.reader.flow import Text, is_lead_in, joined, leans_back, may_be_label, wants_more
from khet.plan.reader.letters import arabic, has_letters, toneless, width
from khet.plan.reader.marks import split_marker
from khet.plan.reader.measure import Measure
from khet.plan.reader.targets import named_measure
from khet.plan.reader.words import words

_RUN_IN_TITLE = re.compile(r"\s(?:\(1\)|1[.)])\s*(?=\S)")


def _cut_title(title: Text) -> tuple[Text, Text | None]:
    """A title run together with the list behind it, cut in two."""
    plain = arabic(title.body)
    start = _RUN_IN_TITLE.search(plain)
    if not start or start.start() < 4:
        return title, None
    rest = title.body[start.start() :].strip()
    marker, body = split_marker(rest)
    counted = re.search(r"\s\(?2[.)]", plain[start.end() :])
    if marker is None or not (counted or named_measure(body)):
        return title, None
    head = title.body[: start.start()].strip()
    return (
        Text(head, head, title.lines, None, title.gap, title.width, False, title.inline),
        Text(body, rest, title.lines, marker, 0, title.width, title.open_end),
    )


def title_and_rest(texts: Sequence[Text], measure: Measure) -> tuple[Text | None, list[Text]]:
    """The title of a numbered heading, its broken lines joined, and the texts behind it."""
    if not texts:
        return None, []
    first = texts[0]
    if not first.inline and first.marker and first.marker.number == (1,) and sum(1 for t in texts if t.marker) > 1:
        return None, list(texts)
    title, tail = _cut_title(first)
    place = 1
    while tail is None and place < len(texts) and _goes_on(title, texts, place, measure):
        title, tail = _cut_title(joined(title, texts[place]))
        place += 1
    return title, [*([tail] if tail else []), *texts[place:]]


def _goes_on(title: Text, texts: Sequence[Text], place: int, measure: Measure) -> bool:
    text = texts[place]
    if text.marker and text.marker.is_sure:
        return False
    if wants_more(title.body) or leans_back(text.body):
        return text.gap <= 1
    if text.gap or is_lead_in(text.plain) or may_be_label(text.plain):
        return False
    if measure.full:
        return measure.is_full(title.width)
    list_follows = place + 1 < len(texts) and bool(texts[place + 1].marker)
    return list_follows and place == 1 and width(text.plain) < 100


def is_tally(title: str) -> bool:
    """True for "จำนวน 12 โครงการ งบประมาณ 1,200,000 บาท": no title, but what a strategy's projects come to."""
    left = re.sub(r"[\d.,()\s]", "", toneless(title))
    for word in words().short("tally_words"):
        left = left.replace(word, "")
    return bool(title.strip()) and not has_letters(left) and has_letters(title)
