"""What results say of one pupil: why behind, and the averages before a day and after it."""

from datetime import date

import pytest

from khet.core.catalogue import catalogue
from khet.web.behind.signs import Result, gain, reasons

POINTS = {"4": 4, "3": 3, "2": 2, "1": 1, "0": 0}


def result(year, code, got, semester=0, area="thai", credits=1):
    return Result(year, semester, code, f"วิชา {code}", area, got, POINTS.get(got), credits)


def found(*results):
    rules = catalogue().get("behind", "behind_2568")
    return {one.sign.id: one for one in reasons(results, rules.signs)}


@pytest.mark.parametrize(
    ("got", "sign"), [("0", "failed"), ("มผ", "failed"), ("มส", "barred"), ("ร", "open"), ("1", None), ("ผ", None)]
)
def test_a_result_not_passed_is_a_reason_and_names_the_subject(got, sign):
    told = found(result(2024, "ท1", got))
    assert list(told) == ([sign] if sign else [])
    assert all(one.subjects == ("วิชา ท1",) for one in told.values())


def test_what_was_passed_in_a_later_term_is_mended():
    assert found(result(2024, "ท1", "2"), result(2023, "ท1", "0")) == {}
    assert list(found(result(2024, "ท1", "0"), result(2023, "ท1", "2"))) == ["failed"]


def term(year, got, semester=0, count=4):
    return [result(year, f"{n}/{year}/{semester}", got, semester) for n in range(count)]


def test_a_fall_is_seen_against_the_pupils_own_term_before():
    fall = found(*term(2022, "1"), *term(2023, "3"), *term(2024, "2"))["fall"]
    assert (fall.before.points, fall.after.points) == (3, 2)
    assert (fall.before.term.code, fall.after.term.code) == ("AY2023", "AY2024")
    assert found(*term(2023, "2"), *term(2024, "3")) == {}
    assert (
        found(
            *term(2024, "3"),
        )
        == {}
    )


def test_a_small_fall_and_one_of_few_subjects_say_nothing():
    nearly = [*term(2024, "3", count=2), *[result(2024, f"x{n}", "2") for n in range(2)]]
    assert found(*term(2023, "3"), *nearly) == {}
    assert found(*term(2023, "3", count=3), *term(2024, "1", count=3)) == {}


def test_semesters_follow_each_other_and_credits_weigh():
    fall = found(*term(2024, "4", 1), *term(2024, "3", 2))["fall"]
    assert [fall.before.term.code, fall.after.term.code] == ["AY2024T1", "AY2024T2"]
    weighed = [result(2023, "a", "4", credits=3), result(2023, "b", "0", credits=1)]
    assert gain(weighed, date(2024, 6, 1)).before.points == 3


def test_the_gain_lies_between_the_term_before_joining_and_the_newest_since():
    results = [result(2022, "a", "0"), result(2023, "a", "1"), result(2024, "a", "2"), result(2025, "a", "3")]
    both = gain(results, date(2024, 8, 1))
    assert (both.before.points, both.after.points, both.change) == (1, 3, 2)
    waiting = gain(results[:2], date(2024, 8, 1))
    assert waiting.after is None and waiting.change is None
    assert gain(results, date(2020, 8, 1)) is None


def test_a_gain_of_an_area_leaves_other_areas_out():
    results = [result(2023, "a", "1"), result(2023, "b", "4", area="arts"), result(2024, "a", "2")]
    assert gain(results, date(2024, 8, 1), "thai").before.points == 1
    assert gain(results, date(2024, 8, 1), "science") is None
