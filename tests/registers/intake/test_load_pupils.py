"""DMC exports: from the file to persons, enrolments, guardians and addresses, and what later exports mean."""

from datetime import date

import pytest

from khet.kit.secrets import keyed_hash
from khet.registers.intake.models import State
from khet.registers.people.models import PERSON_ID, Address, Enrolment, Guardian, Identifier, Person
from tests.registers.intake import files
from tests.registers.intake.conftest import faults

pytestmark = pytest.mark.django_db


def counts(batch) -> dict:
    return {name: number for name, number in batch.counts.items() if number}


def test_pupils_come_in_with_all_that_hangs_on_them(load, school):
    batch = load(files.dmc(files.pupils(3)), "dmc.csv")
    assert (batch.source, batch.state, batch.period, batch.as_of) == (
        "dmc_students",
        "committed",
        "AY2024",
        date(2024, 6, 10),
    )
    assert counts(batch) == {"read": 3, "new": 3}
    person = Person.objects.get(name_key__contains="ปลาขก")
    assert (person.prefix, person.sex, person.birth_date, person.org) == ("เด็กหญิง", "f", date(2017, 5, 13), school)
    assert person.sensitive == {"religion": "buddhist", "ethnicity": "ไทย", "blood_group": "O"}
    enrolment = Enrolment.objects.get(person=person)
    assert (enrolment.grade, enrolment.year, enrolment.student_number, enrolment.row) == ("ป.1", 2024, "1001", 3)
    assert (enrolment.hanging, enrolment.disadvantaged, enrolment.entered, enrolment.left) == (False, False, None, None)
    assert {g.role: g.details["first_name"] for g in Guardian.objects.filter(person=person)} == {
        "guardian": "ปลาเงิน", "father": "ปลาเงิน", "mother": "ปลาแก้ว",
    }  # fmt: skip
    assert Address.objects.get(person=person).details == {"house": "9/1", "village": "4"}
    identifier = Identifier.objects.get(value_hash=keyed_hash(files.person_id(1), PERSON_ID))
    assert (identifier.person, identifier.value, identifier.kind) == (person, files.person_id(1), "national_id")


@pytest.mark.parametrize("shape", ["drifted", "prefixes"])
def test_both_drifts_of_the_header_are_read(load, school, shape):
    headers, rows = list(files.DMC_HEADERS), [pupil.row() for pupil in files.pupils(4)]
    if shape == "drifted":
        headers[2] = headers[5] = "เลขประจำตัวนักเรียน"
    else:
        headers[-1] = "ยังไม่สามารถจำหน่ายได้(3.1.8)"
        for row, (father, mother) in zip(
            [headers, *rows], [("คำนำหน้าชื่อบิดา", "คำนำหน้าชื่อมารดา")] + [("นาย", "นาง")] * 4, strict=True
        ):
            row.insert(31, mother)
            row.insert(28, father)
    batch = load(files.workbook({"Sheet1": [["ข้อมูล ณ วันที่ 10/06/2567"], headers, *rows]}), "export.xlsx")
    assert counts(batch) == {"read": 4, "new": 4}
    assert Identifier.objects.filter(kind="national_id").count() == 4
    assert set(Enrolment.objects.values_list("student_number", flat=True)) == {"1001", "1002", "1003", "1004"}
    expected = {"first_name": "ปลาเงิน", "last_name": "ริมธาร", "occupation": "เกษตรกร"}
    if shape == "prefixes":
        expected["prefix"] = "นาย"
    assert Guardian.objects.filter(role="father").first().details == expected


def test_the_same_file_again_changes_nothing_and_is_not_even_read(load, school, monkeypatch):
    content = files.dmc(files.pupils(5))
    load(content)
    from khet.registers.intake import pipeline

    monkeypatch.setattr(pipeline, "read_files", lambda *a, **k: pytest.fail("the file was read again"))
    again = load(content)
    assert (again.state, counts(again), again.written) == ("committed", {"read": 5, "unchanged": 5}, {})


def test_the_same_rows_in_another_file_are_seen_to_be_unchanged(load, school):
    load(files.dmc(files.pupils(5)))
    again = load(files.dmc(files.pupils(5), encoding="utf-8-sig"))
    assert (counts(again), again.written) == ({"read": 5, "unchanged": 5}, {})


