"""Children of the civil-registration list and the rolls."""

from datetime import date

import pytest

from tests.facts.records import AY2023, AY2024, AY2025, person, pupil, resident

pytestmark = pytest.mark.django_db


def test_compulsory_age_is_7_to_15_by_year_of_birth(total, office, school):
    pupil(school)
    for number, born in enumerate((2018, 2017, 2012, 2009, 2008)):
        resident(office, f"R{number}", born)
    assert total("compulsory_residents", office) == 3


def test_a_child_is_in_school_when_a_roll_bears_the_same_identifier(total, office, school, stranger_school):
    pupil(school, number="A")
    pupil(school, number="B", left=date(2024, 8, 1), leave_reason="untraceable")
    pupil(stranger_school, number="C")
    pupil(school, number="D", left=date(2025, 3, 31), leave_reason="completed", grade="ม.3")
    for number in "ABCDE":
        resident(office, number, 2014)
    assert total("compulsory_unmatched", office) == 2
    assert total("compulsory_unmatched", office, by=["sex"]) == {("f",): 2}


def test_without_rolls_nobody_is_missing(total, office, school):
    resident(office, "A", 2014)
    assert total("compulsory_residents", office) == 1
    assert total("compulsory_unmatched", office) is None


def test_everybody_matched_is_a_known_zero(total, office, school):
    pupil(school, number="A")
    resident(office, "A", 2014)
    assert total("compulsory_unmatched", office) == 0


def test_who_has_passed_grade_9_or_lives_elsewhere_is_free(total, office, school):
    graduate = person(school, number="A")
    pupil(school, 2023, grade="ม.3", who=graduate, left=date(2024, 3, 31), leave_reason="completed")
    pupil(school, 2024, grade="ม.4", number="B")
    pupil(school)
    resident(office, "A", 2009)
    resident(office, "B", 2009)
    resident(office, "C", 2014, status="moved_out")
    resident(office, "D", 2014, status="deceased")
    resident(office, "E", 2014, status="central")
    assert total("compulsory_residents", office) == 1


def test_a_list_drawn_before_the_schools_open_serves_the_year_to_come(total, office, school):
    for year in (2023, 2024, 2025):
        pupil(school, year)
    resident(office, "A", 2012, listed="2024-04-20")
    assert [total("compulsory_residents", office, year) for year in (AY2023, AY2024, AY2025)] == [1, 1, None]


def test_the_newest_list_of_the_year_counts_alone(total, office, school):
    pupil(school)
    resident(office, "A", 2012, listed="2024-05-20")
    resident(office, "B", 2012, listed="2024-05-20")
    resident(office, "A", 2012, listed="2024-10-01")
    assert total("compulsory_residents", office) == 1


def test_an_identifier_borne_before_still_finds_the_child(total, office, school):
    who = pupil(school, number="G1").person
    who.identifiers.update(until=date(2024, 7, 1))
    resident(office, "G1", 2012)
    assert total("compulsory_unmatched", office) == 0
