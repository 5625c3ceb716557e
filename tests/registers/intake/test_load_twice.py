"""A file that has been loaded says nothing new, whatever its rows disagree about among themselves."""

import pytest

from khet.registers.people.models import Enrolment, Person
from tests.registers.intake import files
from tests.registers.intake.conftest import picture

pytestmark = pytest.mark.django_db
HILL = {"school": "90010002", "school_name": "บ้านเชิงเขา"}
CODE = "G000000000017"


@pytest.fixture
def load_twice(load, school, other_school):
    """load_twice(pupils) → the load, once the same rows in another file were seen to change nothing."""

    def run(pupils):
        batch = load(files.dmc(pupils, day="10/11/2567"))
        after = picture()
        again = load(files.dmc(pupils, day="10/11/2567", encoding="utf-8"))
        assert (again.written, picture()) == ({}, after)
        return batch

    return run


def test_a_refused_row_does_not_hold_back_a_pupil_who_moved_and_changed_the_name(load, load_twice, school):
    """The refused row bears the name that the pupil had before: it must not count as theirs once and not again."""
    load(files.dmc([files.Pupil(1), files.Pupil(2, id=CODE, last="ภูผา")]))
    batch = load_twice([
        files.Pupil(1), files.Pupil(1, last="ภูผา"), files.Pupil(3, id=CODE, last="ริมธาร", **HILL),
    ])  # fmt: skip
    assert batch.counts["gone"] == 1
    assert Enrolment.objects.get(person__last_name="ริมธาร", student_number="1002").left is not None


def test_a_pupil_whose_refused_row_bears_the_name_of_the_file_has_not_left(load, load_twice, school):
    load(files.dmc([files.Pupil(1), files.Pupil(2, id=CODE)]))
    twice = files.Pupil(1, first="ปลาเงิน")
    batch = load_twice([
        files.Pupil(1), twice.but(last="ภูผา"), files.Pupil(3, id=CODE, first="ปลาเงิน", last="ภูผา", **HILL)
    ])  # fmt: skip
    assert batch.counts["gone"] == 0


def test_a_pupil_whose_refused_row_carries_the_id_has_not_left(load, load_twice, school):
    load(files.dmc([files.Pupil(1), files.Pupil(2)]))
    batch = load_twice([files.Pupil(1), files.Pupil(9, id=files.person_id(2), first="ปลาเงิน", grade="ป.9")])
    assert (batch.counts["rejected"], batch.counts["gone"]) == (1, 0)


def test_of_two_schools_that_write_a_name_differently_the_first_is_heard(load, load_twice):
    load(files.dmc([files.Pupil(1), files.Pupil(1, **HILL)]))
    batch = load_twice([files.Pupil(1, grade="ป.2"), files.Pupil(1, last="ภูผา", **HILL)])
    assert batch.counts["changed"] == 1
    assert Person.objects.get().last_name == "ริมธาร"


def test_a_row_without_id_under_the_old_name_is_the_pupil_written_twice(load, load_twice):
    load(files.dmc([files.Pupil(1)]))
    batch = load_twice([files.Pupil(1, id="-"), files.Pupil(1, last="ภูผา")])
    assert batch.counts["rejected"] == 1
    assert Person.objects.get().last_name == "ภูผา"


def test_a_row_without_id_under_the_old_name_and_birth_date_is_somebody_else(load, load_twice):
    load(files.dmc([files.Pupil(1)]))
    batch = load_twice([files.Pupil(1, id="-"), files.Pupil(1, last="ภูผา", born="01/12/2559")])
    assert (batch.counts["rejected"], batch.counts["new"]) == (0, 1)


def test_a_row_without_id_at_the_other_school_of_a_pupil_stays_with_the_pupil(load, load_twice):
    load(files.dmc([files.Pupil(1), files.Pupil(1, **HILL)]))
    batch = load_twice([files.Pupil(1), files.Pupil(1, id="-", grade="ป.2", **HILL)])
    assert batch.counts["changed"] == 1
    assert Person.objects.count() == 1
