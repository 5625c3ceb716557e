"""Code lists know what files write, keep editions apart and give bands."""

import pytest
from pydantic import ValidationError

from khet.core.catalogue.schema import CodeList


@pytest.mark.parametrize(
    ("codes", "written", "code"),
    [
        ("grades", "ป.๑", "ป.1"),
        ("grades", "ป 6", "ป.6"),
        ("grades", "ชั้นมัธยมศึกษาปีที่ 3", "ม.3"),
        ("grades", "อนุบาล 2", "อ.2"),
        ("prefixes", "ด.ช.", "boy"),
        ("prefixes", "น.ส.", "miss"),
        ("sexes", "ญ", "f"),
        ("religions", "อิสลาม", "muslim"),
        ("nationalities", "พม่า", "myanmar"),
        ("blood_groups", "ab", "AB"),
        ("disability_types", "ทางการเห็น", "visual"),
        ("disadvantage_types", "เด็กยากจน", "poor"),
        ("shortages", "ขาดแคลนเครื่องแบบ", "uniform"),
        ("leave_reasons", "อายุพ้นเกณฑ์", "aged_out"),
        ("absence_kinds", "ลาป่วย", "sick"),
        ("absence_parts", "เต็มวัน", "whole"),
        ("mark_results", "ม.ผ.", "มผ"),
        ("mark_results", "4.0", "4"),
        ("staff_types", "ลูกจ้างประจำ(นักการภารโรง)", "permanent_employee"),
        ("staff_types", "ข้าราชการครู(ปฏิบัติงานจริง)", "civil_servant_teacher"),
        ("positions", "ผู้อำนวยการโรงเรียน", "school_director"),
        ("standings", "ชพ.", "senior_professional"),
        ("pa_results", "ไม่ผ่าน", "failed"),
        ("learning_areas", "ภาษาอังกฤษ", "foreign_languages"),
        ("test_subjects", "คำนวณ", "mathematics"),
        ("harm_groups", "การถูกละเมิดสิทธิ์", "rights"),
        ("affiliations", "สพฐ.", "obec"),
        ("resident_statuses", "ย้ายออก", "moved_out"),
        ("working_groups", "กลุ่มนิเทศ", "supervision"),
    ],
)
def test_a_file_may_write_it_this_way(catalogue, codes, written, code):
    assert catalogue.get("codes", codes).find(written).code == code


def test_a_dash_means_nothing_entered_and_is_no_value(catalogue):
    groups = catalogue.get("codes", "blood_groups")
    assert groups.is_empty("-") and groups.is_empty(" ") and groups.is_empty("ไม่ระบุ")
    assert groups.find("-") is None and groups.find("") is None
    assert not groups.is_empty("O")


def test_what_no_list_knows_is_none(catalogue):
    assert catalogue.get("codes", "grades").find("ป.7") is None


def test_compulsory_grades_are_the_nine_of_the_law(catalogue):
    grades = catalogue.get("codes", "grades")
    assert [v.code for v in grades.values if v.compulsory] == [f"ป.{n}" for n in range(1, 7)] + ["ม.1", "ม.2", "ม.3"]
    assert [v.order for v in grades.values] == sorted(v.order for v in grades.values)
    assert {v.group for v in grades.values} == {v.code for v in catalogue.get("codes", "levels").values}


def test_there_are_five_lawful_reasons_to_leave(catalogue):
    assert [v.code for v in catalogue.get("codes", "leave_reasons").values] == [
        "transferred", "deceased", "untraceable", "aged_out", "completed",
    ]  # fmt: skip


def test_marks_that_fail_or_stand_open_are_the_four_of_the_rule(catalogue):
    marks = catalogue.get("codes", "mark_results").values
    assert [mark.code for mark in marks if mark.outcome != "pass"] == ["0", "ร", "มส", "มผ"]
    assert all(mark.points == float(mark.code) for mark in marks if mark.points is not None)


@pytest.mark.parametrize(
    ("scheme", "pupils", "code"),
    [
        ("sizes_primary4", 0, "none"),
        ("sizes_primary4", 120, "small"),
        ("sizes_primary4", 121, "medium"),
        ("sizes_primary7", 499, "s4"),
        ("sizes_secondary4", 499, "small"),
        ("sizes_personnel4", 119, "small"),
        ("sizes_personnel4", 120, "medium"),
        ("sizes_board2", 300, "small"),
        ("sizes_board2", 301, "large"),
        ("sizes_small_bands", 101, "b120"),
    ],
)
def test_one_school_has_a_size_in_each_scheme(catalogue, scheme, pupils, code):
    assert catalogue.get("codes", scheme).band(pupils).code == code


def test_a_number_below_every_band_has_none(catalogue):
    assert catalogue.get("codes", "sizes_primary4").band(-1) is None


def test_good_ranks_differently_in_every_edition(catalogue):
    ranks = {
        codes.id: codes.find("ดี").order for codes in catalogue.all("codes")
        if codes.family in {"onesqa_levels", "iqa_levels"} and codes.find("ดี")
    }  # fmt: skip
    assert ranks == {
        "onesqa_round2": 3, "onesqa_round3": 4, "onesqa_round4": 3, "onesqa_round4_sar": 3, "iqa_levels": 3,
    }  # fmt: skip
    tops = {id: max(v.order for v in catalogue.get("codes", id).values) for id in ranks}
    assert tops["onesqa_round4_sar"] == ranks["onesqa_round4_sar"], (
        "with the SAR alone good was the best there could be"
    )
    assert tops["onesqa_round4"] > ranks["onesqa_round4"]


def test_kinds_of_disadvantage_that_hurt_are_sensitive(catalogue):
    kinds = catalogue.get("codes", "disadvantage_types").values
    assert {v.code for v in kinds if v.sensitive} == {"sexual_exploitation", "detention", "aids", "abused", "drugs"}
    for id in ("religions", "disability_types", "blood_groups"):
        assert catalogue.get("codes", id).sensitive


def test_a_spelling_cannot_stand_for_two_values():
    values = [
        {"code": "a", "title": {"th": "ก", "en": "a"}, "aliases": ["ด.ช."]},
        {"code": "b", "title": {"th": "ข", "en": "b"}, "aliases": ["ดช"]},
    ]
    with pytest.raises(ValidationError, match="stands for both a and b"):
        CodeList(id="x", source="a test", title={"th": "ก", "en": "a"}, values=values)


def test_the_calendar_is_that_of_the_regulation(catalogue):
    calendar = catalogue.get("calendar", "calendar")
    assert (calendar.academic_year_starts, calendar.fiscal_year_starts) == ("05-16", "10-01")
    assert [day.day for day in calendar.census] == ["06-10", "11-10", "03-31"]
    assert (calendar.compulsory_age.youngest, calendar.compulsory_age.oldest) == (7, 15)
    assert catalogue.get("codes", "grades").value(calendar.compulsory_age.last_grade).code == "ม.3"
