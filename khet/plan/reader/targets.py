"""Targets printed in an indicator's text: number, unit, direction, year.

How doubtful texts are read (an office can change any of it on the review page):
- a bare "ร้อยละ 80" is a floor; a ceiling when what is counted is plainly bad (dropouts, accidents) and nothing is
  said to be done about it;
- in an indicator that is named by its measure ("ร้อยละของ…", "จำนวน…") a level or count inside the name belongs to
  the measure, and so does a percentage of marks; a percentage behind the name is the target;
- "ทุกโรงเรียน" is 100 percent, "ไม่มี…" is none, a range gives its lower end as floor and its upper end as ceiling.
"""

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from khet.plan.reader.letters import arabic, is_thai, tidy, toneless
from khet.plan.reader.reading import Target
from khet.plan.reader.words import words

_NUMBER = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d])")
_RANGE = re.compile(r"\s*%?\s*(?:-|–|—|ถึง|to)\s*(?:รอยละ)?\s*$")
_LIST = re.compile(r"\d\s*%?\s*(?:,|/|;|และ|and|\s)\s*(?:และ|and)?\s*(?:รอยละ)?\s*$")


@dataclass(frozen=True, slots=True)
class _Found:
    """A number or word of the text that may be a target."""

    start: int
    end: int
    target: Target
    kind: str  # percent, level, count, points, bare
    is_threshold: bool = False


def targets_of(text: str) -> list[Target]:
    """The targets printed in an indicator's text, in order; empty when none is."""
    flat, places = _flat(text)
    if not flat:
        return []
    numbers = _numbers(flat)
    chosen = _chosen(flat, numbers)
    if not chosen:
        worded = _worded(text, flat, places, numbers)
        return [worded] if worded else []
    return _with_years(flat, chosen)


def cell_targets(cell: str, indicator: str, *, year: int | None = None, unit: str | None = None) -> list[Target]:
    """The targets of a table's cell, for an indicator in the same row; a bare number takes the indicator's unit."""
    named = _flat(indicator)[0]
    found = targets_of(cell)
    if not found:
        flat, _ = _flat(cell)
        bare = [match for match in _NUMBER.finditer(flat) if not _year(match[1])]
        unit = (
            unit
            or _UNIT_OF_NAME.get(_measure_name(named))
            or ("percent" if _vocabulary_match("percent", named) else None)
        )
        found = [Target(_value(m[1]), unit, "zero" if _value(m[1]) == 0 else _default(named)) for m in bare]
    elif _is_bare(cell):
        found = [replace(t, direction=_default(named)) if t.direction == "at_least" else t for t in found]
    return [replace(target, year=target.year or year) for target in found]


def _is_bare(cell: str) -> bool:
    flat, _ = _flat(cell)
    return not re.search("|".join(_vocabulary("at_least") + _vocabulary("or_more")), flat)


def is_only_target(text: str) -> bool:
    """True when the text is nothing but a target: 'ร้อยละ 80', 'ปี 2567 : 85', 'ค่าเป้าหมาย ระดับ 5'."""
    flat, _ = _flat(text)
    if not re.search(r"\d", flat) and not _vocabulary_match("level", flat):
        return False
    left = re.sub(r"\d[\d,.]*", " ", flat)
    for name in (
        "labels",
        "percent",
        "at_least",
        "at_most",
        "exactly",
        "or_more",
        "or_less",
        "level",
        "level_words",
        "years",
        "units",
        "points",
        "decrease",
        "increase",
    ):
        for word in _vocabulary(name):
            left = re.sub(rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word, " ", left)
    return not any(char.isalpha() for char in left)


@lru_cache(maxsize=4000)
def _flat(text: str) -> tuple[str, tuple[int, ...]]:
    """The text toneless, spaces single and none between Thai letters; with the place of each character in it."""
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(arabic(text)):
        kept = " " if char.isspace() else toneless(char)
        if kept and not (kept == " " and out[-1:] == [" "]):
            out.append(kept)
            places.append(place)
    joined = "".join(out)
    keep = [i for i, char in enumerate(joined) if char != " " or not _between_thai(joined, i)]
    return "".join(joined[i] for i in keep), tuple(places[i] for i in keep)


def _between_thai(text: str, place: int) -> bool:
    return 0 < place < len(text) - 1 and is_thai(text[place - 1]) and is_thai(text[place + 1])


