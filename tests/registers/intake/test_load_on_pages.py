"""A load on its pages: files dropped, the difference looked at, written, undone."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khet.core.audit.models import AuditEntry
from khet.registers.figures.models import Figure
from khet.registers.intake.models import Batch, State
from tests.registers.intake.files import dmc, head_counts, pupils, values


@pytest.fixture(autouse=True)
def _at_once(settings):
    """Tasks are done where they are asked for; nobody here has set up a second factor."""
    settings.KHET_SECOND_FACTOR = False
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def upload(client_for, planner):
    """upload(("a.csv", bytes), …) → the answer's page after the redirect."""

    def send(*files, user=None, **fields):
        sent = [SimpleUploadedFile(name, content) for name, content in files]
        return client_for(user or planner).post(reverse("intake:list"), {"files": sent, **fields}, follow=True)

    return send


def the_load() -> Batch:
    return Batch.objects.latest("pk")


def act(client, name, batch, **data):
    return client.post(reverse(f"intake:{name}", args=[batch.pk]), data, follow=True)


COUNTS = head_counts(
    ("90010001", "ป.1", 8, 7, 1), ("90010002", "ป.1", 5, 4, 1), ("90010001", "ป.99", 1, 1, 1)
)  # fmt: skip


def test_a_file_with_faults_is_looked_at_written_and_undone(client_for, planner, upload, school, other_school):
    page = upload(("enrolment_2567.csv", COUNTS)).content.decode()
    batch = the_load()
    assert batch.state == State.CHECKED and batch.counts["new"] == 2 and batch.counts["rejected"] == 1
    assert "ป.99" in page and "บ้านริมธาร" in page and not Figure.objects.exists()

    page = act(client_for(planner), "commit", batch).content.decode()
    batch.refresh_from_db()
    assert batch.state == State.COMMITTED and batch.committed_by == planner
    assert Figure.objects.filter(org=school, measure="pupils", sex="m", value=8).exists()
    assert reverse("intake:undo", args=[batch.pk]) in page

    page = act(client_for(planner), "undo", batch, reason="ไฟล์ผิดปี").content.decode()
    batch.refresh_from_db()
    assert batch.state == State.UNDONE and batch.undo_reason == "ไฟล์ผิดปี" and not Figure.objects.exists()
    assert "ไฟล์ผิดปี" in page


def test_an_undo_asks_why(client_for, planner, upload, school, other_school):
    upload(("enrolment_2567.csv", COUNTS))
    act(client_for(planner), "commit", the_load())
    act(client_for(planner), "undo", the_load(), reason=" ")
    assert the_load().state == State.COMMITTED


def test_several_files_become_loads_in_the_order_they_build_on_each_other(upload, school, other_school):
    pupils_first = [("นักเรียน.csv", dmc(pupils(3))), ("2567.csv", COUNTS)]
    upload(*pupils_first)
    assert list(Batch.objects.order_by("pk").values_list("source", flat=True)) == ["enrolment_by_grade", "dmc_students"]
    assert {batch.state for batch in Batch.objects.all()} == {State.CHECKED}


def test_a_damaged_file_is_named_and_does_not_keep_the_others_out(upload, school, other_school):
    page = upload(("แผ่นพับ.pdf", b"%PDF-1.7 \x00\x01"), ("2567.csv", COUNTS)).content.decode()
    assert "แผ่นพับ.pdf" in page
    assert Batch.objects.count() == 1 and the_load().source == "enrolment_by_grade"


def test_the_day_may_be_given_as_a_buddhist_date_or_year(upload, school, other_school):
    upload(("a.csv", COUNTS), as_of="10/06/2567")
    assert the_load().as_of.isoformat() == "2024-06-10" and the_load().as_of_given
    upload(("b.csv", COUNTS + b"\n"), as_of="2566")
    assert the_load().period == "AY2023"


def test_a_day_to_come_is_refused(upload, office):
    answer = upload(("a.csv", COUNTS), as_of="10/06/2700")
    assert answer.status_code == 422 and not Batch.objects.exists()


def test_a_load_is_read_again_as_of_another_day(client_for, planner, upload, school, other_school):
    upload(("a.csv", COUNTS), as_of="10/06/2567")
    act(client_for(planner), "check", the_load(), again=1, source="", as_of="10/06/2566")
    assert the_load().period == "AY2023" and the_load().state == State.CHECKED
    assert AuditEntry.objects.filter(verb="intake.read_anew").exists()


def test_what_is_loaded_keeps_its_day(client_for, planner, upload, school, other_school):
    upload(("a.csv", COUNTS), as_of="10/06/2567")
    act(client_for(planner), "commit", the_load())
    act(client_for(planner), "check", the_load(), again=1, source="", as_of="10/06/2566")
    assert the_load().period == "AY2024" and the_load().state == State.COMMITTED


def test_a_discarded_load_is_gone_with_its_files(client_for, planner, upload, school, other_school):
    upload(("a.csv", COUNTS))
    act(client_for(planner), "discard", the_load())
    assert the_load().state == State.DISCARDED
    assert act(client_for(planner), "commit", the_load()).status_code == 200
    assert the_load().state == State.DISCARDED and not Figure.objects.exists()


