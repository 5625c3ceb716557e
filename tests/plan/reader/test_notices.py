"""What the reader tells a person to look at."""

from datetime import date

import pytest

from khet.plan.reader import from_text, read_document

TODAY = date(2027, 1, 15)  # B.E. 2570


def notices(text: str, *, today: date = TODAY, lang: str = "en") -> list[tuple[int, str]]:
    reading = read_document(from_text(text), today=today)
    return [(notice.line, notice.message(lang)) for notice in reading.notices]


def said(text: str, words: str, **options) -> bool:
    return any(words in message for _, message in notices(text, **options))


def test_a_vision_whose_year_has_passed():
    text = "วิสัยทัศน์\nภายในปี 2569 โรงเรียนทุกแห่งมีห้องสมุดมีชีวิต"
    assert notices(text)[0] == (2, "The year B.E. 2569 has passed. Check whether this plan is still in force.")
    assert not said(text, "passed", today=date(2026, 12, 31))


def test_targets_of_which_the_last_year_has_passed():
    text = "ตัวชี้วัด\n1. ครูผ่านการอบรม ปี 2567 ร้อยละ 80 ปี {} ร้อยละ 90"
    assert said(text.format(2568), "2568 has passed")
    assert not said(text.format(2571), "passed")


def test_a_slip_in_a_well_known_acronym():
    assert said("ตัวชี้วัด\n1. ผลการประเมิน PMOA ร้อยละ 80", "“PMOA” is probably a slip for “PMQA”")
    assert not said("ตัวชี้วัด\n1. ผล N-NET, O-NET และ STEAM ร้อยละ 80", "slip")


def test_a_misspelt_word_and_a_misspelt_heading():
    assert said("พันธกิจ\n1. กระจ่ายอำนาจสู่โรงเรียน\n2. สร้างคน", "กระจายอำนาจ")
    assert (1, "“ตังชี้วัด” is probably meant to be “ตัวชี้วัด”.") in notices("ตังชี้วัด\n1. ครูผ่านเกณฑ์ ร้อยละ 80")


def test_a_file_with_damaged_letters_is_not_scolded_for_spelling():
    words = ["เสรมประสิทธิภพ", "นวัตกรรรม", "ยุทธศาตร์", "วิสัยทัศ", "พันธกจ", "มาตรฐน", "สมรรถน", "ศักยภพ", "คุณธรม", "จริยธรม"]
    text = "พันธกิจ\n" + "\n".join(f"{n}. พัฒนา{word}ของเรา" for n, word in enumerate(words, 1))
    assert not said(text, "probably meant")


def test_a_level_that_the_plan_does_not_define():
    text = "ตัวชี้วัด\n1. ผลการประเมินอยู่ในระดับขั้นสูง"
    assert said(text, "does not say what “ขั้นสูง” means")
    assert not said(text + "\nหมายเหตุ ขั้นสูง หมายถึง คะแนน 85 ขึ้นไป", "does not say")


def test_ten_percent_beside_a_hundred():
    text = "กลยุทธ์ที่ 1 ห้องเรียน\nตัวชี้วัด\n1. ห้องเรียนสะอาด ร้อยละ {}\n2. ห้องเรียนปลอดภัย ร้อยละ 100"
    assert (
        3,
        "A target of 10 percent stands beside 100 percent in the same strategy. Check for a missing digit.",
    ) in notices(text.format(10))
    assert not said(text.format(90), "missing digit")


def test_a_bracket_left_open():
    assert (2, "A bracket is opened and not closed: “(Reading corner ทุกห้อง”.") in notices(
        "พันธกิจ\n1. สร้างมุมอ่าน (Reading corner ทุกห้อง\n2. สร้างคน"
    )


@pytest.mark.parametrize(
    ("numbers", "words"), [("1 2 2", "Number 2 is used twice"), ("1 2 4", "Number 3 is missing"), ("1 2 3", "")]
)
def test_numbers_repeated_or_left_out(numbers, words):
    items = "\n".join(f"{number}. ทำงานที่{chr(0x0E01 + place)}ดี" for place, number in enumerate(numbers.split()))
    found = [message for _, message in notices(f"พันธกิจ\n{items}") if message.startswith("Number")]
    assert [message.startswith(words) for message in found] == ([True] if words else [])


def test_a_strategy_without_indicator_among_others_that_have_one():
    text = "กลยุทธ์ที่ 1 อ่าน\nตัวชี้วัด อ่านออก ร้อยละ 80\nกลยุทธ์ที่ 2 เขียน\n1. เขียนทุกวัน\n2. เขียนจดหมาย"
    assert (3, "Strategy 2 has no indicator.") in notices(text)


def test_the_old_name_of_an_office():
    assert said("พันธกิจ\n1. ทำเว็บไซต์ตามมาตรฐานของสำนักงานรัฐบาลอิเล็กทรอนิกส์\n2. สร้างคน", "is now called")


def test_a_text_that_stops_in_the_middle():
    reading = read_document(from_text("พันธกิจ\n1. พัฒนาครู\n2. สร้างโอกาสทางการศึกษ"), today=TODAY)
    assert not reading.complete
    assert reading.notices[-1].line == 3 and "stops in the middle" in reading.notices[-1].message("en")


@pytest.mark.parametrize("ending", ["2. ", "2. สร้างคนและ", "2. สร้างคน (คนดี", "2. สร้างคน\nเป้าประสงค์", "2. สร้างโอกาส…"])
def test_every_way_of_stopping_short_is_seen(ending):
    assert not read_document(from_text(f"พันธกิจ\n1. พัฒนาครู\n{ending}"), today=TODAY).complete


def test_no_plan_gives_one_notice_and_empty_lists():
    plan = read_document(from_text("ข่าววันนี้\nฝนตกหนัก"), today=TODAY).as_dict("en")
    assert plan["notices"] == [
        {"line": 1, "message": "No plan was found in this document (vision, mission, goals, strategies or indicators)."}
    ]
    assert plan["vision"] is None and plan["missions"] == plan["strategies"] == plan["indicators"] == []


def test_a_list_of_projects_is_not_taken_for_indicators():
    rows = ",\n".join(f"('P{n}', 'โครงการเรือส่งหนังสือสายที่ {n}', 'นักเรียน {n}0 คน')" for n in range(1, 6))
    assert said(f"INSERT INTO projects (code, title, target_quantitative) VALUES\n{rows};", "list of 5 projects")


def test_notices_are_in_thai_unless_asked_otherwise():
    reading = read_document(from_text("x"), today=TODAY)
    assert "ไม่พบโครงสร้างแผน" in reading.as_dict()["notices"][0]["message"]


def test_every_message_has_both_languages_and_the_same_facts():
    import string

    from khet.plan.reader.messages import _messages

    for name, texts in _messages().items():
        facts = [{field for _, field, _, _ in string.Formatter().parse(texts[lang]) if field} for lang in ("th", "en")]
        assert facts[0] == facts[1], name