@cache
def _vocabulary(name: str) -> tuple[str, ...]:
    """A word list of targets as patterns on flat text, longest first."""
    return tuple(re.escape(word) for word in words().short(f"targets.{name}"))


@cache
def _pattern(name: str, where: str) -> re.Pattern:
    """The word list as a pattern, at the 'end', the 'start' or 'anywhere' in a text."""
    thai = [w for w in _vocabulary(name) if not w.replace("\\ ", "").isascii()]
    latin = [rf"\b{w}\b" for w in _vocabulary(name) if w.replace("\\ ", "").isascii()]
    shape = "(?:" + "|".join(thai + latin) + ")"
    return re.compile({"end": rf"({shape})\s*[(:=]*\s*$", "start": rf"\s*({shape})", "anywhere": f"({shape})"}[where])


def _vocabulary_match(name: str, flat: str) -> re.Match | None:
    return _pattern(name, "anywhere").search(flat)


def _numbers(flat: str) -> list[_Found]:
    found: list[_Found] = []
    for match in _NUMBER.finditer(flat):
        left, right = flat[: match.start()], flat[match.end() :]
        if _year(match[1]) and not right.lstrip().startswith("%"):
            continue
        if (left and left[-1].isascii() and left[-1].isalpha()) or (
            right and right[0].isascii() and right[0].isalpha()
        ):
            continue  # O2, 3R8C
        if _pattern("ordinals", "end").search(left):
            continue
        found.append(_classified(match, left, right, found))
    return found


def _classified(match: re.Match, left: str, right: str, before: list[_Found]) -> _Found:
    value = _value(match[1])
    kind, context = _kind(left, right)
    direction, reference = _direction(context, right, kind)
    previous = before[-1] if before else None
    if previous and _RANGE.search(left) and not re.sub(_RANGE, "", left)[previous.end :].strip(" %"):
        lower = replace(previous, target=replace(previous.target, direction="at_least"))
        if previous.kind == "bare" and kind != "bare":
            lower = replace(lower, kind=kind, target=replace(lower.target, unit=_UNITS[kind]))
        before[-1] = lower
        kind = lower.kind
        return _Found(match.start(), match.end(), Target(value, _UNITS[kind], "at_most"), kind, lower.is_threshold)
    if (
        kind == "bare"
        and previous
        and previous.kind != "bare"
        and _LIST.search(left)
        and not left[previous.end :].strip(" %,/;และand")
    ):
        return _Found(
            match.start(), match.end(), replace(previous.target, value=value), previous.kind, previous.is_threshold
        )
    threshold = (
        kind == "percent"
        and bool(_pattern("score_words", "anywhere").search(left[-45:]))
        and direction not in ("increase", "decrease")
    )
    unit = _UNITS[kind]
    if value == 0 and direction in (None, "exactly", "at_most"):
        direction = "zero"
    return _Found(match.start(), match.end(), Target(value, unit, direction, None, reference), kind, threshold)


# "8 วง" at the end of the text: whatever the word is, things are counted
_LAST_WORD = re.compile(r"\s*[\u0e01-\u0e4e]{2,12}\s*[.)]?\s*")
_UNITS = {"percent": "percent", "level": "level", "count": "count", "points": None, "bare": None}
_UNIT_OF_NAME = {"percent": "percent", "count": "count", "level": "level"}


def _kind(left: str, right: str) -> tuple[str, str]:
    """What the number counts, and the text left of it without the unit's word."""
    bare_left = _without_end(left, "at_least", "at_most", "exactly")
    percent = _pattern("percent", "end").search(bare_left)
    if percent:
        inside = left[len(bare_left) :] if len(bare_left) < len(left) else ""
        return "percent", left[: percent.start()] + inside
    if right.lstrip().startswith("%") or _pattern("percent", "start").match(right):
        return "percent", left
    if _pattern("points", "start").match(right):
        return "points", left
    level = _pattern("level", "end").search(bare_left)
    if level:
        return "level", left[: level.start()]
    amount = _pattern("amounts", "end").search(left)
    unit = _pattern("units", "start").match(right) or _LAST_WORD.fullmatch(right)
    if unit or amount:
        return "count", left[: amount.start()] if amount else left
    return "bare", left


def _without_end(text: str, *names: str) -> str:
    for name in names:
        found = _pattern(name, "end").search(text)
        if found:
            return text[: found.start()]
    return text