def test_a_name_that_fits_no_school_is_decided_by_an_officer(client_for, planner, upload, school, other_school):
    upload(("scores.csv", values(("pupils", "บ้านริมธารา", "2567", "ป.1", "m", "", 5, ""))))
    batch = the_load()
    assert batch.counts["held"] == 1
    key = batch.waiting[0]["key"]
    answers = {"key-0": key, "answer-0": "other", "school-0": "90010001 บ้านริมธาร"}
    act(client_for(planner), "confirm", batch, **answers)
    assert the_load().counts["held"] == 0 and the_load().counts["new"] == 1


def test_a_school_of_another_office_is_no_answer(client_for, planner, upload, school, stranger_school):
    upload(("scores.csv", values(("pupils", "บ้านริมธารา", "2567", "ป.1", "m", "", 5, ""))))
    key = the_load().waiting[0]["key"]
    answers = {"key-0": key, "answer-0": "other", "school-0": "91010001"}
    act(client_for(planner), "confirm", the_load(), **answers)
    assert the_load().counts["held"] == 1


def test_loads_that_build_on_another_are_checked_again_when_it_is_written(client_for, planner, upload, office):
    from tests.registers.intake.files import register

    upload(("schools.csv", register(("90010001", "บ้านริมธาร"))), ("นักเรียน.csv", dmc(pupils(2))))
    first, second = Batch.objects.order_by("pk")
    assert second.counts["held"] == 2
    act(client_for(planner), "commit", first)
    second.refresh_from_db()
    assert second.counts["held"] == 0 and second.counts["new"] == 2


def test_rejected_rows_come_back_with_the_reason_beside_them(client_for, planner, upload, school, other_school):
    upload(("a.csv", COUNTS))
    answer = client_for(planner).post(reverse("intake:rejected", args=[the_load().pk]))
    head, row = _rows(answer.content)
    assert head[:5] == ["schoolid", "grade", "male", "female", "room"]
    assert row[:5] == ["90010001", "ป.99", "1", "1", "1"] and row[5] == "4" and "ป.99" in row[6]
    assert AuditEntry.objects.filter(verb="intake.rejected_exported", count=1).exists()


def test_rejected_rows_about_pupils_come_back_hidden_without_a_reason(client_for, someone, office, upload, school):
    wrong = pupils(1)[0].but(id="1234567890123")
    promoter = someone("promoter", office)
    upload(("p.csv", dmc([*pupils(3, start=2), wrong])), user=promoter)
    address = reverse("intake:rejected", args=[the_load().pk])
    hidden = " ".join(_rows(client_for(promoter).post(address).content)[-1])
    assert wrong.first not in hidden and "1234567890123" not in hidden
    answer = client_for(promoter).post(address, {"reason": "ส่งคืนโรงเรียนแก้ไข"})
    whole = " ".join(_rows(answer.content)[-1])
    assert wrong.first in whole and "1234567890123" in whole
    assert AuditEntry.objects.filter(verb="intake.rejected_exported", reason="ส่งคืนโรงเรียนแก้ไข").exists()


def test_who_may_not_open_persons_gets_no_whole_rows(client_for, planner, upload, school):
    upload(("p.csv", dmc([pupils(1)[0].but(id="1234567890123")])))
    answer = client_for(planner).post(reverse("intake:rejected", args=[the_load().pk]), {"reason": "อยากดู"})
    assert answer.status_code == 404


def test_a_formula_in_a_cell_comes_back_as_text(client_for, planner, upload, school):
    upload(("a.csv", head_counts(("90010001", "=1+1", 1, 1, 1))))
    answer = client_for(planner).post(reverse("intake:rejected", args=[the_load().pk]))
    assert _rows(answer.content)[-1][1] == "=1+1" and b"<f>" not in _sheet(answer.content)


def test_names_of_pupils_are_shortened_in_the_preview(upload, school):
    page = upload(("p.csv", dmc(pupils(2)))).content.decode()
    assert "ปลาคกดี ร." in page and "ปลาคกดี ริมธาร" not in page
    assert "1-" not in page.split("<main")[1] or "xxxx" not in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [("กัญญา ใจดี", "กัญญา จ."), ("สุดา เสนา", "สุดา ส."), ("ไพลิน ทอง", "ไพลิน ท."), ("ปลา", "ปลา"), ("ปลา เ", "ปลา")],
)
def test_an_initial_is_a_consonant_also_where_a_vowel_stands_before_it(name, shown):
    from khet.registers.intake.queries import short_name

    assert short_name(name) == shown


def _rows(content: bytes) -> list[list[str]]:
    from khet.registers.intake.reading import sheets

    return [cells for _number, cells in sheets(content)[0].rows()]


def _sheet(content: bytes) -> bytes:
    import zipfile

    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_before_any_school_is_on_record_the_register_is_asked_for_and_not_each_school(upload, office):
    page = upload(("enrolment_2567.csv", COUNTS))
    content = page.content.decode()
    assert page.context["without_schools"] and "k-question" not in content
    assert f'class="btn btn-primary" href="{reverse("intake:list")}"' in content


def test_a_file_checked_before_its_schools_came_is_checked_again_not_asked_about(
    client_for, planner, upload, office, request
):
    upload(("enrolment_2567.csv", COUNTS))
    batch = the_load()
    for name in ("school", "other_school"):
        request.getfixturevalue(name)
    page = client_for(planner).get(reverse("intake:load", args=[batch.pk]))
    content = page.content.decode()
    assert page.context["schools_since"] and "k-question" not in content
    assert reverse("intake:check", args=[batch.pk]) in content
    act(client_for(planner), "check", batch)
    assert the_load().counts["new"] == 2 and not the_load().waiting
