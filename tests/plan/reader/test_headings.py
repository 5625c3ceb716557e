"""Lines that open a section, lines that name several, lines that close one, and lines that only look like it."""

import pytest

from khet.plan.reader.headings import heading_of
from khet.plan.reader.offices import is_area_office, is_office_name
from khet.plan.reader.stops import is_stop

OPENS = {
    "วิสัยทัศน์": ("vision", "", ""),
    "วิสัยทัศน์ (Vision)": ("vision", "", ""),
    "วิสัยทัศน์ ปี 2570 - 2574": ("vision", "", ""),
    "วิสัยทัศน์ : เรียนดี มีสุข": ("vision", "", "เรียนดี มีสุข"),
    "พันธกิจ 4 ประการ": ("missions", "", ""),
    "พันธกิจของสำนักงานเขตพื้นที่การศึกษาประถมศึกษาเมืองทราย เขต 4": ("missions", "", ""),
    "พันธกิจ Mission": ("missions", "", ""),
    "เปาประสงค": ("goals", "", ""),
    "เป้ำประสงค์": ("goals", "", ""),
    "ค่านิยมและวัฒนธรรมองค์กร": ("values", "", ""),
    "ABLE Core Values": ("values", "", ""),
    "ส่วนที่ 2 พันธกิจ": ("missions", "", ""),
    "กลยุทธ์ที่ 1 อ่านคล่อง": ("strategies", "1", "อ่านคล่อง"),
    "กลยุทธ์ที่ ๒ : เขียนคล่อง": ("strategies", "2", "เขียนคล่อง"),
    "ยุทธศาสตร์ที่สอง กีฬา": ("strategies", "2", "กีฬา"),
    "Strategy 3: Read": ("strategies", "3", "Read"),
    "Strategic Issue II - Play": ("strategies", "2", "Play"),
    "ตัวชี้วัดที่ 1.3 : ร้อยละของครู": ("indicators", "1.3", "ร้อยละของครู"),
    "ตัวชี้วัด/ค่าเป้าหมาย": ("indicators", "", ""),
    "ตัวชี้วัด ครูผ่านเกณฑ์": ("indicators", "", "ครูผ่านเกณฑ์"),
    "ตัวชี้วัด 1) ก 2) ข": ("indicators", "", "1) ก 2) ข"),
    "ค่าเป้าหมาย : ร้อยละ 80": ("targets", "", "ร้อยละ 80"),
    "แนวทางการพัฒนา": ("tactics", "", ""),
    "pt": ("missions", "", ""),
}


@pytest.mark.parametrize("line", OPENS, ids=str)
def test_heading_opens_its_section(line):
    heading = heading_of(line)
    assert (heading.kind, heading.number, heading.rest) == OPENS[line]


@pytest.mark.parametrize(
    "line",
    ["วิสัยทัศน์ พันธกิจ เป้าประสงค์", "พันธกิจ / เป้าหมาย", "วิสัยทัศน์ / ปรัชญา", "กลยุทธ์ ตัวชี้วัด ค่าเป้าหมาย 2570 2571"],
)
def test_line_naming_several_sections_is_a_title(line):
    assert heading_of(line).kind == "title"


@pytest.mark.parametrize(
    "line",
    [
        "มาตรการป้องกันโรค", "เป้าหมายการพัฒนาที่ยั่งยืน (SDGs)", "ยุทธศาสตร์ชาติ 20 ปี", "Goal oriented", "กลยุทธ์การตลาดออนไลน์",
        "วิสัยทัศน์ของผู้นำที่ดีคืออะไร", "พันธกิจดังกล่าวสำเร็จได้ด้วยดี", "", "  ", "1234", "ประเด็น",
    ],
)  # fmt: skip
def test_text_that_begins_like_a_heading_is_none(line):
    assert heading_of(line) is None


def test_misspelt_heading_is_known_and_its_spelling_told():
    assert heading_of("ตังชี้วัด").typo == "ตัวชี้วัด"
    assert heading_of("ยุทธศาตร์ที่ 2 กีฬา").number == "2"
    assert heading_of("วิสัยทัศน").typo == ""


@pytest.mark.parametrize(
    "line",
    [
        "โครงสร้างองค์กร",
        "โครงการและงบประมาณ",
        "ปรัชญาโรงเรียนบ้านสวน",
        "คำอธิบายวิสัยทัศน์",
        "โทร. 0-0000",
        "© 2570",
        "#แฮชแท็ก",
        "SWOT Analysis",
    ],
)
def test_other_matter_closes_a_section(line):
    assert is_stop(line)


@pytest.mark.parametrize(
    "line", ["โครงสร้างพื้นฐานพร้อมใช้", "โอกาสทางการศึกษาเท่าเทียม", "นโยบายที่โรงเรียนร่วมคิดกัน" * 0 + "เด็กดี"]
)
def test_items_that_begin_with_such_words_do_not(line):
    assert not is_stop(line, marked=True)


def test_names_of_offices_are_told_from_sentences_about_them():
    assert is_area_office("สำนักงานเขตพื้นที่การศึกษาประถมศึกษาเมืองทราย เขต 4")
    assert not is_area_office("สำนักงานเขตพื้นที่การศึกษาเป็นองค์กรแห่งการเรียนรู้")
    assert is_office_name("โรงเรียนบ้านสวน")
    assert not is_office_name("โรงเรียนดี ชุมชนร่วม")
