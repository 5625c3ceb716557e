"""List marks: numbers of every shape, bullets, letters; and runs of items on one line."""

import pytest

from khet.plan.reader.marks import split_marker, split_run

MARKED = {
    "1. อ่าน": ("1.", (1,), "อ่าน"),
    "1.อ่าน": ("1.", (1,), "อ่าน"),
    "๑) อ่าน": ("1)", (1,), "อ่าน"),
    "(12) อ่าน": ("(1)", (12,), "อ่าน"),
    "2.1.3: อ่าน": ("1:", (2, 1, 3), "อ่าน"),
    "2.1 อ่าน": ("1.", (2, 1), "อ่าน"),
    "3 - อ่าน": ("1:", (3,), "อ่าน"),
    "ข้อ 4 อ่าน": ("ข้อ1", (4,), "อ่าน"),
    "5 อ่าน": ("1", (5,), "อ่าน"),
    "๖อ่านหนังสือ": ("1", (6,), "อ่านหนังสือ"),
    "③ อ่าน": ("①", (3,), "อ่าน"),
    "M2 : อ่าน": ("A1", (2,), "อ่าน"),
    "ก. อ่าน": ("a", (1,), "อ่าน"),
    "ii) read": ("i", (2,), "read"),
    "• อ่าน": ("•", (), "อ่าน"),
    "– อ่าน": ("-", (), "อ่าน"),
    "✅ อ่าน": ("✅", (), "อ่าน"),
    "\uf0b7 อ่าน": ("\uf0b7", (), "อ่าน"),
    ". อ่าน": (".", (), "อ่าน"),
    "7.": ("1.", (7,), ""),
}


@pytest.mark.parametrize("line", MARKED, ids=repr)
def test_mark_is_taken_off(line):
    marker, body = split_marker(line)
    assert (marker.style, marker.number, body) == MARKED[line]


@pytest.mark.parametrize(
    "line",
    ["3R8C", "5ส", "21st century", "80%", "6-15 ปี", "(0-6 ปี)", "2570 เป็นปีแรก", "อ่าน", "", "--", "ป. 6", "8.5 ล้าน"[:0]],
)
def test_text_that_begins_with_a_figure_is_no_list_item(line):
    assert split_marker(line)[0] is None


def run(line: str, **options) -> list[str]:
    marker, body = split_marker(line)
    return [text for _, text in split_run(marker, body, **options)]


def test_items_on_one_line_part_at_their_numbers():
    assert run("1) อ่านร้อยละ 80 2) เขียนร้อยละ 90 3) คิด") == ["อ่านร้อยละ 80", "เขียนร้อยละ 90", "คิด"]
    assert run("1. อ่าน 2. เขียน") == ["อ่าน", "เขียน"]
    assert run("• อ่าน • เขียน") == ["อ่าน", "เขียน"]


def test_numbers_that_belong_to_the_text_do_not_part_it():
    assert run("1. เรียนในศตวรรษที่ 2. นี้") == ["เรียนในศตวรรษที่ 2. นี้"]
    assert run("1. ค่าเฉลี่ย 2.5 ขึ้นไป") == ["ค่าเฉลี่ย 2.5 ขึ้นไป"]


def test_an_enumeration_inside_an_item_stays_inside_when_the_list_goes_on_below():
    assert run("1) ทักษะ ได้แก่ 1) อ่าน 2) เขียน", before=(2,)) == ["ทักษะ ได้แก่ 1) อ่าน 2) เขียน"]
