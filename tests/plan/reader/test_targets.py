"""Targets read from an indicator's words: value, unit, direction, year, reference."""

import pytest

from khet.plan.reader.targets import cell_targets, is_only_target, targets_of


def short(targets) -> list[tuple]:
    """(value, unit, direction) and, where there is one, the year."""
    return [(t.value, t.unit, t.direction) + ((t.year,) if t.year else ()) for t in targets]


SAID = {
    # percentages
    "ผู้รับบริการพึงพอใจร้อยละ 95": [(95, "percent", "at_least")],
    "ผู้รับบริการพึงพอใจ 95%": [(95, "percent", "at_least")],
    "ครูผ่านการอบรม ไม่น้อยกว่าร้อยละ 80": [(80, "percent", "at_least")],
    "ครูผ่านการอบรม ร้อยละ 80 ขึ้นไป": [(80, "percent", "at_least")],
    "ครูผ่านการอบรม รอยละ ๙๐": [(90, "percent", "at_least")],
    "นักเรียนออกกลางคันไม่เกินร้อยละ 1": [(1, "percent", "at_most")],
    "นักเรียนออกกลางคัน ร้อยละ 0.5": [(0.5, "percent", "at_most")],
    "เด็กที่ออกกลางคันได้รับการช่วยเหลือ ร้อยละ 100": [(100, "percent", "at_least")],
    "ร้อยละของครูที่ผ่านการอบรม (ร้อยละ 100)": [(100, "percent", "at_least")],
    "เด็กเข้าเรียนครบร้อยละ 100": [(100, "percent", "at_least")],
    "เบิกจ่ายงบประมาณต่ำกว่าร้อยละ 5": [(5, "percent", "at_most")],
    # measures that only have a name
    "ร้อยละของครูที่ผ่านการอบรม": [],
    "ร้อยละของนักเรียนที่มีคะแนนมากกว่าร้อยละ 50": [],
    "ร้อยละของโรงเรียนที่จัดกิจกรรมอย่างน้อย 3 กิจกรรม": [],
    "ร้อยละของโรงเรียนที่ผ่านระดับดีขึ้นไป": [],
    "จำนวนผลงานที่นำไปใช้": [],
    "อัตราการเพิ่มขึ้นของเครือข่าย": [],
    "ทักษะในศตวรรษที่ 21 ของนักเรียนชั้น ป.6 เขต 2": [],
    # none and all
    "ไม่มีนักเรียนจมน้ำ": [(0, "count", "zero")],
    "จำนวนเหตุรุนแรงเท่ากับ 0": [(0, "count", "zero")],
    "นักเรียนทุกคนได้รับการเยี่ยมบ้านอย่างน้อย 1 ครั้ง": [(100, "percent", "at_least")],
    "ทุกโรงเรียนมีแผนเผชิญเหตุ": [(100, "percent", "at_least")],
    "นักเรียนที่ไม่มีสัญชาติได้เข้าเรียน": [],
    # levels
    "ผลการประเมินอยู่ในระดับขั้นสูง": [(None, "level", "at_least")],
    "ผลการประเมินระดับ 4 ขึ้นไป": [(4, "level", "at_least")],
    "ระดับความสำเร็จของการประเมิน ระดับ 5": [(5, "level", "at_least")],
    "การพัฒนานักเรียนระดับประถมศึกษา": [],
    "การใช้สื่อระดับดิจิทัล": [],
    # trends
    "อุบัติเหตุในโรงเรียนลดลง": [(None, None, "decrease")],
    "ผลการทดสอบสูงขึ้น": [(None, None, "increase")],
    "อุบัติเหตุลดลงร้อยละ 20": [(20, "percent", "decrease")],
    "คะแนนเฉลี่ยเพิ่มขึ้นจากปีที่ผ่านมาไม่น้อยกว่าร้อยละ 3": [(3, "percent", "increase")],
    "นักเรียนอ่านไม่ออกลดลงเหลือร้อยละ 2": [(2, "percent", "at_most")],
    "ความพึงพอใจเพิ่มขึ้นจากร้อยละ 70 เป็นร้อยละ 80": [(80, "percent", "at_least")],
    "โรงเรียนผ่านระดับดีขึ้นไป": [(None, "level", "at_least")],
    # counts and points
    "มีนวัตกรรมอย่างน้อย 1 รูปแบบ": [(1, "count", "at_least")],
    "ครูเข้าร่วม จำนวน 1,200 คน": [(1200, "count", "at_least")],
    "มีวงดนตรี 8 วง": [(8, "count", "at_least")],
    "ผลการประเมินความโปร่งใส 85 คะแนนขึ้นไป": [(85, None, "at_least")],
    # ranges and years
    "นักเรียนว่ายน้ำเป็น ร้อยละ 60 - 70": [(60, "percent", "at_least"), (70, "percent", "at_most")],
    "ปี 2570 ร้อยละ 80 ปี 2571 ร้อยละ 85": [(80, "percent", "at_least", 2570), (85, "percent", "at_least", 2571)],
    "ร้อยละของครูที่ผ่าน (ปี 2570 : 80, ปี 2571 : 85)": [
        (80, "percent", "at_least", 2570),
        (85, "percent", "at_least", 2571),
    ],
    "ร้อยละ 80 ในปี 2571 และร้อยละ 85 ในปี 2572": [
        (80, "percent", "at_least", 2571),
        (85, "percent", "at_least", 2572),
    ],
    "ปี 2570-2572 ร้อยละ 80 82 84": [
        (80, "percent", "at_least", 2570),
        (82, "percent", "at_least", 2571),
        (84, "percent", "at_least", 2572),
    ],
    "ภายในปี 2573 โรงเรียนผ่านเกณฑ์ร้อยละ 90": [(90, "percent", "at_least", 2573)],
    "At least 80 percent of schools by 2030": [(80, "percent", "at_least", 2573)],
    # English
    "95% of pupils attend": [(95, "percent", "at_least")],
    "No pupil is out of school": [(0, "count", "zero")],
    "All schools have a plan": [(100, "percent", "at_least")],
    "Accidents reduced by 5%": [(5, "percent", "decrease")],
    "Dropouts below 2 percent": [(2, "percent", "at_most")],
    "The office reaches the advanced level": [(None, "level", "at_least")],
    "": [],
}