def _direction(left: str, right: str, kind: str) -> tuple[str | None, str | None]:
    """The direction that the words around a number give, and words to keep beside it."""
    left = left.rstrip(" (:=")
    behind = right.lstrip(" %")
    if kind in ("percent", "points", "count"):
        behind = re.sub(
            _pattern({"percent": "percent", "points": "points", "count": "units"}[kind], "start"), "", behind, count=1
        )
    if _pattern("or_more", "start").match(behind) or behind.startswith("+"):
        return "at_least", None
    if _pattern("or_less", "start").match(behind):
        return "at_most", None
    base = _without_end(left, "at_least", "at_most", "exactly")
    trend = _trend_before(base)
    if trend:
        return trend
    spoken = _comparator(left)
    if spoken:
        return spoken, None
    if left.endswith((">=", "≥", ">")):
        return "at_least", None
    if left.endswith(("<=", "≤", "<")):
        return "at_most", None
    if _pattern("baseline", "end").search(left):
        return "baseline", None
    return None, None


def _comparator(left: str) -> str | None:
    """The direction of the comparing words that the text ends with; the longest, for "ไม่น้อยกว่า" ends with "น้อยกว่า"."""
    found = {
        name: match[1] for name in ("at_most", "at_least", "exactly") if (match := _pattern(name, "end").search(left))
    }
    return max(found, key=lambda name: len(found[name])) if found else None


def _trend_before(left: str) -> tuple[str, str | None] | None:
    """'เพิ่มขึ้นจากปีที่ผ่านมา' before a number: a change by so much; 'ลดลงเหลือ': a ceiling."""
    for name, reached in (("decrease", "at_most"), ("increase", "at_least")):
        found = list(_pattern(name, "anywhere").finditer(left[-60:]))
        if not found:
            continue
        between = left[-60:][found[-1].end() :].strip()
        if between.startswith("ไป"):
            continue
        if not between:
            return name, None
        if _pattern("reached", "end").search(between) and len(between) < 12:
            return reached, None
        if _pattern("reference_beginnings", "start").match(between) and len(between) < 40:
            return name, None
    return None


def _chosen(flat: str, numbers: list[_Found]) -> list[_Found]:
    """Those of the numbers that are targets, with directions filled in."""
    name = _measure_name(flat)
    numbers = [found for found in numbers if found.target.direction != "baseline"]
    percents = [found for found in numbers if found.kind == "percent"]
    firm = [found for found in percents if not found.is_threshold]
    if not firm and percents and name not in ("percent", "count"):
        firm = percents
    if firm:
        chosen = firm
    elif name == "percent":
        chosen = _trailing(flat, numbers, "percent")
    else:
        chosen = [f for f in numbers if f.kind in ("level", "points")] or _counts(flat, numbers, name)
        chosen = chosen or _trailing(flat, numbers, _UNIT_OF_NAME.get(name))
    default = _default(flat)
    if _pattern("none", "start").match(flat):  # "ไม่มีห้องเรียนใดเกิน 30 คน"
        chosen = [replace(f, target=replace(f.target, direction="at_most")) for f in chosen if f.target.value]
    return [replace(f, target=_settled(f.target, default, flat, f)) for f in chosen]


def _settled(target: Target, default: str, flat: str, found: _Found) -> Target:
    direction = target.direction or default
    if target.direction is None and found.kind == "level":
        direction = "at_least"
    reference = target.reference
    if found.kind == "points":
        reference = f"{target.value} คะแนน"
    return replace(target, direction=direction, reference=reference)


def _counts(flat: str, numbers: list[_Found], name: str) -> list[_Found]:
    counts = [found for found in numbers if found.kind == "count"]
    full = flat.find(part) if (part := _full(flat, name)) else -1
    if not counts or -1 < full < counts[0].start:
        return []  # "นักเรียนทุกคน … อย่างน้อย 1 ครั้ง": all of them is what is promised
    if name == "count":
        # "จำนวนโรงเรียนที่มี…อย่างน้อย 1 เรื่อง": inside the name; "จำนวนนวัตกรรม 5 ชิ้น": the target
        relative = _pattern("relatives", "anywhere").search(flat)
        return [
            f
            for f in counts
            if not relative or flat[: f.start].rstrip().endswith(("(", ":", "=")) or f.start < relative.start()
        ]
    stated = [f for f in counts if _pattern("amounts", "end").search(flat[: f.start])]
    counts = stated or counts
    return counts[:1] if not _years_in(flat) else counts


