"""The catalogue's number for a sentence: by its words, its damage mended, and by the unit its targets are in."""

import pytest

from khet.plan.reader.targets import cell_targets, targets_of
from khet.plan.suggestions import suggest


def measure_of(text: str, cell: str = "") -> str | None:
    targets = targets_of(text) + (cell_targets(cell, text) if cell else [])
    found = suggest(text, targets=[target.as_dict() for target in targets])
    return found.indicator if found else None


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("สถานศึกษาจัดการเรียนรู้เชิงรุกไม่น้อยกว่าร้อยละ 60", "active_learning_schools_rate"),
        ("จำนวนสถานศึกษาที่จัดการเรียนรู้เชิงรุก 60 แห่ง", None),  # 60 schools are not 60 percent
        ("นักเรียนออกกลางคันไม่เกินร้อยละ 1", "dropout_rate"),
        ("นักเรียนออกกลางคันไม่เกิน 5 คน", None),
        ("ไม่มีนักเรียนออกกลางคัน", "dropout_rate"),  # none is none in any unit
        ("จำนวนอุบัติเหตุของนักเรียนลดลงร้อยละ 10", "pupil_harm"),  # by so much: no unit of its own
        ("คะแนนเฉลี่ย ITA ไม่น้อยกว่าร้อยละ 92", "ita_score"),
        ("ควำมพึงพอใจของผู้รับบริกำร ไม่ต่ำกว่ำร้อยละ 85", "service_satisfaction"),  # sara am for sara a
    ],
)
def test_a_number_is_suggested_only_when_the_targets_are_in_its_unit(text, measure):
    assert measure_of(text) == measure


def test_a_target_in_the_tables_cell_counts_too():
    assert measure_of("สถานศึกษาที่จัดการเรียนรู้เชิงรุก", "ร้อยละ 80") == "active_learning_schools_rate"
    assert measure_of("สถานศึกษาที่จัดการเรียนรู้เชิงรุก", "80 แห่ง") is None


def test_a_suggestion_says_why():
    assert "เรียนรู้เชิงรุก" in suggest("โรงเรียนจัดการเรียนรู้เชิงรุก").reason


def test_what_the_reader_took_it_for_is_kept_where_no_words_decide():
    assert suggest("ความสำเร็จของงาน", "dropout_rate").indicator == "dropout_rate"
    assert suggest("ความสำเร็จของงาน", "no_such_indicator") is None
