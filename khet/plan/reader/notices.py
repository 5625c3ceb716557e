"""Slips a person should look at: passed years, misspelt names, undefined levels, odd targets, gaps in numbering."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from khet.plan.reader.document import Document
from khet.plan.reader.letters import arabic, dictionary, mended, one_apart, tidy, toneless
from khet.plan.reader.reading import Indicator, Item, Notice, PlanReading, Strategy, Value
from khet.plan.reader.words import words

_YEAR = re.compile(r"(?<!\d)(2[45]\d\d|20[0-6]\d)(?!\d)")
_ACRONYM = re.compile(r"(?<![A-Za-z-])[A-Z](?:-?[A-Za-z]){2,7}(?![A-Za-z-])")
# More suspected misspellings than this, and it is the file's letters that are damaged, not the writer's spelling.
_MOST_SLIPS = 6


def notices_of(reading: PlanReading, document: Document, *, today: date) -> list[Notice]:
    """What the reading's parts give cause to look at, by line; the reading's own notices come with it."""
    if reading.is_empty:
        return reading.notices or [Notice(1, "no_plan")]
    found = [
        *reading.notices,
        *_passed_years(reading, today),
        *_acronyms(reading),
        *_misspellings(reading),
        *_undefined_levels(reading, document),
        *_odd_percentages(reading),
        *_open_brackets(reading),
        *_numbering(reading),
        *_without_indicators(reading),
        *_old_names(reading),
    ]
    if not reading.complete:
        found.append(Notice(max((line.number for line in document.lines if line.text.strip()), default=1), "cut"))
    return sorted(found, key=lambda notice: notice.line)


def parts_of(reading: PlanReading) -> Iterator[Item | Value | Strategy]:
    """Every part of the plan that has a text and lines."""
    if reading.vision:
        yield reading.vision
    yield from reading.values
    yield from [*reading.missions, *reading.goals]
    for strategy in reading.strategies:
        yield strategy
        yield from [*strategy.goals, *strategy.tactics, *strategy.indicators]
    yield from reading.indicators


def _text(part: Item | Value | Strategy) -> str:
    if isinstance(part, Value):
        return f"{part.name} {part.text}"
    return part.title if isinstance(part, Strategy) else part.text


def _line(part) -> int:
    return part.lines[0] if part.lines else 1


def _passed_years(reading: PlanReading, today: date) -> Iterator[Notice]:
    now = today.year + 543
    if reading.vision:
        for year in sorted({_be(y) for y in _YEAR.findall(arabic(reading.vision.text))}):
            if year < now:
                yield Notice(_line(reading.vision), "year_passed", {"year": year})
    dated = [(t.year, indicator) for indicator in reading.all_indicators() for t in indicator.targets if t.year]
    if dated and max(year for year, _ in dated) < now:
        year, indicator = max(dated, key=lambda pair: pair[0])
        yield Notice(_line(indicator), "year_passed", {"year": year})


def _be(year: str) -> int:
    return int(year) if int(year) > 2400 else int(year) + 543


def _acronyms(reading: PlanReading) -> Iterator[Notice]:
    known = words().raw["acronyms"]
    allowed = {name.upper() for name in [*known, *words().raw["acronym_pairs_allowed"]]}
    for part in parts_of(reading):
        for name in dict.fromkeys(_ACRONYM.findall(_text(part))):
            upper = name.upper()
            if upper in allowed or sum(1 for char in name if char.isupper()) < len(name.replace("-", "")) - 1:
                continue
            meant = next((k for k in known if len(k) > 3 and one_apart(upper, k.upper())), None)
            if meant:
                yield Notice(_line(part), "acronym_slip", {"found": name, "meant": meant})


def _misspellings(reading: PlanReading) -> list[Notice]:
    found: list[Notice] = []
    parts = list(parts_of(reading))
    for part in parts:
        text = mended(_text(part))
        cut = part is parts[-1] and not reading.complete
        for word in words().raw["spelling_watch"]:
            slip = _slip_of(word, text[: -len(word)] if cut else text)
            if slip:
                found.append(Notice(_line(part), "spelling_slip", {"found": slip, "meant": word}))
    return found if len(found) <= _MOST_SLIPS else []


def _slip_of(word: str, text: str) -> str:
    """A stretch of the text one letter away from the word, and no word itself; '' when there is none."""
    known = dictionary()
    for start in (place for place, char in enumerate(text) if char == word[0]):
        if text.startswith(word, start):
            continue
        for length in (len(word) + 1, len(word), len(word) - 1):
            piece = text[start : start + length]
            if (
                len(piece) == length
                and piece[-1] == word[-1]
                and one_apart(piece, word)
                and piece not in known
                and piece.isprintable()
            ):
                return "" if " " in piece or word in text[max(0, start - 2) : start + length + 2] else piece
    return ""


def _undefined_levels(reading: PlanReading, document: Document) -> Iterator[Notice]:
    for level in words().raw["vague_levels"]:
        spoken = toneless(level)
        users = [i for i in reading.all_indicators() if any(spoken in toneless(t.reference or "") for t in i.targets)]
        if users and not _is_defined(spoken, document):
            yield Notice(_line(users[0]), "level_undefined", {"level": level})
            return


def _is_defined(level: str, document: Document) -> bool:
    for line in document.lines:
        spoken = toneless(line.text)
        if level in spoken:
            behind = spoken.split(level, 1)[1][:60]
            if re.match(r"\s*(?:=|:|\(|คือ)[^)]{0,25}\d", behind) or words().holds("definition", behind):
                return True
    return False


def _odd_percentages(reading: PlanReading) -> Iterator[Notice]:
    for strategy in reading.strategies:
        firm = [
            (t.value, indicator)
            for indicator in strategy.indicators
            for t in indicator.targets
            if t.unit == "percent" and t.direction in ("at_least", "exactly") and t.value is not None
        ]
        highest = max((value for value, _ in firm), default=0)
        for value, indicator in firm:
            if highest >= 80 and 0 < value <= 10 and len({id(i) for _, i in firm}) > 1:
                yield Notice(_line(indicator), "odd_percent", {"value": f"{value:g}", "other": f"{highest:g}"})


def _open_brackets(reading: PlanReading) -> Iterator[Notice]:
    parts = list(parts_of(reading))
    for part in parts:
        text = _text(part)
        if text.count("(") > text.count(")") and not (part is parts[-1] and not reading.complete):
            yield Notice(_line(part), "open_bracket", {"text": tidy(text[_unclosed(text) :])[:40]})


def _unclosed(text: str) -> int:
    """The place of the first bracket that nothing closes."""
    opened: list[int] = []
    for place, char in enumerate(text):
        if char == "(":
            opened.append(place)
        elif char == ")" and opened:
            opened.pop()
    return opened[0] if opened else 0


def _numbering(reading: PlanReading) -> Iterator[Notice]:
    yield from _gaps([(s.number, _line(s)) for s in reading.strategies], "strategies")
    for kind in ("missions", "goals"):
        yield from _gaps(_last_numbers(getattr(reading, kind)), kind)
    for strategy in reading.strategies:
        yield from _gaps(_last_numbers(strategy.tactics), "tactics")
        yield from _gaps(_last_numbers(strategy.indicators), "indicators")


def _last_numbers(items: Sequence[Item | Indicator]) -> list[tuple[int, int]]:
    return [(int(item.number.split(".")[-1]), _line(item)) for item in items if item.number]


def _gaps(numbers: list[tuple[int, int]], kind: str) -> Iterator[Notice]:
    what = ("word", kind)
    for place, ((before, _), (after, line)) in enumerate(pairwise(numbers)):
        if after == before:
            following = numbers[place + 2][0] if place + 2 < len(numbers) else 1
            if after > 1 or following > 2 or kind == "strategies":  # else the list only begins anew
                yield Notice(line, "number_repeated", {"what": what, "number": after})
        elif after > before + 1:
            yield Notice(line, "number_missing", {"what": what, "number": before + 1, "before": before, "after": after})


def _without_indicators(reading: PlanReading) -> Iterator[Notice]:
    bare = [strategy for strategy in reading.strategies if not strategy.indicators]
    if bare and len(bare) < len(reading.strategies):
        for strategy in bare:
            yield Notice(_line(strategy), "no_indicator", {"what": ("word", "strategies"), "number": strategy.number})


def _old_names(reading: PlanReading) -> Iterator[Notice]:
    for old, new in words().raw["old_names"].items():
        for part in parts_of(reading):
            if toneless(old) in toneless(_text(part)):
                yield Notice(_line(part), "old_name", {"found": old, "meant": new})
