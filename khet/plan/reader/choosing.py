"""Which of the numbers in an indicator's text are its targets, and what each asks for."""

import re
from dataclasses import replace

from khet.plan.reader.figures import Figure, years_in
from khet.plan.reader.letters import toneless
from khet.plan.reader.reading import Target
from khet.plan.reader.spoken import pattern, spoken_in, vocabulary
from khet.plan.reader.words import words

UNIT_OF_NAME = {"percent": "percent", "count": "count", "level": "level"}


def chosen_of(flat: str, numbers: list[Figure]) -> list[Figure]:
    """Those of the numbers that are targets, with directions filled in."""
    name = measure_name(flat)
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
        chosen = chosen or _trailing(flat, numbers, UNIT_OF_NAME.get(name))
    default = default_direction(flat)
    if pattern("none", "start").match(flat):  # "ไม่มีห้องเรียนใดเกิน 30 คน"
        chosen = [replace(f, target=replace(f.target, direction="at_most")) for f in chosen if f.target.value]
    return [replace(f, target=_settled(f.target, default, flat, f)) for f in chosen]


def _settled(target: Target, default: str, flat: str, found: Figure) -> Target:
    direction = target.direction or default
    if target.direction is None and found.kind == "level":
        direction = "at_least"
    reference = target.reference
    if found.kind == "points":
        reference = f"{target.value} คะแนน"
    return replace(target, direction=direction, reference=reference)


def _counts(flat: str, numbers: list[Figure], name: str) -> list[Figure]:
    counts = [found for found in numbers if found.kind == "count"]
    full = flat.find(part) if (part := claims_all(flat, name)) else -1
    if not counts or -1 < full < counts[0].start:
        return []  # "นักเรียนทุกคน … อย่างน้อย 1 ครั้ง": all of them is what is promised
    if name == "count":
        # "จำนวนโรงเรียนที่มี…อย่างน้อย 1 เรื่อง": inside the name; "จำนวนนวัตกรรม 5 ชิ้น": the target
        relative = pattern("relatives", "anywhere").search(flat)
        return [f for f in counts if not relative or f.start < relative.start() or _is_promised(flat, f)]
    stated = [f for f in counts if pattern("amounts", "end").search(flat[: f.start])]
    counts = stated or counts
    if years_in(flat):
        return counts
    return counts[:2] if counts[1:] and counts[1].is_upper else counts[:1]


def _trailing(flat: str, numbers: list[Figure], unit: str | None) -> list[Figure]:
    """Bare numbers that end the text, or stand behind a sign or a label: columns run together, '= 80', 'เป้าหมาย 80'."""
    bare = [found for found in numbers if found.kind == "bare"]
    years = bool(years_in(flat))
    chosen: list[Figure] = []
    for found in reversed(bare):
        right = flat[found.end :].strip(" .)%,/")
        labelled = _is_labelled(flat[: found.start])
        ends = not right or (
            chosen and found.end <= chosen[-1].start and not flat[found.end : chosen[-1].start].strip(" ,/;()")
        )
        spaced = flat[: found.start].endswith((" ", "(", "/", ","))
        ends = ends or bool(pattern("out_of", "start").match(flat[found.end :]))
        signed = flat[: found.start].rstrip().endswith(("≥", "≤", ">", "<"))
        compared = signed or (ends and found.target.direction in ("at_least", "at_most"))
        if labelled or compared or (years and _near_year(flat, found)) or (unit and ends and spaced):
            chosen.append(replace(found, target=replace(found.target, unit=unit or found.target.unit)))
    return chosen[::-1]


def _counts_what_is_named(flat: str, found: Figure) -> bool:
    """True for "จำนวนโรงเรียนที่มี… 50 แห่ง": the unit is the one in which what is counted comes."""
    named = flat[pattern("names.count", "start").match(flat).end() :].lstrip()
    unit = pattern("units", "start").match(flat[found.end :])
    if unit and named.startswith(unit[1]):
        return True
    for kind in words().raw["targets"]["counted_in"]:
        things, units = ([toneless(word) for word in kind[name]] for name in ("things", "units"))
        if named.removeprefix("ของ").startswith(tuple(things)):
            return flat[found.end :].lstrip().startswith(tuple(units))
    return False


def _is_promised(flat: str, found: Figure) -> bool:
    return _is_labelled(flat[: found.start]) or _counts_what_is_named(flat, found)


def _is_labelled(before: str) -> bool:
    """True where a number stands behind a sign or "ค่าเป้าหมาย": it is what is promised."""
    before = before.rstrip()
    return before.endswith((":", "=", "(")) or bool(pattern("labels", "end").search(before))


def _near_year(flat: str, found: Figure) -> bool:
    return bool(
        re.search(r"2[45]\d\d\s*[:=)]?\s*$", flat[: found.start])
        or re.match(r"\s*\(?\s*(?:ปี?\s*)?2[45]\d\d", flat[found.end :])
    )


def measure_name(flat: str) -> str:
    """'percent', 'count', 'level' or 'rate' when the text begins with the name of a measure, else ''."""
    for kind in ("percent", "count", "level", "rate"):
        found = pattern(f"names.{kind}", "start").match(flat)
        if found:
            behind = flat[found.end() :]
            stated = re.match(r"\s*[\d<>≥≤]", behind) or any(
                pattern(n, "start").match(behind) for n in ("at_least", "at_most")
            )
            return "" if stated else kind
    return ""


def default_direction(flat: str) -> str:
    bad = spoken_in("bad", flat)
    return "at_most" if bad and not spoken_in("good", flat) else "at_least"


def claims_all(flat: str, name: str) -> str:
    """'ทุกโรงเรียน' when the text claims all of them, else ''."""
    if name:
        return ""
    units = "|".join(vocabulary("full_units"))
    thai = "|".join(w for w in vocabulary("full") if not w.isascii())
    found = re.search(rf"(?:{thai})\s*(?:{units})|\b(?:all|every)\s+(?:\w+\s+)?(?:{units})\b", flat)
    return found[0] if found else ""