def test_a_pupil_missing_from_a_later_export_has_left_on_its_day(load, school):
    load(files.dmc(files.pupils(3)))
    later = load(files.dmc([*files.pupils(2), *files.pupils(1, start=9)], day="10/11/2567"))
    assert counts(later) == {"read": 3, "new": 1, "unchanged": 2, "gone": 1}
    assert Enrolment.objects.get(student_number="1003").left == date(2024, 11, 10)
    assert Enrolment.objects.get(student_number="1009").entered == date(2024, 11, 10)
    back = load(files.dmc(files.pupils(3), day="31/03/2568"))
    assert counts(back) == {"read": 3, "changed": 1, "unchanged": 2, "gone": 1}
    assert Enrolment.objects.get(student_number="1003").left is None


def test_a_pupil_whose_row_is_refused_has_not_left(load, school):
    load(files.dmc(files.pupils(3)))
    spoilt = [*files.pupils(2), files.pupils(3)[2].but(id="1.23457E+12")]
    later = load(files.dmc(spoilt, day="10/11/2567"))
    assert counts(later) == {"read": 3, "unchanged": 2, "rejected": 1}
    assert faults(later) == [("error", "scientific", 5, "C")]
    assert not Enrolment.objects.filter(left__isnull=False).exists()


def test_an_older_export_is_refused_with_the_day_of_the_newer_one(load, school):
    load(files.dmc(files.pupils(2), day="10/11/2567"))
    older = load(files.dmc(files.pupils(4), day="10/06/2567"))
    assert counts(older) == {"read": 4, "rejected": 4}
    fault = older.faults.filter(code="older_file").first()
    assert (fault.row, fault.arguments["value"], fault.arguments["known"]) == (3, "10/06/2567", "10/11/2567")


def test_an_older_export_still_brings_the_schools_that_have_no_newer_one(load, office, school, other_school, someone):
    load(files.dmc(files.pupils(2), day="10/11/2567"), by=someone("school_registrar", school))
    rows = [*files.pupils(2), *files.pupils(2, "90010002", "บ้านเชิงเขา", start=5)]
    older = load(files.dmc(rows, day="10/06/2567"))
    assert counts(older) == {"read": 4, "new": 2, "rejected": 2}
    assert not Enrolment.objects.filter(left__isnull=False).exists()


def test_a_g_code_that_becomes_an_id_keeps_the_person(load, school):
    pupil = files.Pupil(1, id="G000000000017")
    load(files.dmc([pupil]))
    person = Person.objects.get()
    later = load(files.dmc([pupil.but(id=files.person_id(1))], day="10/11/2567"))
    assert counts(later) == {"read": 1, "changed": 1}
    assert Person.objects.get() == person
    history = {i.kind: (i.since, i.until) for i in person.identifiers.all()}
    assert history == {"gcode": (None, date(2024, 11, 10)), "national_id": (date(2024, 11, 10), None)}


def test_another_citizen_id_beside_the_same_name_is_a_new_pupil_with_a_warning(load, school):
    load(files.dmc([files.Pupil(1)]))
    later = load(files.dmc([files.Pupil(1, id=files.person_id(77))], day="10/11/2567"))
    assert ("warning", "two_ids", 3, "C") in faults(later)
    assert Person.objects.count() == 2


def test_a_changed_name_keeps_the_person_and_shows_before_and_after(load, school):
    load(files.dmc([files.Pupil(1)]))
    later = load(files.dmc([files.Pupil(1, last="ภูผา")], day="10/11/2567"))
    assert counts(later) == {"read": 1, "changed": 1}
    assert Person.objects.get().last_name == "ภูผา"
    from khet.registers.intake import store

    changes = store.get_json(later.pk, "samples")["changed"][0]["changes"]
    assert ["last_name", "ริมธาร", "ภูผา"] in changes


def test_a_pupil_without_any_number_is_known_by_school_number_name_and_birth(load, school):
    pupil = files.Pupil(1, id="-")
    load(files.dmc([pupil]))
    later = load(files.dmc([pupil.but(grade="ป.2")], day="10/06/2568"))
    assert counts(later) == {"read": 1, "new": 1}
    assert Person.objects.count() == 1
    assert ("note", "no_id", 3, "C") in faults(later)


