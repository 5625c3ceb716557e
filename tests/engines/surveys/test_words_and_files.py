"""What people wrote: names and numbers are gone before it is stored, words are found as words; files tell no more."""

import csv
import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from khet.core.audit.models import AuditEntry
from khet.engines.surveys import exporting, queries
from khet.engines.surveys.freetext import GONE, frequent, redact, search
from khet.engines.surveys.results import result
from khet.engines.surveys.services import rounds


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("โทร 081-234-5678 ด้วย", f"โทร {GONE} ด้วย"),
        ("เลข 0 9900 00123 45 6 ของฉัน", f"เลข {GONE} ของฉัน"),
        ("เลข ๐๙๙๐๐๐๐๑๒๓๔๕๖", f"เลข {GONE}"),
        ("ปี 2567 ดีกว่าปี ๒๕๖๖", "ปี 2567 ดีกว่าปี ๒๕๖๖"),
        ("รอ 40 นาที จาก 120 คน", "รอ 40 นาที จาก 120 คน"),
        ("เขียนถึง a.b@example.org ได้", f"เขียนถึง {GONE} ได้"),
        ("ดู https://example.org/x?id=5 นะ", f"ดู {GONE} นะ"),
        ("ไลน์ไอดี: somchai99", f"ไลน์ไอดี: {GONE}"),
        ("นายสมมติ ใจดี พูดไม่สุภาพ", f"นาย{GONE} พูดไม่สุภาพ"),
        ("น.ส. สมมุติ ยิ้มแย้ม", f"น.ส.{GONE}"),
        ("เด็กชายทดสอบ ลองดู ถูกแกล้ง", f"เด็กชาย{GONE} ถูกแกล้ง"),
        ("นายกสมาคมมาเยี่ยม นายทะเบียนช่วยดี", "นายกสมาคมมาเยี่ยม นายทะเบียนช่วยดี"),
        ("Mr. Test was late", f"Mr.{GONE} was late"),
    ],
)
def test_what_could_name_somebody_is_taken_out(written, kept):
    assert redact(written) == kept


def test_it_is_gone_before_it_is_stored(running, answer):
    answer(running, better="โทร 0812345678 หานายสมมติ ใจดี", who="other", who_other="ครู 1-2345-67890-12-3")
    stored = queries.ballots([running])[0].answers
    assert "0812345678" not in str(stored) and "ใจดี" not in str(stored) and "67890" not in str(stored)


def test_a_search_finds_words_and_not_pieces_of_words():
    texts = ["เจ้าหน้าที่ทำงานช้า", "มีช้างอยู่หน้าโรงเรียน", "ช้ามาก รอนาน", "ที่จอดรถน้อย"]
    assert search(texts, "ช้า") == [texts[0], texts[2]]
    assert search(texts, "ที่จอดรถ") == [texts[3]]
    assert search(texts, "ช้า รอนาน") == [texts[2]]
    assert search(texts, "  ") == texts
    assert search(texts, "ไม่มีคำนี้") == []


def test_a_frequent_word_is_shown_only_when_enough_people_used_it():
    texts = ["ที่จอดรถน้อย", "ที่จอดรถไม่พอ", "ที่จอดรถไกล", "ห้องน้ำสะอาด"]
    words = dict(frequent(texts, least=3))
    assert "ห้องน้ำ" not in words and max(words.values(), default=0) == 3


@pytest.fixture
def closed(running, answer, planner):
    for number in range(40):
        better = "ขอที่จอดรถเพิ่ม" if number % 2 else "=cmd|'/c calc'!A0"
        answer(running, who="parent" if number < 37 else "agency", overall=str(number % 5 + 1), better=better)
    return rounds.close(running, by=planner)


def sheets_of(content: bytes) -> dict[str, list]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_tells_what_the_page_tells_and_no_more(closed):
    found = sheets_of(exporting.workbook(result(closed)))
    assert set(found) == {"สรุป", "ข้อคำถาม", "รายด้าน", "ข้อความที่เขียน", "คำตอบรายฉบับ"}
    numbers = {row[0]: row[1] for row in found["สรุป"]}
    assert numbers["แหล่งข้อมูล"] == result(closed).survey.source.th
    own = result(closed).own.estimate.score
    assert numbers["ดัชนีความพึงพอใจ (ค่าเฉลี่ย ÷ 5) ✓"] == pytest.approx(own, abs=0.01)
    agency = next(row for row in found["ข้อคำถาม"] if row[1] == "หน่วยงานหรือผู้ประกอบการ")
    assert agency[2] == "–"


def test_single_answers_leave_sorted_without_group_and_words(closed):
    rows = sheets_of(exporting.workbook(result(closed)))["คำตอบรายฉบับ"]
    assert len(rows) == 41
    flat = {str(value) for row in rows[1:] for value in row}
    assert flat <= {"1", "2", "3", "4", "5", "na", "", "1.0", "2.0", "3.0", "4.0", "5.0"}
    assert rows[1:] == sorted(rows[1:])


def test_with_few_answers_no_single_one_leaves(running, answer, planner):
    for _ in range(10):
        answer(running)
    assert "คำตอบรายฉบับ" not in sheets_of(exporting.workbook(result(rounds.close(running, by=planner))))


def test_no_text_of_a_respondent_runs_in_a_spreadsheet(closed):
    content = exporting.workbook(result(closed))
    written = [row[1] for row in sheets_of(content)["ข้อความที่เขียน"]]
    assert "=cmd|'/c calc'!A0" in written, "it is there as a text"
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "sheet" in name)


def test_the_csv_opens_in_excel_and_hides_the_same(closed):
    text = exporting.table(result(closed))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert ["ท่านมาติดต่อในฐานะใด", "หน่วยงานหรือผู้ประกอบการ", "–", "–", "40", "–"] in rows


def test_an_export_leaves_an_entry_that_tells_what_left(closed, planner, client_for):
    for kind, sort in (("xlsx", "spreadsheetml"), ("csv", "text/csv")):
        answer = client_for(planner).get(reverse("surveys:export", args=[closed.ref, kind]))
        assert answer.status_code == 200 and sort in answer["Content-Type"]
    assert AuditEntry.objects.filter(verb="survey.exported").count() == 2


def test_the_page_shows_words_to_those_who_run_the_survey_and_searches_them(closed, planner, client_for):
    client = client_for(planner)
    url = reverse("surveys:results", args=[closed.ref])
    page = client.get(url + "?q=ที่จอดรถ", headers={"HX-Request": "true"}).content.decode()
    assert "ขอที่จอดรถเพิ่ม" in page and "cmd|" not in page
    assert "20 จาก 40 ข้อความ" in page
