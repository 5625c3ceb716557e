"""What absences and results say."""

from datetime import date

import pytest

from tests.facts.records import absent, figure, mark, pupil, pupils

pytestmark = pytest.mark.django_db


def test_days_absent_count_halves_and_leave_but_not_coming_late(total, school):
    first, second = pupils(2, school)
    absent(first, "2024-06-03")
    absent(first, "2024-06-04", part=1)
    absent(first, "2024-06-05", kind="sick")
    absent(second, "2024-06-05", kind="errand", part=2)
    absent(second, "2024-06-06", kind="late")
    assert total("absent_days", school, "M2024-06") == 3


def test_days_due_are_pupils_times_school_days_of_the_months_reported(total, office, school, other_school):
    first, *_ = pupils(4, school)
    pupils(5, other_school)
    absent(first, "2024-06-03")
    absent(first, "2024-08-03")
    for month, days in (("M2024-05", 10), ("M2024-06", 20), ("M2024-07", 15), ("M2024-08", 21), ("M2024-09", 20)):
        figure(office, "school_days", month, days)
    # May and September lie outside the months reported; July had no absences, and that is known
    assert total("absence_due_days", school) == 4 * (20 + 15 + 21)
    assert total("absent_days", school, "M2024-07") == 0
    assert total("absent_days", school, "M2024-09") is None
    assert total("absence_due_days", other_school) is None
    assert total("absence_due_days", office) == 4 * 56


def test_a_school_s_own_school_days_come_before_those_of_the_office(total, office, school):
    (only,) = pupils(1, school)
    absent(only, "2024-06-03")
    figure(office, "school_days", "M2024-06", 20)
    figure(school, "school_days", "M2024-06", 18)
    assert total("absence_due_days", school) == 18


def test_days_due_are_unknown_without_school_days(total, school):
    (only,) = pupils(1, school)
    absent(only, "2024-06-03")
    assert total("absent_days", school) == 1
    assert total("absence_due_days", school) is None
    assert total("chronic_absent", school) is None


def test_a_pupil_is_due_in_the_months_in_whose_middle_the_roll_has_them(total, office, school):
    stays = pupil(school)
    pupil(school, entered=date(2024, 6, 16))
    pupil(school, left=date(2024, 7, 15), leave_reason="transferred")
    absent(stays, "2024-06-03")
    absent(stays, "2024-07-03")
    figure(office, "school_days", "M2024-06", 20)
    figure(office, "school_days", "M2024-07", 10)
    assert total("absence_due_days", school, "M2024-06") == 2 * 20
    assert total("absence_due_days", school, "M2024-07") == 2 * 10


def test_chronic_is_a_tenth_of_the_days_due_or_more(total, office, school):
    often, seldom, never = pupils(3, school)
    figure(office, "school_days", "M2024-06", 20)
    figure(office, "school_days", "M2024-11", 20)
    absent(often, "2024-06-03")
    absent(often, "2024-06-04")
    absent(seldom, "2024-06-03", part=1)
    absent(seldom, "2024-11-04", part=1)
    absent(never, "2024-11-04", kind="late")
    # Over the year two days of forty; in the first semester two of twenty
    assert total("chronic_absent", school) == 0
    assert total("chronic_absent", school, "AY2024T1") == 1
    assert total("chronic_absent", school, "AY2024T2") == 0
    assert total("chronic_absent", school, "M2024-06") == 1
    absent(often, "2024-11-05")
    absent(often, "2024-11-06")
    assert total("chronic_absent", school) == 1
    assert total("chronic_absent", school, by=["grade"]) == {("ป.1",): 1}


def test_failures_are_0_and_what_is_not_mended_yet(total, school):
    first, second = pupils(2, school)
    for n, result in enumerate(("4", "1", "0", "ร", "มส", "ผ", "มผ")):
        mark(first, result, subject=f"s{n}", area="thai" if n < 3 else "mathematics")
    mark(second, "2.5")
    assert total("mark_results", school) == 8
    assert total("mark_failures", school) == 4
    assert total("mark_failures", school, by=["group"]) == {("thai",): 1, ("mathematics",): 3}
    assert total("pupils_with_failure", school) == 1


def test_semesters_stand_beside_the_year_and_are_not_added_to_it(total, school):
    small, big = pupil(school), pupil(school, grade="ม.1")
    mark(small, "0")
    mark(big, "0", semester=1)
    mark(big, "3", semester=2)
    assert total("mark_results", school) == 3
    assert total("mark_results", school, "AY2024T1") == 1
    assert total("mark_failures", school, "AY2024T2") == 0


def test_no_results_are_no_zero_failures(total, school):
    pupils(2, school)
    assert total("mark_failures", school) is None
    assert total("pupils_with_failure", school) is None
