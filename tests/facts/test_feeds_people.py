"""What the rolls and the staff lists say."""

from datetime import date

import pytest

from tests.facts.records import AY2023, AY2024, AY2025, figure, person, post, pupil, pupils

pytestmark = pytest.mark.django_db


def test_pupils_are_those_on_the_roll_on_10_june(total, office, school):
    pupils(3, school)
    pupil(school, left=date(2024, 6, 10), leave_reason="transferred")
    pupil(school, left=date(2024, 6, 11), leave_reason="transferred")
    pupil(school, entered=date(2024, 6, 10))
    pupil(school, entered=date(2024, 6, 11))
    assert total("pupils", office) == 5
    assert total("enrolled", school) == 5


def test_pupils_are_told_by_grade_and_sex_and_a_blank_is_not_lost(total, office, school):
    pupils(2, school, grade="ป.1", sex="m")
    pupil(school, grade="ป.2", sex="f")
    pupil(school, grade="ป.2", sex="")
    assert total("pupils", office, by=["grade"]) == {("ป.1",): 2, ("ป.2",): 2}
    assert total("pupils", office, by=["sex"]) == {("m",): 2, ("f",): 1, ("?",): 1}
    assert total("pupils", office, by=["grade", "sex"]) == {("ป.1", "m"): 2, ("ป.2", "f"): 1, ("ป.2", "?"): 1}
    assert total("pupils", office) == 4


@pytest.mark.parametrize(
    ("reason", "counts"),
    [("untraceable", 1), ("aged_out", 1), ("", 1), ("transferred", 0), ("completed", 0), ("deceased", 0)],
)
def test_leaving_early_is_what_is_no_transfer_completion_or_death(total, office, school, reason, counts):
    pupils(4, school)
    pupil(school, left=date(2024, 9, 1), leave_reason=reason)
    assert total("left_early", office) == counts


def test_leaving_without_a_reason_is_a_transfer_when_another_school_has_the_pupil(total, school, other_school, office):
    who = person(school)
    pupil(school, who=who, left=date(2024, 9, 1))
    pupil(other_school, who=who, entered=date(2024, 9, 2))
    assert total("left_early", office) == 0


def test_zero_is_known_where_the_roll_is_known_and_nothing_elsewhere(total, school, other_school):
    pupils(2, school)
    assert total("left_early", school) == 0
    assert total("left_early", other_school) is None
    assert total("enrolled_hanging", school) == 0


def test_hanging_pupils_are_those_still_on_the_roll(total, school):
    pupil(school, hanging=True)
    pupil(school, hanging=True, left=date(2024, 10, 1), leave_reason="untraceable")
    assert total("enrolled_hanging", school) == 1


def test_a_pupil_returns_in_the_year_in_which_the_next_spell_begins(total, office, school, other_school):
    who = person(school)
    pupil(school, 2023, who=who, left=date(2023, 12, 1), leave_reason="untraceable")
    pupil(other_school, 2024, who=who, grade="ป.2")
    pupil(other_school, 2025, who=who, grade="ป.3")
    assert [total("returned", office, period) for period in (AY2023, AY2024, AY2025)] == [0, 1, 0]
    assert total("returned", other_school, by=["grade"]) == {("ป.2",): 1}


def test_a_pupil_returns_within_the_same_year(total, office, school, other_school):
    who = person(school)
    pupil(school, who=who, left=date(2024, 7, 1), leave_reason="untraceable")
    pupil(other_school, who=who, entered=date(2024, 11, 1))
    assert total("returned", office) == 1
    assert total("left_early", office) == 1


def test_who_moved_has_not_returned(total, office, school, other_school):
    who = person(school)
    pupil(school, who=who, left=date(2024, 7, 1), leave_reason="transferred")
    pupil(other_school, who=who, entered=date(2024, 7, 2))
    assert total("returned", office) == 0


def test_staff_stand_by_type_and_the_office_counts_its_own(total, office, school):
    post(school)
    post(school, staff_type="temporary_employee", position="temporary_teacher")
    post(office, staff_type="other_education_staff", position="education_staff")
    assert total("staff", office) == 3
    assert total("staff", office, by=["group"]) == {
        ("civil_servant_teacher",): 1, ("temporary_employee",): 1, ("other_education_staff",): 1,
    }  # fmt: skip
    assert total("teachers_working", school) == 1
    assert total("teachers_and_contract", school, by=["sex"]) == {("f",): 1}


def test_competence_is_judged_on_30_september_and_unknown_is_no_pass(total, school):
    good = {"licence_expires": date(2024, 9, 30), "pa_passed": True}
    post(school, **good)
    post(school, **good | {"licence_expires": date(2024, 9, 29)})
    post(school, **good | {"pa_passed": None})
    post(school, **good | {"pa_passed": False})
    post(school, position="janitor", staff_type="permanent_employee", **good)
    asked = ("teachers", "teachers_licensed", "teachers_position_standard", "teachers_competent", "teachers_unknown")
    assert [total(measure, school, "FY2024") for measure in asked] == [4, 3, 2, 1, 1]


def test_typed_pupils_count_only_where_no_roll_is_known(total, office, school, other_school):
    pupils(3, school)
    figure(school, "pupils", "AY2024", 50)
    figure(other_school, "pupils", "AY2024", 40, grade="ป.1", sex="m")
    figure(other_school, "pupils", "AY2024", 20, grade="ป.1", sex="f")
    assert total("pupils", school) == 3
    assert total("pupils", office) == 63
    assert total("enrolled", office) == 3