def _trailing(flat: str, numbers: list[_Found], unit: str | None) -> list[_Found]:
    """Bare numbers that end the text, or stand behind a sign or a label: columns run together, '= 80', 'เป้าหมาย 80'."""
    bare = [found for found in numbers if found.kind == "bare"]
    years = bool(_years_in(flat))
    chosen: list[_Found] = []
    for found in reversed(bare):
        right = flat[found.end :].strip(" .)%,/")
        before = flat[: found.start].rstrip()
        labelled = before.endswith((":", "=")) or bool(_pattern("labels", "end").search(before))
        ends = not right or (
            chosen and found.end <= chosen[-1].start and not flat[found.end : chosen[-1].start].strip(" ,/;()")
        )
        spaced = flat[: found.start].endswith((" ", "(", "/", ","))
        if labelled or (years and _near_year(flat, found)) or (unit and ends and spaced):
            chosen.append(replace(found, target=replace(found.target, unit=unit or found.target.unit)))
    return chosen[::-1]


def _near_year(flat: str, found: _Found) -> bool:
    return bool(
        re.search(r"2[45]\d\d\s*[:=)]?\s*$", flat[: found.start])
        or re.match(r"\s*\(?\s*(?:ปี?\s*)?2[45]\d\d", flat[found.end :])
    )


def _measure_name(flat: str) -> str:
    """'percent', 'count', 'level' or 'rate' when the text begins with the name of a measure, else ''."""
    for kind in ("percent", "count", "level", "rate"):
        found = _pattern(f"names.{kind}", "start").match(flat)
        if found:
            behind = flat[found.end() :]
            stated = re.match(r"\s*[\d<>≥≤]", behind) or any(
                _pattern(n, "start").match(behind) for n in ("at_least", "at_most")
            )
            return "" if stated else kind
    return ""


def named_measure(text: str) -> bool:
    """True when the text begins as indicators do: "ร้อยละของ…", "จำนวน…", "ระดับ…", "อัตรา…"."""
    return bool(_measure_name(_flat(text)[0]))


def _default(flat: str) -> str:
    bad = _vocabulary_match("bad", flat)
    return "at_most" if bad and not _vocabulary_match("good", flat) else "at_least"


def _full(flat: str, name: str) -> str:
    """'ทุกโรงเรียน' when the text claims all of them, else ''."""
    if name:
        return ""
    units = "|".join(_vocabulary("full_units"))
    thai = "|".join(w for w in _vocabulary("full") if not w.isascii())
    found = re.search(rf"(?:{thai})\s*(?:{units})|\b(?:all|every)\s+(?:\w+\s+)?(?:{units})\b", flat)
    return found[0] if found else ""


def _worded(text: str, flat: str, places: tuple[int, ...], numbers: list[_Found]) -> Target | None:
    """A target given in words: none, all, a level, a trend."""
    name = _measure_name(flat)
    if not name and _is_none(flat):
        return Target(0, "count", "zero")
    full = _full(flat, name)
    if full:
        return Target(100, "percent", "at_least", _single_year(flat), _as_written(text, flat, places, full))
    level = _level(text, flat, places, name)
    if level:
        direction = _comparator(flat[: level.start()]) or "at_least"
        return Target(None, "level", direction, _single_year(flat), _slice(text, places, level.start(), level.end()))
    trend = _trend(flat, name)
    if trend:
        direction, end = trend
        return Target(None, None, direction, None, _reference_behind(text, flat, places, end))
    return None


def _is_none(flat: str) -> bool:
    start = _pattern("none", "start").match(flat)
    if start and not re.match(r"\s*(?:of|one)\b", flat[start.end() :]):
        return True
    inside = _pattern("none_inside", "anywhere").search(flat)
    return bool(inside) and not _pattern("relatives", "anywhere").search(flat[: inside.end()])


