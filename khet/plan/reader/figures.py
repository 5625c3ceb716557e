"""The figures in an indicator's text: what each counts, and the direction that the words around it give."""

import re
from dataclasses import dataclass, replace

from khet.plan.reader.reading import Target
from khet.plan.reader.spoken import pattern

NUMBER = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d])")


_RANGE = re.compile(r"\s*%?\s*(?:-|–|—|ถึง|to)\s*(?:รอยละ)?\s*$")


_LIST = re.compile(r"\d\s*%?\s*(?:,|/|;|และ|and|\s)\s*(?:และ|and)?\s*(?:รอยละ)?\s*$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or word of the text that may be a target."""

    start: int
    end: int
    target: Target
    kind: str  # percent, level, count, points, bare
    is_threshold: bool = False
    is_upper: bool = False  # the upper end of a range


def figures_in(flat: str) -> list[Figure]:
    found: list[Figure] = []
    for match in NUMBER.finditer(flat):
        left, right = flat[: match.start()], flat[match.end() :]
        if year_of(match[1]) and not right.lstrip().startswith("%"):
            continue
        if (left and left[-1].isascii() and left[-1].isalpha()) or (
            right and right[0].isascii() and right[0].isalpha()
        ):
            continue  # O2, 3R8C
        if pattern("ordinals", "end").search(left) or _is_ratio(left, match[1], right):
            continue
        found.append(_classified(match, left, right, found))
    return found


def _is_ratio(left: str, number: str, right: str) -> bool:
    """True for both numbers of "1 : 20", which is no year with its target."""
    before = re.search(r"(\d+)\s*:\s*$", left)
    behind = re.match(r"\s*:\s*\d", right)
    return bool((before and not year_of(before[1])) or (behind and not year_of(number)))


def _classified(match: re.Match, left: str, right: str, before: list[Figure]) -> Figure:
    value = value_of(match[1])
    kind, context = _kind(left, right)
    direction, reference = _direction(context, right, kind)
    previous = before[-1] if before else None
    if previous and _RANGE.search(left) and not re.sub(_RANGE, "", left)[previous.end :].strip(" %"):
        lower = replace(previous, target=replace(previous.target, direction="at_least"))
        if previous.kind == "bare" and kind != "bare":
            lower = replace(lower, kind=kind, target=replace(lower.target, unit=_UNITS[kind]))
        before[-1] = lower
        kind = lower.kind
        target = Target(value, _UNITS[kind], "at_most")
        return Figure(match.start(), match.end(), target, kind, lower.is_threshold, is_upper=True)
    if (
        kind == "bare"
        and previous
        and previous.kind != "bare"
        and _LIST.search(left)
        and not left[previous.end :].strip(" %,/;และand")
    ):
        return Figure(
            match.start(), match.end(), replace(previous.target, value=value), previous.kind, previous.is_threshold
        )
    threshold = (
        kind == "percent"
        and bool(pattern("score_words", "anywhere").search(left[-45:]))
        and direction not in ("increase", "decrease")
    )
    unit = _UNITS[kind]
    if value == 0 and direction in (None, "exactly", "at_most"):
        direction = "zero"
    return Figure(match.start(), match.end(), Target(value, unit, direction, None, reference), kind, threshold)


# "8 วง" at the end of the text: whatever the word is, things are counted
_LAST_WORD = re.compile(r"\s*[\u0e01-\u0e4e]{2,12}\s*[.)]?\s*")


_UNITS = {"percent": "percent", "level": "level", "count": "count", "points": None, "bare": None}


def _kind(left: str, right: str) -> tuple[str, str]:
    """What the number counts, and the text left of it without the unit's word."""
    bare_left = _without_end(left, "at_least", "at_most", "exactly")
    percent = pattern("percent", "end").search(bare_left)
    if percent:
        inside = left[len(bare_left) :] if len(bare_left) < len(left) else ""
        return "percent", left[: percent.start()] + inside
    if right.lstrip().startswith("%") or pattern("percent", "start").match(right):
        return "percent", left
    if pattern("points", "start").match(right):
        return "points", left
    level = pattern("level", "end").search(bare_left)
    if level:
        return "level", left[: level.start()]
    amount = pattern("amounts", "end").search(left)
    unit = pattern("units", "start").match(right) or _LAST_WORD.fullmatch(right)
    if unit or amount:
        return "count", left[: amount.start()] if amount else left
    return "bare", left


def _without_end(text: str, *names: str) -> str:
    for name in names:
        found = pattern(name, "end").search(text)
        if found:
            return text[: found.start()]
    return text


def _direction(left: str, right: str, kind: str) -> tuple[str | None, str | None]:
    """The direction that the words around a number give, and words to keep beside it."""
    left = left.rstrip(" (:=")
    behind = right.lstrip(" %")
    if kind in ("percent", "points", "count"):
        behind = re.sub(
            pattern({"percent": "percent", "points": "points", "count": "units"}[kind], "start"), "", behind, count=1
        )
    if pattern("or_more", "start").match(behind) or behind.startswith("+"):
        return "at_least", None
    if pattern("or_less", "start").match(behind):
        return "at_most", None
    base = _without_end(left, "at_least", "at_most", "exactly")
    trend = _trend_before(base)
    if trend:
        return trend
    spoken = comparator(left)
    if spoken:
        return spoken, None
    if left.endswith((">=", "≥", ">")):
        return "at_least", None
    if left.endswith(("<=", "≤", "<")):
        return "at_most", None
    if pattern("baseline", "end").search(left):
        return "baseline", None
    return None, None


def comparator(left: str) -> str | None:
    """The direction of the comparing words that the text ends with; the longest, for "ไม่น้อยกว่า" ends with "น้อยกว่า"."""
    found = {
        name: match[1] for name in ("at_most", "at_least", "exactly") if (match := pattern(name, "end").search(left))
    }
    return max(found, key=lambda name: len(found[name])) if found else None


def _trend_before(left: str) -> tuple[str, str | None] | None:
    """'เพิ่มขึ้นจากปีที่ผ่านมา' before a number: a change by so much; 'ลดลงเหลือ': a ceiling."""
    for name, reached in (("decrease", "at_most"), ("increase", "at_least")):
        found = list(pattern(name, "anywhere").finditer(left[-60:]))
        if not found:
            continue
        between = left[-60:][found[-1].end() :].strip()
        if between.startswith("ไป"):
            continue
        if not between:
            return name, None
        if pattern("reached", "end").search(between) and len(between) < 12:
            return reached, None
        if pattern("reference_beginnings", "start").match(between) and len(between) < 40:
            return name, None
    return None


def year_of(number: str) -> int | None:
    if re.fullmatch(r"2[45]\d\d", number):
        return int(number)
    return int(number) + 543 if re.fullmatch(r"20[1-6]\d", number) else None


def years_in(flat: str) -> list[re.Match]:
    return [match for match in re.finditer(r"(?<![\d,.])(\d{4})(?![\d,])", flat) if year_of(match[1])]


def value_of(number: str) -> int | float:
    value = float(number.replace(",", ""))
    return int(value) if value.is_integer() else value
