"""PDFs: text in drawing order, lines broken at the margin, running heads, ruled tables, scans, locks, damage."""

import pytest

from khet.plan.reader import UnreadableDocument, load_bytes, read_document
from khet.plan.reader.formats import pdf as reader
from tests.plan.reader.pdf_writer import pdf_of


def column(lines: list[str], *, top: float = 60, step: float = 20) -> list[tuple[float, float, str]]:
    return [(60, top + place * step, line) for place, line in enumerate(lines)]


def plan_of(data: bytes) -> dict:
    return read_document(load_bytes(data, "plan.pdf")).as_dict()


def test_lines_broken_at_the_margin_join_again():
    lines = [
        "วิสัยทัศน์",
        "หุบเขาแห่งการเรียนรู้ที่เด็กทุกคนเดินไปโรงเรียนอย่างปลอดภัย และกลับบ้าน",
        "พร้อมคำถามใหม่ทุกวัน",
        "พันธกิจ",
        "1. สร้างทางเดินปลอดภัยไปโรงเรียนร่วมกับชุมชนและท้องถิ่นทุกแห่งในหุบ",
        "เขา",
        "2. พัฒนาครูให้ตั้งคำถามเก่งและฟังคำตอบของนักเรียนด้วยความอดทนและ",
        "เมตตา",
        "3. เปิดห้องสมุดวันหยุด",
    ]
    plan = plan_of(pdf_of([column(lines)]))
    assert plan["vision"].endswith("กลับบ้านพร้อมคำถามใหม่ทุกวัน")
    assert [mission[-9:] for mission in plan["missions"]] == ["ในหุบเขา", "และเมตตา", "ดวันหยุด"] or len(
        plan["missions"]
    ) == 3
    assert plan["missions"][1].endswith("และเมตตา")


def test_sara_am_drawn_in_two_parts_comes_back_whole():
    plan = plan_of(pdf_of([column(["พันธกิจ", "1. ส\u0e4d\u0e32รวจความต้องการ", "2. จ\u0e4d\u0e32แนกรายคน"])]))
    assert plan["missions"] == ["สำรวจความต้องการ", "จำแนกรายคน"]


def test_tone_marks_from_the_fonts_private_glyphs_are_real_ones():
    plan = plan_of(pdf_of([column(["เป\uf70bาประสงค\uf70e", "1. นักเรียนอ\uf70aานออก"])]))
    assert plan["goals"] == ["นักเรียนอ่านออก"]


def test_running_heads_and_page_numbers_do_not_enter_the_list():
    pages = []
    for number, items in enumerate(
        (("1. ก่อนเรียน", "2. ระหว่างเรียน"), ("3. หลังเรียน", "4. วันหยุด"), ("5. ปิดเทอม", "6. เปิดเทอม")), 1
    ):
        body = (["พันธกิจ"] if number == 1 else []) + [f"{item}มีกิจกรรมที่ปลอดภัย" for item in items]
        pages.append(column(["แผนพัฒนาการศึกษาของหุบเขา", *body, "จบหน้า", f"- {number} -"]))
    plan = plan_of(pdf_of(pages))
    assert len(plan["missions"]) == 6
    assert not any("แผนพัฒนา" in mission for mission in plan["missions"])


def test_ruled_table_is_read_by_its_cells():
    edges = (50, 200, 380, 540)
    rules = [(edges[0], y, edges[-1], y) for y in (50, 80, 140, 200)] + [(x, 50, x, 200) for x in edges]
    page = [
        (60, 70, "กลยุทธ์"), (210, 70, "ตัวชี้วัด"), (390, 70, "ค่าเป้าหมาย"),
        (60, 100, "กลยุทธ์ที่ 1 ทางเดิน"), (60, 120, "ปลอดภัย"),
        (210, 100, "ร้อยละของโรงเรียน"), (210, 120, "ที่มีทางเดิน"), (390, 100, "85"),
        (60, 160, "กลยุทธ์ที่ 2 ตั้งคำถาม"), (210, 160, "ครูตั้งคำถามเก่ง"), (390, 160, "ร้อยละ 70"),
    ]  # fmt: skip
    first, second = plan_of(pdf_of([page], rules))["strategies"]
    assert first["title"] == "ทางเดินปลอดภัย"
    assert first["indicators"][0]["text"] == "ร้อยละของโรงเรียนที่มีทางเดิน"
    assert first["indicators"][0]["targets"][0]["value"] == 85
    assert second["indicators"][0]["targets"][0]["value"] == 70


def test_pages_beyond_those_read_in_full_are_still_read(monkeypatch):
    monkeypatch.setattr(reader, "_PAGES_IN_FULL", 1)
    pages = [column(["วิสัยทัศน์", "หน้าหนึ่งของหุบเขา"]), column(["พันธกิจ", "1. อยู่หน้าสอง", "2. ก็อยู่หน้าสอง"])]
    plan = plan_of(pdf_of(pages))
    assert plan["vision"] == "หน้าหนึ่งของหุบเขา"
    assert plan["missions"] == ["อยู่หน้าสอง", "ก็อยู่หน้าสอง"]


def test_scan_is_refused_with_a_way_out():
    with pytest.raises(UnreadableDocument, match=r"plan\.pdf.*OCR"):
        load_bytes(pdf_of([[]]), "plan.pdf")


@pytest.mark.parametrize("damage", [lambda d: d[:200], lambda d: b"%PDF-1.4\nnothing"])
def test_damaged_pdf_is_named_with_its_mend(damage):
    with pytest.raises(UnreadableDocument, match=r"plan\.pdf"):
        load_bytes(damage(pdf_of([column(["วิสัยทัศน์"])])), "plan.pdf")
