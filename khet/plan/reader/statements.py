"""The two sections that are not plain lists: the vision, one sentence; the values, names with meanings."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise

from khet.plan.reader.flow import (
    Text,
    has_open_bracket,
    is_definition,
    is_lead_in,
    joined,
    leans_back,
    wants_more,
)
from khet.plan.reader.letters import has_letters, is_thai, loosely, skeleton, tidy, unquoted, width
from khet.plan.reader.lists import entries, first_quoted
from khet.plan.reader.measure import Measure
from khet.plan.reader.offices import is_area_office, is_office_name
from khet.plan.reader.reading import Item, Value
from khet.plan.reader.words import words

_LONGEST_VISION = 600


def vision_of(texts: Sequence[Text]) -> Item | None:
    """The vision the texts hold: up to its closing quote, its first block, or a second block that the first needs."""
    if _is_verse(texts):
        return _vision(reduce(joined, texts))
    taken: Text | None = None
    for text in texts:
        body = text.plain
        if taken is None:
            if (is_lead_in(body) and not first_quoted(body)) or not has_letters(body, 4) or _is_gloss(body):
                continue
            taken = text
        elif _vision_goes_on(taken, text):
            taken = joined(taken, text)
        else:
            break
    return _vision(taken) if taken else None


def _is_verse(texts: Sequence[Text]) -> bool:
    """True for a vision set in a few short lines, with or without blank lines between, and nothing else."""
    if not 1 < len(texts) <= 6 or sum(width(text.plain) for text in texts) > 260:
        return False
    plain = [text.plain for text in texts]
    odd = any(text.marker or not has_letters(text.plain, 3) or text.plain.isascii() for text in texts)
    return not odd and not any(is_definition(p) or is_lead_in(p) or is_area_office(p) or "”" in p[:-1] for p in plain)


def _is_gloss(body: str) -> bool:
    """'(Vision)' or 'VISION' on a line of its own, under the heading."""
    return width(body) < 24 and body.strip('() “”"').isascii()


def _vision_goes_on(taken: Text, text: Text) -> bool:
    so_far, body = taken.body, text.plain
    if width(so_far) > _LONGEST_VISION or is_definition(body):
        return False
    if so_far.lstrip()[:1] in '“"' and not has_open_bracket(so_far):
        return False
    if has_open_bracket(so_far) or wants_more(so_far) or leans_back(body):
        return True
    if is_area_office(so_far) or words().begins("vision_beginnings", body):
        return width(so_far) < 300
    if body.isascii() and not so_far.isascii():
        return False
    return not text.gap and not text.marker and width(so_far) < 160


def _vision(taken: Text) -> Item | None:
    body = tidy(taken.body)
    quoted = first_quoted(body)
    if quoted and (body[:1] in '“"„«' or is_lead_in(body.split("“")[0].split('"')[0])):
        body = quoted
    body = unquoted(body)
    return None if is_area_office(body) else Item(body, "", taken.lines)


_PAIR = re.compile(
    r"^(?P<name>.{1,60}?)\s*(?:[:：=]|–|—|\s-\s|→|\s-(?=\S)|"
    + "|".join(loosely(word) for word in words().raw["definition"])
    + r"|(?<=\s)คือ(?=\s))\s*(?P<text>\S.*)$"
)
_GAP = re.compile(r"\s{2,}|\t")
_INITIAL = re.compile(r"^\(?(?P<letter>[A-Z])\)?\s*(?:[:：=.\-–—]|\s)\s*(?=\S)")
_LONE_INITIAL = re.compile(r"\(?[A-Z]\)?\s*[:.=\-–—]?(?=\s|$)")
_INITIALS_RUN = re.compile(r"(?:(?<=\s)|^)([A-Z])\s*(?:[:：=]|-|–|—)\s*(?=\S)")


def values_of(texts: Sequence[Text], measure: Measure) -> list[Value]:
    """The values the texts hold. A motto that only sums them up is not one of them."""
    texts = [part for text in texts if not is_lead_in(text.plain) or _pair(text) for part in _initials_apart(text)]
    if any(text.marker and text.marker.is_sure for text in texts):
        return _marked_values(texts, measure)
    texts = [part for text in _solid(_spelt(texts)) for part in _commas_apart(text)]
    motto, rest = _motto(texts)
    wrapped = _rewrapped(rest, measure)
    found = _alternating(rest, motto) or _alternating(wrapped, motto) or [_value(text) for text in wrapped]
    found = [value for value in found if has_letters(value.name)]
    if not found and motto is not None:
        return [_value(motto)]
    return found


def _marked_values(texts: Sequence[Text], measure: Measure) -> list[Value]:
    by_line = {text.lines[0]: text for text in texts}
    found = []
    for entry in entries(texts, measure):
        source = by_line.get(entry.lines[0])
        gapped = source is not None and source.marker == entry.marker and _column_gap(source.body.strip())
        body = source.body if gapped and len(entry.lines) == 1 else entry.whole()
        found.append(_value(Text(body, body, entry.all_lines(), cells=entry.cells)))
    return found


def _initials_apart(text: Text) -> list[Text]:
    """ "S : Service M : Moral …" run together on one line, cut before each letter."""
    places = [found.start() for found in _INITIALS_RUN.finditer(text.body)]
    if len(places) < 2:
        return [text]
    places = places if places[0] == 0 else [0, *places]
    pieces = [text.body[start:end].strip(" ,;") for start, end in zip(places, [*places[1:], None], strict=True)]
    return [Text(piece, piece, text.lines, None, text.gap, text.width) for piece in pieces if piece]


def _spelt(texts: Sequence[Text]) -> list[Text]:
    """An acronym spelt down the page, its letters alone on lines: each with its word and meaning behind it."""
    if sum(1 for text in texts if _LONE_INITIAL.fullmatch(text.plain)) < 2:
        return list(texts)
    kept: list[Text] = []
    for text in texts:
        before = kept[-1] if kept and _LONE_INITIAL.match(kept[-1].plain) else None
        if before is None or _LONE_INITIAL.fullmatch(text.plain):
            kept.append(text)
        else:
            gap = "  " if _is_latin(before.body) and not _is_latin(text.body) else " "
            kept[-1] = replace(before, body=before.body + gap + text.plain, lines=(*before.lines, *text.lines))
    return kept


def _commas_apart(text: Text) -> list[Text]:
    """ "Care, Courage, Candour": several short names on one line."""
    names = [name.strip(" .") for name in re.split(r"\s*[,;،、|]\s*(?:และ|and\s)?", text.plain)]
    if len(names) < 3 or any(not has_letters(name, 2) or width(name) > 25 for name in names) or _pair(text):
        return [text]
    return [Text(name, name, text.lines, None, text.gap, text.width) for name in names]


def _solid(texts: Sequence[Text]) -> list[Text]:
    """The texts up to where a solid block of them ends and something stands apart that is no value."""
    kept: list[Text] = []
    block = 0
    for text in texts:
        apart = text.gap and not (_pair(text) or _INITIAL.match(text.body))
        if kept and apart and (block > 2 or (kept[0].inline and block == 1 and not _is_motto(kept[0]))):
            break
        if is_office_name(text.plain) or width(text.plain) > 400:
            break
        block = 1 if text.gap else block + 1
        kept.append(text)
    return kept


def _is_motto(text: Text) -> bool:
    return text.plain[:1] in "“\"‘'«" or unquoted(text.plain).isupper()


def _motto(texts: Sequence[Text]) -> tuple[Text | None, list[Text]]:
    """The quoted or capital-letter line that sums the values up, and the other texts."""
    if not texts:
        return None, []
    first, rest = texts[0], list(texts[1:])
    body = first.plain
    quoted = body[:1] in "“\"‘'«" or first_quoted(body) != ""
    letters = unquoted(body).replace(".", "").replace(" ", "")
    initials = "".join(found["letter"] for text in rest if (found := _INITIAL.match(text.body)))
    acronym = letters.isascii() and letters.isupper() and 2 <= len(letters) <= 12
    sums_up = len(initials) > 1 and initials in letters.upper() and not _INITIAL.match(first.body)
    if (
        rest
        and (quoted or acronym or sums_up or is_lead_in(body))
        and not (_pair(first) and not quoted and not acronym)
    ):
        return first, rest
    return None, list(texts)


def _rewrapped(texts: Sequence[Text], measure: Measure) -> list[Text]:
    groups: list[Text] = []
    for text in texts:
        full = groups and not text.gap and measure.is_full(groups[-1].width) and not _pair(text)
        if groups and (full or wants_more(groups[-1].body) or leans_back(text.body)):
            groups[-1] = joined(groups[-1], text)
        else:
            groups.append(text)
    return groups


def _alternating(texts: Sequence[Text], motto: Text | None) -> list[Value]:
    """Names and meanings on lines by turns: Latin then Thai, or words of the motto each with its explanation."""
    if any(_pair(text) for text in texts):
        return []
    if motto and (found := _from_motto(texts, skeleton(motto.plain))):
        return found
    bodies = [text.plain for text in texts]
    if len(bodies) < 4 or len(bodies) % 2:
        return []
    names, meanings = bodies[::2], bodies[1::2]
    latin = all(_is_latin(name) for name in names) and not any(_is_latin(meaning) for meaning in meanings)
    longer = all(
        width(name) <= 30 and width(meaning) > width(name) * 1.6 for name, meaning in zip(names, meanings, strict=True)
    )
    if not (latin or (motto is not None and longer)):
        return []
    return [_named(a, [b]) for a, b in zip(texts[::2], texts[1::2], strict=True)]


def _from_motto(texts: Sequence[Text], motto: str) -> list[Value]:
    """The motto's words, each on a line above the lines that explain it."""
    names = [place for place, text in enumerate(texts) if width(text.plain) <= 30 and skeleton(text.plain) in motto]
    if len(names) < 2 or names[0] != 0 or any(b - a < 2 for a, b in pairwise([*names, len(texts)])):
        return []
    return [_named(texts[a], texts[a + 1 : b]) for a, b in pairwise([*names, len(texts)])]