def _level(text: str, flat: str, places: tuple[int, ...], name: str) -> re.Match | None:
    """The rating an indicator asks for: 'ระดับดีขึ้นไป', 'advanced level'. Levels of schooling are none."""
    if name in ("percent", "count"):
        return None
    level_words = "|".join(_vocabulary("level_words"))
    more = "|".join(_vocabulary("or_more"))
    level = "|".join(w for w in _vocabulary("level") if not w.isascii())
    shape = (
        rf"(?:(?:{level})\s*(?:คุณภาพ)?\s*[\"“(]?\s*(?:{level_words}|[a-d]{{1,3}}(?![a-z]))(?![a-z])[\"”)]?"
        rf"|\b(?:{level_words})\s+level|\blevel\s+(?:{level_words}|[a-d]{{1,3}})\b)(?P<more>\s*(?:{more}))?"
    )
    found = [m for m in re.finditer(shape, flat) if m["more"] or _ends_word(text, flat, places, m.end())]
    return found[-1] if found else None


def _ends_word(text: str, flat: str, places: tuple[int, ...], end: int) -> bool:
    """True when a word may end here: the text ends, a space or sign follows, or a word that begins another phrase."""
    if end >= len(flat) or not is_thai(flat[end]):
        return True
    between = text[places[end - 1] + 1 : places[end]]
    return " " in between or bool(_pattern("level_followers", "start").match(flat[end:]))


def _trend(flat: str, name: str) -> tuple[str, int] | None:
    for kind in ("decrease", "increase"):
        for found in _pattern(kind, "anywhere").finditer(flat):
            if (
                len(found[1]) < 4
                or flat[found.end() :].startswith("ไป")
                or flat[: found.start()].endswith(("การ", "ที่", "ที"))
            ):
                continue
            relative = _pattern("relatives", "anywhere").search(flat[: found.start()])
            if (
                name in ("percent", "count")
                and relative
                and not (kind == "decrease" and _vocabulary_match("bad", flat))
            ):
                continue
            return kind, found.end()
    return None


def _reference_behind(text: str, flat: str, places: tuple[int, ...], end: int) -> str | None:
    found = _pattern("reference_beginnings", "start").match(flat[end:])
    return tidy(text[places[end + found.start(1)] :])[:80] if found else None


def _as_written(text: str, flat: str, places: tuple[int, ...], part: str) -> str:
    start = flat.find(part)
    return _slice(text, places, start, start + len(part))


def _slice(text: str, places: tuple[int, ...], start: int, end: int) -> str:
    stop = places[end] if end < len(places) else len(text)
    return tidy(text[places[start] : stop]).strip(' ,;()"“”')


def _year(number: str) -> int | None:
    if re.fullmatch(r"2[45]\d\d", number):
        return int(number)
    return int(number) + 543 if re.fullmatch(r"20[1-6]\d", number) else None


def _years_in(flat: str) -> list[re.Match]:
    return [match for match in re.finditer(r"(?<![\d,.])(\d{4})(?![\d,])", flat) if _year(match[1])]


def _single_year(flat: str) -> int | None:
    years = {_year(match[1]) for match in _years_in(flat)}
    return years.pop() if len(years) == 1 else None


def _with_years(flat: str, chosen: list[_Found]) -> list[Target]:
    """The targets, each with the year it is printed for."""
    years = _years_in(flat)
    if not years:
        return [found.target for found in chosen]
    values = [_year(match[1]) for match in years]
    if len(years) == 2 and re.fullmatch(
        r"\s*(?:-|–|—|ถึง|to)\s*(?:พ\.ศ\.|ปี)?\s*", flat[years[0].end() : years[1].start()]
    ):
        span = list(range(values[0], values[1] + 1))
        same = len(span) == len(chosen)
        return [replace(f.target, year=span[i] if same else None) for i, f in enumerate(chosen)]
    if len(years) == len(chosen) and (years[-1].end() <= chosen[0].start or chosen[-1].end <= years[0].start()):
        return [replace(f.target, year=y) for f, y in zip(chosen, values, strict=True)]
    before = years[0].start() < chosen[0].start
    return [replace(f.target, year=_year_for(f, years, values, before)) for f in chosen]


def _year_for(found: _Found, years: list[re.Match], values: list, before: bool) -> int | None:
    if before:
        return next(
            (v for match, v in zip(reversed(years), reversed(values), strict=True) if match.start() < found.start), None
        )
    return next((v for match, v in zip(years, values, strict=True) if match.start() > found.start), values[-1])


def _value(number: str) -> int | float:
    value = float(number.replace(",", ""))
    return int(value) if value.is_integer() else value