@pytest.mark.parametrize("text", SAID, ids=lambda text: text[:40])
def test_target_is_what_the_words_say(text):
    assert short(targets_of(text)) == SAID[text]


def test_words_that_figures_cannot_hold_are_kept_beside_them():
    assert targets_of("ผลการประเมินอยู่ในระดับดีมากขึ้นไป")[0].reference == "ระดับดีมากขึ้นไป"
    assert targets_of("ข้อร้องเรียนลดลงจากปีที่ผ่านมา")[0].reference == "จากปีที่ผ่านมา"


def test_bare_cell_takes_unit_and_direction_from_its_indicator():
    assert short(cell_targets("80", "ร้อยละของครู", year=2570)) == [(80, "percent", "at_least", 2570)]
    assert short(cell_targets("5", "จำนวนนักเรียนออกกลางคัน")) == [(5, "count", "at_most")]
    assert short(cell_targets("ไม่เกิน 3 คน", "นักเรียนจมน้ำ")) == [(3, "count", "at_most")]
    assert cell_targets("-", "ร้อยละของครู") == []


@pytest.mark.parametrize("text", ["ร้อยละ 80", "80 85 90", "ปี 2570 : 85", "ค่าเป้าหมาย ระดับ 5", "ไม่น้อยกว่า 12 แห่ง"])
def test_text_that_is_only_a_target_is_told_apart(text):
    assert is_only_target(text)


@pytest.mark.parametrize("text", ["ร้อยละของครู 80", "ครูผ่านการอบรม", "", "ลดลง"])
def test_text_that_says_what_is_measured_is_no_mere_target(text):
    assert not is_only_target(text)