def _named(name: Text, meaning: Sequence[Text]) -> Value:
    whole = reduce(joined, meaning)
    return Value(unquoted(name.plain), tidy(whole.body), (*name.lines, *whole.lines))


def _is_latin(text: str) -> bool:
    return has_letters(text) and not any(is_thai(char) for char in text)


def _pair(text: Text) -> tuple[str, str] | None:
    """The name and meaning on one line: cells, a wide gap, a sign between, or English followed by Thai."""
    cells = [cell for cell in text.cells if cell.strip()]
    if len(cells) >= 2:
        return " ".join(cells[:-1]), cells[-1]
    body = text.body.strip()
    gap = _column_gap(body)
    if gap and 0 < gap.start() <= 60 and not body[: gap.start()].endswith((":", "=", "-")):
        return body[: gap.start()], body[gap.end() :]
    found = _PAIR.match(tidy(body))
    if found and has_letters(found["name"]):
        return found["name"], found["text"]
    return None


def _column_gap(body: str) -> re.Match | None:
    """The gap that parts two columns: the line's only wide one. A page may well set every space twice."""
    gaps = list(_GAP.finditer(body))
    wide = [gap for gap in gaps if len(gap[0]) > 2 or gap[0] == "\t"]
    return gaps[0] if len(gaps) == 1 else wide[0] if len(wide) == 1 else None


