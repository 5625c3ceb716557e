"""What is known of a pupil on a day, and how it ended."""

from datetime import date

import numpy as np
import pytest

from khet.insight.earlywarning.cohort import cohort
from khet.insight.earlywarning.days import look_at, school_days
from khet.kit.secrets import keyed_hash
from khet.registers.people.models import PERSON_ID, Identifier
from khet.registers.residents.models import Resident
from tests.insight.earlywarning.conftest import TODAY, YEAR, absent, results, weekdays


def of(enrolment, office, day=TODAY, year=YEAR):
    """The features of one pupil."""
    found = cohort(office, year, day)
    return found.pupil(found.enrolments.tolist().index(enrolment.pk))


def ended(enrolment, office, year=YEAR, day=TODAY):
    found = cohort(office, year, day)
    return None if found.ended is None else found.ended[found.enrolments.tolist().index(enrolment.pk)]


def test_days_lost_are_counted_against_the_days_of_school_so_far(office, school, class_of_ten):
    lost = weekdays(date(2025, 7, 1), 12)
    absent(class_of_ten[3], lost)
    due = len(school_days(YEAR, TODAY))
    pupil = of(class_of_ten[3], office)
    assert pupil["absent_share"] == pytest.approx(100 * 13 / due)
    assert pupil["absent_in_row"] == 12
    assert pupil["absent_in_month"] == 12
    assert pupil["absent_lately"] == 0
    assert pupil["stopped"] == 0


def test_half_days_count_half_late_not_at_all_and_leaving_at_midday_is_skipping(office, class_of_ten):
    pupil = class_of_ten[2]
    before = of(pupil, office)["absent_share"]
    days = weekdays(date(2025, 8, 4), 12)
    absent(pupil, days[:4], part=2)
    absent(pupil, days[4:6], part=1)
    absent(pupil, days[6:], kind="late", part=1)
    after, due = of(pupil, office), len(school_days(YEAR, TODAY))
    assert after["absent_share"] - before == pytest.approx(100 * 3 / due)
    assert (after["skipped"], after["late_days"], after["absent_in_row"]) == (4, 6, 1)


def test_both_halves_of_a_day_are_a_day(office, class_of_ten):
    days = weekdays(date(2025, 8, 4), 6)
    absent(class_of_ten[2], days, part=1)
    absent(class_of_ten[2], days, part=2)
    assert of(class_of_ten[2], office)["absent_in_row"] == 6


def test_weekends_do_not_break_a_row_of_days(office, class_of_ten):
    absent(class_of_ten[1], weekdays(date(2025, 7, 3), 7))
    assert of(class_of_ten[1], office)["absent_in_row"] == 7


def test_a_day_on_which_a_large_school_has_no_absence_is_no_school_day(office, school, pupil):
    days = [day for day in school_days(YEAR, TODAY) if day != date(2025, 7, 9)]
    for number in range(5):
        absent(pupil(school), days[number % 2 :: 2])
    others = [absent(pupil(school), days[1::2]) for _n in range(4)]
    straight = absent(pupil(school), [date(2025, 7, 7), date(2025, 7, 8), date(2025, 7, 10), date(2025, 7, 11)])
    assert of(straight, office)["absent_in_row"] == 4
    assert of(others[0], office)["absent_share"] < 60


def test_of_a_school_that_reports_no_absences_nothing_is_known(office, other_school, class_of_ten, pupil):
    silent = pupil(other_school)
    known = of(silent, office)
    assert known["absent_share"] is None
    assert known["absent_in_row"] is None


def test_nothing_after_the_day_is_known(office, class_of_ten):
    day = date(2025, 7, 31)
    before = of(class_of_ten[4], office, day)
    absent(class_of_ten[4], weekdays(date(2025, 8, 4), 20))
    results(class_of_ten[4], "0", "0", semester=2)
    class_of_ten[4].left = date(2025, 11, 3)
    class_of_ten[4].save()
    assert of(class_of_ten[4], office, day) == before


def test_who_has_not_come_for_fifteen_days_has_stopped(office, class_of_ten):
    days = school_days(YEAR, TODAY)
    absent(class_of_ten[5], days[-15:])
    absent(class_of_ten[6], days[-15:-1])
    assert of(class_of_ten[5], office)["stopped"] == 1
    assert of(class_of_ten[6], office)["stopped"] == 0


def test_the_mark_that_a_pupil_cannot_be_struck_off_counts_as_stopped_this_year(office, class_of_ten):
    class_of_ten[7].hanging = True
    class_of_ten[7].save()
    assert of(class_of_ten[7], office)["stopped"] == 1


