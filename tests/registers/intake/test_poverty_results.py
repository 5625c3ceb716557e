"""Results of the poverty screening come in as the centre gives them, and lie encrypted with the pupil."""

import pytest
from django.db import connection

from khet.registers.intake import services
from khet.registers.intake.models import State
from khet.registers.people.models import Person
from tests.registers.intake import files

pytestmark = pytest.mark.django_db
HEAD = ["รหัสโรงเรียน", "เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล", "ผลการคัดกรอง", "คะแนน PMT", "รอบการคัดกรอง"]


def load(content: bytes, name: str, by, org):
    batch = services.receive(content, by=by, name=name, org=org)
    services.check(batch, by=by)
    return services.commit(batch, by) if batch.state == State.CHECKED else batch


def row(pupil: files.Pupil, band: str, score: str = "0.91", id: str | None = None) -> list[str]:
    return [pupil.school, id or files.person_id(pupil.number), pupil.first, pupil.last, band, score, "1/2567"]


@pytest.fixture
def pupils(office, school, planner):
    two = files.pupils(2, school.code, school.name)
    load(files.dmc(two), "dmc.csv", planner, office)
    return two


def test_a_result_is_kept_with_the_pupil_encrypted_and_can_be_taken_back(pupils, office, planner):
    rows = [row(pupils[0], "ยากจนพิเศษ"), row(pupils[1], "ใกล้จน", "")]
    batch = load(files.table([HEAD, *rows]), "ผลคัดกรอง 2567.csv", planner, office)
    assert batch.source == "poverty_results" and batch.state == State.COMMITTED
    kept = {person.first_name: person.sensitive for person in Person.objects.all()}
    first, second = (kept[pupil.first] for pupil in pupils)
    assert (first["poverty_band"], first["pmt_score"], first["poverty_round"]) == ("extreme", 0.91, "1/2567")
    assert second["poverty_band"] == "near_poor" and "pmt_score" not in second
    with connection.cursor() as cursor:
        cursor.execute("SELECT sensitive FROM people_person")
        assert "extreme" not in str(cursor.fetchall())
    from khet.registers.intake.undo import undo

    undo(batch, planner, "wrong round")
    assert not any("poverty_band" in person.sensitive for person in Person.objects.all())


def test_what_no_roll_knows_and_no_band_names_is_refused_with_its_place(pupils, office, planner):
    rows = [row(pupils[0], "รวยมาก"), row(pupils[1], "ยากจน", id=files.person_id(77)), row(pupils[1], "ยากจน", "1.7")]
    batch = load(files.table([HEAD, *rows]), "ผลคัดกรอง 2567.csv", planner, office)
    faults = {(fault.row, fault.column, fault.severity) for fault in batch.faults.all()}
    assert {row for row, _column, severity in faults if severity == "error"} == {2, 3}
    assert any(row == 4 and severity == "warning" for row, _column, severity in faults)
