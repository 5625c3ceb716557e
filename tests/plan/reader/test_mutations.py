"""The same page in the other forms offices give it: digits, marks, breaks, wrappings. Its structure must survive."""

import re
from datetime import date

import pytest

from khet.plan.reader import from_text, read_document
from khet.plan.reader.letters import skeleton, width
from tests.plan.reader.scoring import PAGES

TODAY = date(2027, 3, 1)
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
TONES = re.compile("[\u0e47-\u0e4c]")
MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
ENGLISH = {"วิสัยทัศน์": "Vision", "พันธกิจ": "Mission", "เป้าประสงค์": "Goals", "ตัวชี้วัด": "Indicators", "ค่านิยม": "Core Values"}
MENU = "หน้าแรก\nเกี่ยวกับเรา\nวิสัยทัศน์/พันธกิจ\nพันธกิจ\nโครงสร้างองค์กร\nข่าวประชาสัมพันธ์\nติดต่อเรา\n\nHome / เกี่ยวกับเรา\n\n"
FOOT = "\n\nแชร์\nFacebook\nที่อยู่ 1 หมู่ 2 ตำบลใดก็ได้\nโทรศัพท์ 0-0000-0000\n© 2570 All rights reserved"


def renumbered(shape: str):
    """Changes the numbers at the beginnings of lines to another shape."""

    def change(text: str) -> str:
        return re.sub(
            r"(?m)^(\s*)(\d{1,2})[.)]\s*(?=[^\d\s])", lambda found: f"{found[1]}{shape.format(found[2])} ", text
        )

    return change


def in_english(text: str) -> str:
    return "\n".join(ENGLISH.get(re.sub(r"\s*\(.*?\)\s*$", "", line.strip()), line) for line in text.split("\n"))


def wrapped(text: str, columns: int = 60) -> str:
    """Long lines broken at a width, as a PDF or an old mail does: at a space if one is near, else inside the text."""
    lines = []
    for line in text.split("\n"):
        rest = line.rstrip()
        while width(rest) > columns:
            place = _break(rest, columns)
            lines.append(rest[:place])
            rest = rest[place:].lstrip()
        lines.append(rest)
    return "\n".join(lines)


def _break(text: str, columns: int) -> int:
    limit = next(place for place in range(len(text)) if width(text[: place + 1]) > columns)
    space = text.rfind(" ", limit - 12, limit)
    place = space if space > 10 else limit
    while place < len(text) and re.match(f"[ะาำๅ{MARKS}]", text[place]):
        place += 1
    while place > 1 and text[place - 1] in "เแโใไ":
        place -= 1
    return place


MUTATIONS = {
    "thai digits": lambda text: text.translate(THAI_DIGITS),
    "tone marks lost": lambda text: TONES.sub("", text),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "a menu above": lambda text: MENU + text,
    "a footer below": lambda text: text + FOOT,
    "headings in English": in_english,
    "numbers as 1)": renumbered("{})"),
    "numbers as (1)": renumbered("({})"),
    "numbers as 1 -": renumbered("{} -"),
    "numbers as ๑.": lambda text: renumbered("{}.")(text).translate(THAI_DIGITS),
    "double spaced": lambda text: text.replace("\n", "\n\n"),
    "no blank lines": lambda text: re.sub(r"\n\s*\n+", "\n", text),
    "no indents": lambda text: re.sub(r"(?m)^[ \t]+", "", text),
    "deep indents": lambda text: re.sub(r"(?m)^", "      ", text),
    "zero-width spaces": lambda text: re.sub("(?<=[ก-๙])(?=[เ-ไ])", "\u200b", text),
    "sara am split": lambda text: text.replace("ำ", " า"),
    "sara am for sara a": lambda text: text.replace("า", "ำ"),
    "sara am decomposed": lambda text: text.replace("ำ", "ํา"),
    "marks in the wrong order": lambda text: re.sub("([\u0e31\u0e34-\u0e39])([\u0e48-\u0e4b])", r"\2\1", text),
}
# What a change may take away: blank lines and margins are part of what these pages say.
LOSSY = {
    "no blank lines": {"64_table_text_by_gaps", "87_emoji_post", "92_old_site_excerpt", "68_cut_web_excerpt"},
    "no indents": {"64_table_text_by_gaps"},
    "no-break spaces": {"90_tags_in_lines"},  # inside its tags too
}
TEXTS = [page for page in sorted(PAGES.glob("*.txt")) if "INSERT INTO" not in page.read_text(encoding="utf-8")]


def structure(text: str) -> dict[str, list[str]]:
    """What stands in each section, by bare letters; targets as figures."""
    plan = read_document(from_text(text), today=TODAY).as_dict()
    indicators = [i for s in plan["strategies"] for i in s["indicators"]] + plan["indicators"]
    nested = {name: [skeleton(item) for s in plan["strategies"] for item in s[name]] for name in ("goals", "tactics")}
    return {
        "vision": [skeleton(plan["vision"] or "")],
        "values": [skeleton(value["name"]) for value in plan["values"]],
        "missions": [skeleton(item) for item in plan["missions"]],
        "goals": [skeleton(item) for item in plan["goals"]],
        "strategies": [f"{s['number']} {skeleton(s['title'])}" for s in plan["strategies"]],
        "goals of strategies": nested["goals"],
        "tactics": nested["tactics"],
        "indicators": [skeleton(indicator["text"]) for indicator in indicators],
        "targets": [str([(t["value"], t["direction"], t["year"]) for t in i["targets"]]) for i in indicators],
    }


@pytest.mark.parametrize("change", MUTATIONS, ids=str)
def test_structure_survives(change):
    lost = []
    for page in TEXTS:
        text = page.read_text(encoding="utf-8")
        before, after = structure(text), structure(MUTATIONS[change](text))
        lost += [
            f"{page.stem}: {name}: {before[name]} became {after[name]}"
            for name in before
            if before[name] != after[name]
        ]
    assert [fault for fault in lost if fault.split(":")[0] not in LOSSY.get(change, set())] == []


def test_nearly_all_survives_wrapping_at_sixty_columns():
    kept = total = 0
    for page in TEXTS:
        text = page.read_text(encoding="utf-8")
        if "|" in text or page.stem.startswith("64"):
            continue  # a table's row broken in two is no row
        before, after = structure(text), structure(wrapped(text))
        for name in before:
            total += len(before[name])
            kept += sum(1 for item in before[name] if item in after[name])
    assert total > 400
    assert kept / total > 0.97


def test_bullets_taken_away_leave_the_items():
    for name in ("12_bullets_and_boxes", "06_values_acronym", "05_english"):
        text = (PAGES / f"{name}.txt").read_text(encoding="utf-8")
        bare = structure(re.sub(r"(?m)^(\s*)[➤•■-]\s*", r"\1", text))
        assert {key: len(items) for key, items in bare.items()} == {
            key: len(items) for key, items in structure(text).items()
        }
