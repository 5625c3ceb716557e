"""Targets printed in an indicator's text: number, unit, direction, year.

How doubtful texts are read (an office can change any of it on the review page):
- a bare "ร้อยละ 80" is a floor; a ceiling when what is counted is plainly bad (dropouts, accidents) and nothing is
  said to be done about it;
- in an indicator that is named by its measure ("ร้อยละของ…", "จำนวน…") a level or count inside the name belongs to
  the measure, and so does a percentage of marks; a percentage behind the name is the target;
- "ทุกโรงเรียน" is 100 percent, "ไม่มี…" is none, a range gives its lower end as floor and its upper end as ceiling.
"""

import re
from dataclasses import replace

from khet.plan.reader.choosing import UNIT_OF_NAME, chosen_of, claims_all, default_direction, measure_name
from khet.plan.reader.figures import NUMBER, Figure, comparator, figures_in, value_of, year_of, years_in
from khet.plan.reader.letters import is_thai, tidy
from khet.plan.reader.reading import Target
from khet.plan.reader.spoken import flat_of, pattern, spoken_in, vocabulary


def targets_of(text: str) -> list[Target]:
    """The targets printed in an indicator's text, in order; empty when none is."""
    flat, places = flat_of(text)
    if not flat:
        return []
    numbers = figures_in(flat)
    chosen = chosen_of(flat, numbers)
    if not chosen:
        worded = _worded(text, flat, places, numbers)
        return [worded] if worded else []
    return _with_years(flat, chosen)


def cell_targets(cell: str, indicator: str, *, year: int | None = None, unit: str | None = None) -> list[Target]:
    """The targets of a table's cell, for an indicator in the same row; a bare number takes the indicator's unit."""
    named = flat_of(indicator)[0]
    found = targets_of(cell)
    if not found:
        flat, _ = flat_of(cell)
        values = [value_of(match[1]) for match in NUMBER.finditer(flat) if not year_of(match[1])]
        unit = unit or UNIT_OF_NAME.get(measure_name(named)) or ("percent" if spoken_in("percent", named) else None)
        found = [Target(value, unit, default_direction(named) if value else "zero") for value in values]
    elif _is_bare(cell):
        found = [replace(t, direction=default_direction(named)) if t.direction == "at_least" else t for t in found]
    return [replace(target, year=target.year or year) for target in found]


def _is_bare(cell: str) -> bool:
    flat, _ = flat_of(cell)
    return not re.search("|".join(vocabulary("at_least") + vocabulary("or_more")), flat)


def is_only_target(text: str) -> bool:
    """True when the text is nothing but a target: 'ร้อยละ 80', 'ปี 2567 : 85', 'ค่าเป้าหมาย ระดับ 5'."""
    flat, _ = flat_of(text)
    if not re.search(r"\d", flat) and not spoken_in("level", flat):
        return False
    units = "|".join(vocabulary("units"))
    left = re.sub(rf"\d[\d,.]*\s*(?:{units})?", " ", flat)
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
        "points",
        "decrease",
        "increase",
    ):
        for word in vocabulary(name):
            left = re.sub(rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word, " ", left)
    return not any(char.isalpha() for char in left)


def named_measure(text: str) -> bool:
    """True when the text begins as indicators do: "ร้อยละของ…", "จำนวน…", "ระดับ…", "อัตรา…"."""
    return bool(measure_name(flat_of(text)[0]))


def _worded(text: str, flat: str, places: tuple[int, ...], numbers: list[Figure]) -> Target | None:
    """A target given in words: none, all, a level, a trend."""
    name = measure_name(flat)
    if (not name and _is_none(flat)) or pattern("zero", "end").search(flat.rstrip(" .)")):
        return Target(0, "count", "zero")
    full = claims_all(flat, name)
    if full:
        return Target(100, "percent", "at_least", _single_year(flat), _as_written(text, flat, places, full))
    level = _level(text, flat, places, name)
    if level:
        direction = comparator(flat[: level.start()]) or "at_least"
        return Target(None, "level", direction, _single_year(flat), _slice(text, places, level.start(), level.end()))
    trend = _trend(flat, name)
    if trend:
        direction, end = trend
        return Target(None, None, direction, None, _reference_behind(text, flat, places, end))
    return None


def _is_none(flat: str) -> bool:
    start = pattern("none", "start").match(flat)
    if start and not re.match(r"\s*(?:of|one)\b", flat[start.end() :]):
        return True
    inside = pattern("none_inside", "anywhere").search(flat)
    return bool(inside) and not pattern("relatives", "anywhere").search(flat[: inside.end()])


def _level(text: str, flat: str, places: tuple[int, ...], name: str) -> re.Match | None:
    """The rating an indicator asks for: 'ระดับดีขึ้นไป', 'advanced level'. Levels of schooling are none."""
    if name in ("percent", "count"):
        return None
    level_words = "|".join(vocabulary("level_words"))
    more = "|".join(vocabulary("or_more"))
    level = "|".join(w for w in vocabulary("level") if not w.isascii())
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
    return " " in between or bool(pattern("level_followers", "start").match(flat[end:]))


def _trend(flat: str, name: str) -> tuple[str, int] | None:
    for kind in ("decrease", "increase"):
        for found in pattern(kind, "anywhere").finditer(flat):
            if (
                len(found[1]) < 4
                or flat[found.end() :].startswith("ไป")
                or flat[: found.start()].endswith(("การ", "ที่", "ที"))
            ):
                continue
            if name in ("percent", "count") and _describes(flat, found, kind):
                continue
            return kind, found.end()
    return None


def _describes(flat: str, trend: re.Match, kind: str) -> bool:
    """True where "เพิ่มขึ้น" tells which schools are counted ("ที่มีคะแนนเพิ่มขึ้น"), not that there be more of them."""
    relative = pattern("relatives", "anywhere").search(flat[: trend.start()])
    if not relative or (kind == "decrease" and spoken_in("bad", flat)):
        return False
    behind = flat[trend.end() :].strip(" .)")
    goes_on = behind and not pattern("reference_beginnings", "start").match(behind)
    return bool(goes_on or spoken_in("risen", flat[relative.end() : trend.start()]))


def _reference_behind(text: str, flat: str, places: tuple[int, ...], end: int) -> str | None:
    found = pattern("reference_beginnings", "start").match(flat[end:])
    return tidy(text[places[end + found.start(1)] :])[:80] if found else None


def _as_written(text: str, flat: str, places: tuple[int, ...], part: str) -> str:
    start = flat.find(part)
    return _slice(text, places, start, start + len(part))


def _slice(text: str, places: tuple[int, ...], start: int, end: int) -> str:
    stop = places[end] if end < len(places) else len(text)
    return tidy(text[places[start] : stop]).strip(' ,;()"“”')


def _single_year(flat: str) -> int | None:
    years = {year_of(match[1]) for match in years_in(flat)}
    return years.pop() if len(years) == 1 else None


def _with_years(flat: str, chosen: list[Figure]) -> list[Target]:
    """The targets, each with the year it is printed for."""
    years = years_in(flat)
    if not years:
        return [found.target for found in chosen]
    values = [year_of(match[1]) for match in years]
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


def _year_for(found: Figure, years: list[re.Match], values: list, before: bool) -> int | None:
    if before:
        return next(
            (v for match, v in zip(reversed(years), reversed(values), strict=True) if match.start() < found.start), None
        )
    return next((v for match, v in zip(years, values, strict=True) if match.start() > found.start), values[-1])