def test_results_of_a_semester_are_known_when_the_next_begins(office, school, pupil):
    spell = results(pupil(school, "ม.1"), "0", "4", "ร")
    assert of(spell, office, date(2025, 10, 20))["failures"] is None
    known = of(spell, office, date(2025, 11, 2))
    assert (known["failures"], known["mean_grade"]) == (2, 2.0)


def test_results_are_compared_with_those_of_the_year_before(office, school, pupil):
    before = results(pupil(school, "ม.1", year=YEAR - 1), "3", "3")
    now = results(pupil(school, "ม.2", person=before.person), "2", "0")
    known = of(now, office)
    assert (known["mean_grade"], known["grade_change"], known["failures_before"]) == (1.0, -2.0, 0)


def test_age_against_the_grade(office, school, pupil):
    on_time = pupil(school, "ป.1", born=date(YEAR - 7, 12, 31))
    late = pupil(school, "ป.1", born=date(YEAR - 9, 1, 1))
    assert of(on_time, office)["over_age"] == 0
    assert of(late, office)["over_age"] == 2


def test_moves_and_coming_back(office, school, other_school, pupil):
    first = pupil(school, "ป.3", year=YEAR - 1, left=date(2025, 1, 15), leave_reason="untraceable")
    again = pupil(other_school, "ป.3", person=first.person, entered=date(2025, 8, 1))
    known = of(again, office)
    assert (known["moves"], known["back_again"], known["came_midyear"]) == (1, 1, 1)


def test_a_pupil_with_two_spells_stands_once_at_the_school_entered_last(office, school, other_school, pupil):
    first = pupil(school)
    second = pupil(other_school, person=first.person, entered=date(2025, 9, 1))
    found = cohort(office, YEAR, TODAY)
    assert found.enrolments.tolist() == [second.pk]


def test_the_end_is_not_known_before_the_next_year_is_there(office, school, pupil):
    assert ended(pupil(school), office) is None


@pytest.fixture
def next_year(school, pupil):
    """The school goes on, with a higher grade."""
    pupil(school, "ป.6")
    return pupil(school, "ป.4", year=YEAR + 1)


@pytest.mark.parametrize(
    ("fields", "lost"),
    [
        ({"hanging": True}, 1),
        ({"left": date(2026, 1, 5), "leave_reason": "untraceable"}, 1),
        ({"left": date(2026, 1, 5), "leave_reason": "transferred"}, 0),
        ({"left": date(2026, 1, 5), "leave_reason": "deceased"}, 0),
        ({"left": date(2026, 3, 31), "leave_reason": "completed"}, 0),
        ({"left": date(2026, 1, 5)}, 1),  # no reason given, and on no other roll
        ({}, 1),  # not back, on no other roll, and no registration list to say that the child moved away
    ],
)
def test_how_it_ended(office, school, pupil, next_year, fields, lost):
    assert ended(pupil(school, **fields), office) == lost


def test_who_is_back_or_has_passed_the_highest_grade_is_not_lost(office, school, pupil, next_year):
    stayed = pupil(school)
    pupil(school, "ป.5", year=YEAR + 1, person=stayed.person)
    assert ended(stayed, office) == 0
    assert ended(pupil(school, "ป.6"), office) == 0


def test_the_civil_registration_list_tells_lost_from_moved_away(office, school, pupil, next_year):
    here, away = pupil(school), pupil(school)
    for person, number in ((here.person, "9990000000010"), (away.person, "9990000000028")):
        Identifier.objects.create(
            person=person, kind="national_id", value=number, value_hash=keyed_hash(number, PERSON_ID)
        )
    Resident.objects.create(
        org=office, list_date=date(2026, 6, 1), first_name="ก", name_key="ก|", status="living",
        birth_date=date(2015, 1, 1), identifier="9990000000010", identifier_hash=keyed_hash("9990000000010", PERSON_ID),
    )  # fmt: skip
    assert ended(here, office) == 1
    assert ended(away, office) == 0
    assert cohort(office, YEAR, TODAY).listed


def test_the_same_day_of_another_year():
    assert look_at(2023, date(2025, 11, 28)) == date(2023, 11, 28)
    assert look_at(2024, date(2026, 3, 1)) == date(2025, 3, 1)
    assert look_at(2025, date(2026, 5, 15)) == date(2026, 5, 15)


def test_another_office_is_not_looked_at(office, stranger_office, school, stranger_school, pupil):
    pupil(school)
    pupil(stranger_school)
    assert len(cohort(office, YEAR, TODAY)) == 1
    assert len(cohort(stranger_office, YEAR, TODAY)) == 1


def test_an_office_without_pupils_is_empty_and_not_a_fault(office):
    found = cohort(office, YEAR, TODAY)
    assert len(found) == 0
    assert not np.any(found.still_coming)
