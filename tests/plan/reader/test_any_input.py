"""Whatever is fed in: a reading or a refusal that names the file, never a crash, never minutes."""

import io
from datetime import date

import docx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from khet.plan.reader import UnreadableDocument, from_text, load_bytes, read_document
from tests.plan.reader.pdf_writer import pdf_of
from tests.plan.reader.scoring import PAGES
from tests.support.spent import spent

TODAY = date(2027, 3, 1)
FRAGMENTS = st.sampled_from(
    [
        "วิสัยทัศน์", "พันธกิจ", "เป้าประสงค์", "กลยุทธ์ที่ 1", "ยุทธศาสตร์", "ตัวชี้วัด", "ค่าเป้าหมาย", "ค่านิยม",
        "แนวทาง", "ที่", "ตัวชี้วัดที่", "1.", "2)", "(3)", "1.1", "๑.", "ก.", "•", "- ", "ร้อยละ 80", "ไม่มี", "ลดลง",
        "2566 2567", "ดังนี้", "หมายถึง", "“", "”", "(", ")", "|", "\t", "   ", "\n", "\n\n", "|---|", "<li>",
        "<table><tr><td>", "</td></tr>", "&nbsp;", "INSERT INTO kpi (name) VALUES ('", "');", "หน้า 3", "สพป.", "เพื่อ",
        "และ", "ระดับ", "ํา", "ำ", "\u200b", "\uf70a", "S : ", "Vision", "KPI 1:", "ครูผ่านการอบรม", "นักเรียนทุกคน",
    ]
)  # fmt: skip


LINES = ["วิสัยทัศน์", "ทุ่งกว้างทางเดียว", "พันธกิจ", "1. เดินด้วยกัน", "2. รอคนช้า", "ตัวชี้วัด", "1. ครบทุกคน ร้อยละ 100"]


def docx_of(lines: list[str]) -> bytes:
    document, content = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ["กลยุทธ์", "ตัวชี้วัด", "1. เดิน", "ร้อยละ 80"], strict=True
    ):
        cell.text = text
    document.save(content)
    return content.getvalue()


WHOLE = {
    "plan.pdf": pdf_of([[(60, 60 + 20 * place, line) for place, line in enumerate(LINES)]]),
    "plan.docx": docx_of(LINES),
    "plan.html": (PAGES / "51_content_page.html").read_bytes(),
    "plan.txt": (PAGES / "34_pdf_pages.txt").read_bytes(),
}


def check(plan: dict) -> None:
    """The contract's shape, whatever was read."""
    assert plan["vision"] is None or isinstance(plan["vision"], str)
    texts = [*plan["missions"], *plan["goals"], *(s["title"] for s in plan["strategies"])]
    indicators = [*plan["indicators"], *(i for s in plan["strategies"] for i in s["indicators"])]
    assert all(isinstance(text, str) and text == text.strip() for text in texts)
    assert all(indicator["text"] for indicator in indicators)
    directions = {"at_least", "at_most", "zero", "exactly", "decrease", "increase", None}
    for target in (t for indicator in indicators for t in indicator["targets"]):
        assert target["direction"] in directions and target["unit"] in {"percent", "count", "level", None}
    assert all(notice["line"] >= 1 and notice["message"] for notice in plan["notices"])


@settings(max_examples=150, deadline=None)
@given(st.text())
@example("")
@example("\x00")
@example("1. " * 300)
@example("(" * 2000)
@example("เ \u0e3aเ")
def test_any_text_is_read(text):
    check(read_document(from_text(text), today=TODAY).as_dict())


@settings(max_examples=300, deadline=None)
@given(st.lists(FRAGMENTS, max_size=40).map("".join))
def test_any_heap_of_a_plans_pieces_is_read(text):
    check(read_document(from_text(text), today=TODAY).as_dict("en"))


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04word/document", b"<html>", b"\xff\xfe", b"\xd0\xcf\x11\xe0"]),
)
def test_any_bytes_are_read_or_refused(data, head):
    try:
        document = load_bytes(head + data, "any.bin")
    except UnreadableDocument as fault:
        assert "any.bin" in str(fault)
    else:
        check(read_document(document, today=TODAY).as_dict())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_pages_cut_anywhere_are_read(data):
    page = data.draw(st.sampled_from(sorted(PAGES.glob("*.txt"))))
    text = page.read_text(encoding="utf-8")
    check(read_document(from_text(text[: data.draw(st.integers(0, len(text)))]), today=TODAY).as_dict())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_are_read_or_refused(data):
    name = data.draw(st.sampled_from(sorted(WHOLE)))
    content = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
        content = content or bytearray(b"x")
    try:
        document = load_bytes(bytes(content), name)
    except UnreadableDocument as fault:
        assert name in str(fault)
    else:
        check(read_document(document, today=TODAY).as_dict())


def test_long_documents_take_seconds():
    page = (PAGES / "34_pdf_pages.txt").read_text(encoding="utf-8")
    start = spent()
    check(read_document(from_text(page * 150), today=TODAY).as_dict())
    check(read_document(from_text("วิสัยทัศน์ " + "ก" * 200_000), today=TODAY).as_dict())
    check(read_document(from_text("พันธกิจ " + "1. ก 2. ข 3. ค " * 5_000), today=TODAY).as_dict())
    assert spent() - start < 20
