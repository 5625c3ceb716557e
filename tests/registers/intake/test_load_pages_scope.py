"""Who meets which page of the intake: strangers none, a school its own, and a line about a person only for a reason."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khet.core.audit.models import AuditEntry
from khet.registers.intake import services, store
from khet.registers.intake.models import Batch
from tests.registers.intake.files import dmc, head_counts, pupils

PAGES = ("load", "faults", "mapping")
ACTS = ("check", "commit", "confirm", "discard", "undo", "rejected")


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.KHET_SECOND_FACTOR = False


@pytest.fixture
def counts(load, school, other_school):
    """Head counts of two schools of the office, written."""
    return load(head_counts(("90010001", "ป.1", 8, 7, 1), ("90010002", "ป.1", 5, 4, 1)), "2567.csv")


@pytest.fixture
def roll(load, school):
    """Two pupils of a school, written by the office."""
    return load(dmc(pupils(2)), "นักเรียน.csv")


def line(batch, row):
    return reverse("intake:row", args=[batch.pk, 0, row])


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_finds_no_page_of_a_load(client_for, counts, stranger, planner, page):
    address = reverse(f"intake:{page}", args=[counts.pk])
    assert client_for(stranger).get(address).status_code == 404
    assert client_for(planner).get(address, follow=True).status_code == 200


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_can_do_nothing_to_a_load(client_for, counts, stranger, act):
    assert client_for(stranger).post(reverse(f"intake:{act}", args=[counts.pk]), {"reason": "ทดลอง"}).status_code == 404
    assert Batch.objects.get(pk=counts.pk).state == counts.state


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_no_link(client_for, planner, counts, act):
    assert client_for(planner).get(reverse(f"intake:{act}", args=[counts.pk])).status_code == 405


@pytest.mark.parametrize("name", ["list", "sources"])
def test_who_loads_no_files_finds_no_intake(client_for, director, planner, name):
    assert client_for(director).get(reverse(f"intake:{name}")).status_code == 404
    assert client_for(planner).get(reverse(f"intake:{name}")).status_code == 200


def test_a_school_meets_its_own_loads_and_not_the_offices(client_for, someone, school, counts):
    registrar = someone("school_registrar", school)
    own = services.receive(head_counts(("90010001", "ป.2", 1, 1, 1)), by=registrar, name="ของโรงเรียน.csv", org=school)
    page = client_for(registrar).get(reverse("intake:list")).content.decode()
    assert "ของโรงเรียน.csv" in page and "2567.csv" not in page
    assert client_for(registrar).get(reverse("intake:load", args=[own.pk])).status_code == 200
    assert client_for(registrar).get(reverse("intake:load", args=[counts.pk])).status_code == 404


def test_what_a_school_uploads_is_for_the_school_alone(client_for, someone, school, other_school):
    registrar = someone("school_registrar", school)
    file = SimpleUploadedFile("a.csv", head_counts(("90010001", "ป.1", 8, 7, 1), ("90010002", "ป.1", 5, 4, 1)))
    client_for(registrar).post(reverse("intake:list"), {"files": [file], "as_of": "2567"})
    batch = Batch.objects.latest("pk")
    assert batch.org == school and batch.counts["new"] == 1 and batch.counts["rejected"] == 1


def test_the_line_of_a_figure_opens_for_who_loads_files(client_for, planner, director, counts, stranger):
    page = client_for(planner).get(line(counts, 2)).content.decode()
    assert "90010001" in page and "ป.1" in page
    assert client_for(director).get(line(counts, 2)).status_code == 200
    assert client_for(stranger).get(line(counts, 2)).status_code == 404


def test_the_line_of_a_school_opens_for_the_school_and_no_other(client_for, someone, school, other_school, counts):
    registrar = someone("school_registrar", school)
    assert client_for(registrar).get(line(counts, 2)).status_code == 200
    assert client_for(registrar).get(line(counts, 3)).status_code == 404


def test_a_line_about_a_person_asks_for_a_reason_first(client_for, director, roll):
    answer = client_for(director).get(line(roll, 3))
    assert answer.status_code == 200 and pupils(1)[0].first not in answer.content.decode()
    assert client_for(director).post(line(roll, 3), {"reason": " "}).status_code == 422
    assert not AuditEntry.objects.filter(verb="person.opened").exists()


def test_an_opened_line_is_in_the_trail_and_hides_what_is_sensitive(client_for, director, roll):
    pupil = pupils(1)[0]
    page = client_for(director).post(line(roll, 3), {"reason": "ผู้ปกครองขอแก้ไข"}).content.decode()
    assert pupil.first in page
    assert pupil.row()[2] not in page and "พุทธ" not in page and "เกษตรกร" not in page
    entry = AuditEntry.objects.get(verb="person.opened")
    assert entry.reason == "ผู้ปกครองขอแก้ไข" and entry.actor == director and entry.after["row"] == 3


def test_who_may_not_open_persons_finds_no_line_about_one(client_for, planner, roll, stranger):
    for user in (planner, stranger):
        assert client_for(user).get(line(roll, 3)).status_code == 404
        assert client_for(user).post(line(roll, 3), {"reason": "อยากรู้"}).status_code == 404


def test_a_line_whose_file_is_no_longer_kept_says_so(client_for, planner, counts):
    store.remove(counts.pk, "file-0")
    page = client_for(planner).get(line(counts, 2)).content.decode()
    assert "ไฟล์ที่เก็บไว้ถูกลบแล้ว" in page and "90010001" not in page


def test_a_line_that_is_not_there_is_not_found(client_for, planner, counts):
    assert client_for(planner).get(line(counts, 99)).status_code == 404
    assert client_for(planner).get(reverse("intake:row", args=[counts.pk, 7, 2])).status_code == 404


def test_the_list_asks_the_same_number_of_questions_for_one_load_and_for_many(
    client_for, planner, load, counts, django_assert_max_num_queries
):
    client = client_for(planner)
    client.get(reverse("intake:list"))
    with django_assert_max_num_queries(20) as few:
        client.get(reverse("intake:list"))
    for number in range(12):
        load(head_counts(("90010001", "ป.1", number, 7, 1)), f"{number}.csv", commit=False)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("intake:list"))


def test_the_list_is_filtered_by_kind_and_state(client_for, planner, counts, roll):
    page = client_for(planner).get(reverse("intake:list"), {"source": "dmc_students"}).content.decode()
    assert "นักเรียน.csv" in page and "2567.csv" not in page
    page = client_for(planner).get(reverse("intake:list"), {"state": "undone"}).content.decode()
    assert "นักเรียน.csv" not in page


def test_every_kind_of_file_has_its_page_and_an_empty_file_that_is_recognised(client_for, planner, office):
    from khet.core.catalogue import catalogue
    from khet.registers.intake.pipeline import read_files

    client = client_for(planner)
    for source in catalogue().all("source"):
        assert client.get(reverse("intake:source", args=[source.id])).status_code == 200
        empty = client.get(reverse("intake:template", args=[source.id])).content
        if not source.wide_measures:  # its columns are the office's choice of measures
            assert read_files([(f"{source.id}.xlsx", empty)], wanted=source.id).source == source
    assert client.get(reverse("intake:source", args=["no_such"])).status_code == 404
