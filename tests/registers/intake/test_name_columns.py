"""A file nobody knows becomes a kind of file of the office."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khet.core.catalogue import catalogue
from khet.registers.intake import mapping
from khet.registers.intake.models import Batch, State
from tests.registers.intake.files import table

ROWS = [
    ["ลำดับ", "รหัส รร.", "ระดับ", "จำนวน ช.", "จำนวน ญ.", "ผู้รายงาน", "บัตร"],
    ["1", "90010001", "ป.1", "8", "7", "นายทดสอบ ระบบดี", "1111111111119"],
    ["2", "90010001", "ป.2", "6", "9", "นางสาวทดสอบ ระบบดี", "1111111111119"],
]
NAMED = {"as": "enrolment_by_grade", "column-1": "school_code", "column-2": "grade", "column-3": "male"}
TITLE = {"title": "ยอดนักเรียนของกลุ่มนโยบาย"}


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def unknown(client_for, planner, school):
    file = SimpleUploadedFile("ยอด_2567.csv", table(ROWS))
    client_for(planner).post(reverse("intake:list"), {"files": [file]})
    batch = Batch.objects.latest("pk")
    assert batch.state == State.NEEDS_MAPPING
    return batch


def name(client, batch, **fields):
    return client.post(reverse("intake:mapping", args=[batch.pk]), NAMED | TITLE | fields, follow=True)


def test_the_columns_stand_with_cells_that_tell_no_person(client_for, planner, unknown):
    page = client_for(planner).get(reverse("intake:mapping", args=[unknown.pk])).content.decode()
    assert "จำนวน ช." in page and "90010001" in page
    assert "ทดสอบ ระบบดี" not in page and "1111111111119" not in page


def test_headers_and_cells_suggest_what_a_column_is(unknown):
    table = mapping.table_of(unknown)
    base = mapping.nearest(table)[0]
    assert base.id == "enrolment_by_grade"
    guessed = mapping.guesses(table, base)
    assert guessed[1] == "school_code" and guessed[2] == "grade" and guessed[3] == "male" and not guessed[5]


def test_named_columns_become_a_source_of_the_office_and_the_file_is_checked_with_it(client_for, planner, unknown):
    name(client_for(planner), unknown, **{"column-4": "female"})
    unknown.refresh_from_db()
    source = catalogue().get("source", "office_enrolment_by_grade_1")
    assert unknown.state == State.CHECKED and unknown.source == source.id and unknown.counts["new"] == 2
    assert str(source.title) == TITLE["title"] and source.target == "figures"
    assert source.source.th == f"คอลัมน์ที่สำนักงานระบุเองในรอบนำเข้าที่ {unknown.pk}" and "load" in source.source.en


def test_the_next_file_of_that_kind_is_recognised(client_for, planner, unknown):
    name(client_for(planner), unknown, **{"column-4": "female"})
    later = table([ROWS[0], ["1", "90010001", "ป.1", "9", "9", "", ""]])
    client_for(planner).post(reverse("intake:list"), {"files": [SimpleUploadedFile("ยอด_2568.csv", later)]})
    batch = Batch.objects.latest("pk")
    assert batch.source == "office_enrolment_by_grade_1" and batch.state == State.CHECKED


def test_what_must_be_named_is_asked_for(client_for, planner, unknown):
    answer = name(client_for(planner), unknown)
    assert answer.status_code == 422 and "หญิง" in answer.content.decode()
    unknown.refresh_from_db()
    assert unknown.state == State.NEEDS_MAPPING and catalogue().find("source", "office_enrolment_by_grade_1") is None


def test_a_field_named_for_two_columns_is_refused(client_for, planner, unknown):
    answer = name(client_for(planner), unknown, **{"column-4": "male"})
    assert answer.status_code == 422


def test_a_known_file_has_no_columns_to_name(client_for, planner, unknown):
    name(client_for(planner), unknown, **{"column-4": "female"})
    answer = client_for(planner).get(reverse("intake:mapping", args=[unknown.pk]))
    assert answer.status_code == 302 and answer.url == reverse("intake:load", args=[unknown.pk])