def _value(text: Text) -> Value:
    pair = _pair(text)
    if pair:
        name, meaning = unquoted(tidy(pair[0])), unquoted(tidy(pair[1]))
        if re.fullmatch(r"\(?[A-Za-z]\)?", name):
            name, meaning = _with_initial(tidy(text.body), name, meaning)
        return Value(name, meaning, text.lines)
    return _latin_then_thai(unquoted(text.plain), text.lines)


def _with_initial(body: str, initial: str, meaning: str) -> tuple[str, str]:
    """'S : Service Mind จิตบริการ' → ('S : Service Mind', 'จิตบริการ'): the letter stays with the word it stands for."""
    place = next((i for i, char in enumerate(meaning) if is_thai(char)), -1)
    head = meaning[:place].strip(' :=–—-(“"') if place > 0 else ""
    if place < 0 and has_letters(meaning, 2) and len(meaning.split()) < 6:
        return tidy(body), ""
    if head and has_letters(head, 2):
        end = body.find(head) + len(head)
        return tidy(body[:end]), tidy(meaning[place:]).rstrip(")")
    return initial, meaning


def _latin_then_thai(body: str, lines: tuple[int, ...]) -> Value:
    """'Self-Improvement พัฒนาตน' → its two halves."""
    found = re.match(r"^([A-Za-z][A-Za-z .,&'’/-]*?)\s*[(\s]\s*([\u0e01-\u0e4e].*?)\)?$", body)
    return (
        Value(tidy(found[1]), tidy(found[2]), lines) if found and has_letters(found[1], 2) else Value(body, "", lines)
    )
