from collections import Counter

import pytest

from khet.kit.identifiers import SCIENTIFIC, clean_person_id
from khet.web.demo.world.faults import KINDS
from khet.web.demo.world.schools import GRADES
from tests.web.demo.test_files import read


@pytest.fixture(scope="module")
def latest(folder):
    return read(folder / "dmc_2569_2.xlsx")[2:]


def test_every_kind_of_fault_is_planted(world):
    assert {slip.kind for slip in world.slips} == set(KINDS)


def test_a_wrong_check_digit_and_a_number_shortened_by_a_spreadsheet(latest):
    broken = []
    for row in latest:
        try:
            clean_person_id(row[2])
        except ValueError:
            broken.append(row[2])
    assert len(broken) == 2
    assert sum(bool(SCIENTIFIC.fullmatch(value)) for value in broken) == 1


def test_one_pupil_stands_at_two_schools(latest):
    twice = [number for number, count in Counter(row[2] for row in latest).items() if count > 1]
    assert len(twice) == 1
    assert len({row[0] for row in latest if row[2] == twice[0]}) == 2


def test_dates_that_cannot_be_and_dates_of_the_other_calendar(latest):
    assert sum(row[10].startswith("31/02/") for row in latest) == 1
    assert sum(int(row[10][-4:]) < 2400 for row in latest) == 1


def test_a_grade_its_school_does_not_teach(world, latest):
    teaches = {school.code: {GRADES[grade] for grade in school.grades} for school in world.schools}
    odd = [row for row in latest if row[3] not in teaches[row[0]]]
    # The pupil entered at a second school may stand in a grade that school lacks, too.
    assert 1 <= len(odd) <= 2
    assert "ม.2" in {row[3] for row in odd}


def test_a_missing_guardian_an_impossible_weight_an_unlisted_disadvantage_an_unseen_character(latest):
    assert sum(row[24] == "-" for row in latest) == 1
    assert sum(float(row[12]) > 150 for row in latest) == 1
    assert sum("ต่างจังหวัด" in row[34] for row in latest) == 1
    assert sum("\u200b" in row[9] for row in latest) == 1


def test_schools_are_written_otherwise_in_the_test_results(world, folder):
    register = {row[0]: row[1] for row in read(folder / "schools.xlsx")[1:]}
    differing = [row for row in read(folder / "onet_p6_2568.csv")[1:-2] if register[row[0]] != row[1]]
    respelled = {slip.value for slip in world.slips if slip.kind == "school_written_differently"}
    assert any(row[1] in respelled for row in differing)
    # One row bears the code of another school; its name says whose it is.
    assert [row[1] in register.values() for row in differing if row[1] not in respelled] == [True]


def test_an_unknown_school_a_mark_off_the_scale_an_absence_to_come_a_share_beyond_the_whole(world, folder):
    schools = {school.code for school in world.schools}
    assert sum(row[0] not in schools for row in read(folder / "enrolment_by_grade_2569.csv")[1:]) == 1
    assert sum(row[-1] == "4.5" for row in read(folder / "grade_results_2569.csv")[1:]) == 1
    assert sum(row[5].endswith("/2571") for row in read(folder / "absences_2569.csv")[1:]) == 1
    assert sum(float(r[6]) > 100 for r in read(folder / "values_office_scores.xlsx")[1:] if r[0] == "ita_total") == 1


def test_older_files_are_clean(folder):
    for row in read(folder / "dmc_2567_1.csv")[2:]:
        assert clean_person_id(row[2])[0] in ("national_id", "gcode")