def test_a_pupil_on_two_rolls_is_kept_on_both_and_both_are_told(load, school, other_school):
    rows = [files.Pupil(1), files.Pupil(1, school="90010002", school_name="บ้านเชิงเขา")]
    batch = load(files.dmc(rows))
    assert counts(batch) == {"read": 2, "new": 2}
    assert ("warning", "two_schools", 4, "C") in faults(batch)
    assert (Person.objects.count(), Enrolment.objects.count()) == (1, 2)


def test_a_pupil_twice_at_one_school_is_refused_once(load, school):
    batch = load(files.dmc([files.Pupil(1), files.Pupil(1)]))
    assert counts(batch) == {"read": 2, "new": 1, "rejected": 1}
    fault = batch.faults.get(code="pupil_twice")
    assert (fault.row, fault.letter, fault.column, fault.arguments["row"]) == (4, "C", "เลขประจำตัวประชาชน", 3)


def test_a_new_year_opens_new_enrolments_and_leaves_the_old_ones(load, school):
    load(files.dmc(files.pupils(2)))
    batch = load(files.dmc([p.but(grade="ป.2") for p in files.pupils(1)], day="10/06/2568"))
    assert counts(batch) == {"read": 1, "new": 1}
    assert set(Enrolment.objects.values_list("year", "grade", "left")) == {(2024, "ป.1", None), (2025, "ป.2", None)}


def test_the_pupil_s_org_follows_to_another_school(load, school, other_school):
    load(files.dmc([files.Pupil(1)]))
    load(files.dmc([files.Pupil(1, school="90010002", school_name="บ้านเชิงเขา")], day="10/06/2568"))
    assert Person.objects.get().org == other_school
    load(files.dmc([files.Pupil(1, first="ชื่อเก่า")], day="10/06/2566"))  # an old year loaded late says nothing of today
    assert (Person.objects.get().org, Person.objects.get().first_name) == (other_school, "ปลาทอง")


def test_the_hanging_column_and_kinds_of_disadvantage_are_read(load, school):
    rows = [
        files.Pupil(1, extra={"ยังไม่สามารถจำหน่ายได้ (3.1.8)": "/", "ความด้อยโอกาส": "เด็กยากจน"}),
        files.Pupil(2, first="ปลาสอง", extra={"ความด้อยโอกาส": "ไม่มีในบัญชี"}),
    ]
    batch = load(files.dmc(rows))
    first, second = Enrolment.objects.order_by("student_number")
    assert (first.hanging, first.disadvantaged, first.person.sensitive["disadvantage"]) == (True, True, "poor")
    assert second.person.sensitive["disadvantage"] == "other"
    assert second.person.sensitive["disadvantage_words"] == "ไม่มีในบัญชี"
    odd = batch.faults.get(code="taken_as_other")
    assert (odd.severity, odd.arguments["value"]) == ("warning", "•••")
    cleared = load(files.dmc([files.Pupil(1), rows[1]], day="10/11/2567"))
    assert counts(cleared) == {"read": 2, "changed": 1, "unchanged": 1}
    first.refresh_from_db()
    assert (first.hanging, first.disadvantaged) == (False, False)
    assert "disadvantage" not in Person.objects.get(pk=first.person_id).sensitive


def test_a_zip_of_school_exports_is_one_load(load, school, other_school):
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", files.dmc(files.pupils(2)))
        archive.writestr("b.csv", files.dmc(files.pupils(2, "90010002", "บ้านเชิงเขา", start=5)))
    batch = load(out.getvalue(), "all.zip")
    assert counts(batch) == {"read": 4, "new": 4}
    assert [file.name for file in batch.files.all()] == ["a.csv", "b.csv"]
    assert Enrolment.objects.get(student_number="1005").file_id == 1


def test_rows_of_schools_outside_the_loader_s_place_are_refused_without_naming_them(
    load, school, other_school, someone
):
    registrar = someone("school_registrar", school)
    rows = [*files.pupils(1), *files.pupils(1, "90010002", "บ้านเชิงเขา", start=5)]
    batch = load(files.dmc(rows), by=registrar)
    assert batch.org == school
    assert counts(batch) == {"read": 2, "new": 1, "rejected": 1}
    assert batch.faults.get(row=4).code == "outside_scope"
    assert batch.state == State.COMMITTED
