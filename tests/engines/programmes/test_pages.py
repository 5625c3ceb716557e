"""Every page of a programme, for those it is for and for those it is not."""

from datetime import date

import pytest
from django.utils import timezone, translation

from khet.engines.programmes import services
from khet.engines.programmes.models import Participant
from khet.engines.programmes.services.judging import Judgement

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(run, joined, school, other_school, third_school, supervisor):
    """A run with participants on every rung, a session, an output and a cost."""
    one, two = joined(school, other_school)
    services.judge(run, Judgement(one, "announced", date(2024, 8, 1)), by=supervisor)
    today = timezone.localdate()
    session = services.hold_session(
        run, run.org, by=supervisor, kind="training", title="อบรมแกนนำ", held_on=today, hours=3
    )
    services.note_attendance(session, {one: "present", two: "absent"}, by=supervisor)
    services.add_cost(run, run.org, by=supervisor, what="ค่าวิทยากร", year=2025, planned=5000, source="งบพัฒนา")
    run.session = session
    run.one, run.two = one, two
    return run


def addresses(run):
    return [
        "/programmes/", "/programmes/open/", f"/programmes/open/{run.org.code}/sufficiency_school_2554/",
        f"/programmes/{run.pk}/", f"/programmes/{run.pk}/edit/", f"/programmes/{run.pk}/schools/",
        f"/programmes/{run.pk}/statuses/", f"/programmes/{run.pk}/sheet/", f"/programmes/{run.pk}/sheet/template/",
        f"/programmes/{run.pk}/sessions/new/", f"/programmes/sessions/{run.session.pk}/",
        f"/programmes/sessions/{run.session.pk}/edit/", f"/programmes/participants/{run.one.pk}/",
        f"/programmes/participants/{run.one.pk}/status/?level=centre", f"/programmes/participants/{run.one.pk}/leave/",
        f"/programmes/participants/{run.one.pk}/answers/", "/programmes/outputs/", "/programmes/outputs/review/",
        f"/programmes/{run.pk}/outputs/new/best_practice/",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_opens_for_who_runs_it(full, supervisor, client_for, language):
    supervisor.language = language
    supervisor.save()
    client = client_for(supervisor)
    with translation.override(language):
        for address in addresses(full):
            answer = client.get(address)
            assert answer.status_code == 200, address


def test_a_stranger_finds_none_of_them(full, stranger, client_for):
    client = client_for(stranger)
    general = ("/programmes/", "/programmes/open/", "/programmes/outputs/", "/programmes/outputs/review/")
    for address in addresses(full):
        answer = client.get(address)
        if address in general:
            assert f"/programmes/{full.pk}/" not in _text(answer) and str(full.one.org) not in _text(answer)
        else:
            assert answer.status_code == 404, address


def test_a_school_sees_the_programme_and_its_own_participation_only(full, school_director, client_for):
    client = client_for(school_director)
    page = _text(client.get(f"/programmes/{full.pk}/"))
    assert str(full.one.org) in page and str(full.two.org) not in page
    assert "ค่าวิทยากร" not in page
    assert client.get(f"/programmes/participants/{full.one.pk}/").status_code == 200
    assert client.get(f"/programmes/participants/{full.two.pk}/").status_code == 404
    session = _text(client.get(f"/programmes/sessions/{full.session.pk}/"))
    assert str(full.one.org) in session and str(full.two.org) not in session


@pytest.mark.parametrize("act", ["edit/", "statuses/", "sheet/", "act/close/", "target/", "costs/"])
def test_a_school_cannot_run_the_offices_programme(full, school_director, client_for, act):
    client = client_for(school_director)
    assert client.post(f"/programmes/{full.pk}/{act}", {}).status_code == 404


def test_a_school_cannot_judge_itself(full, school_director, client_for):
    asked = {"level": "announced", "judged_on": "01/08/2567"}
    answer = client_for(school_director).post(f"/programmes/participants/{full.one.pk}/status/", asked)
    assert answer.status_code == 404
    assert full.one.statuses.count() == 2


def test_a_school_enters_itself_and_no_other(run, school, other_school, school_director, client_for):
    client = client_for(school_director)
    page = _text(client.get(f"/programmes/{run.pk}/schools/"))
    assert str(school) in page and str(other_school) not in page
    client.post(
        f"/programmes/{run.pk}/schools/", {"school": [school.code, other_school.code], "joined_on": "16/05/2567"}
    )
    assert [one.org for one in Participant.objects.all()] == [school]


def test_schools_are_added_in_bulk_and_a_wrong_day_adds_none(run, school, other_school, supervisor, client_for):
    client = client_for(supervisor)
    asked = {"school": [school.code, other_school.code], "joined_on": "31/02/2567"}
    assert client.post(f"/programmes/{run.pk}/schools/", asked).status_code == 422
    assert not Participant.objects.exists()
    client.post(f"/programmes/{run.pk}/schools/", asked | {"joined_on": "16/05/2567"})
    assert Participant.objects.count() == 2


def test_statuses_are_recorded_in_bulk_or_not_at_all(full, supervisor, client_for):
    client = client_for(supervisor)
    asked = {"participant": [full.one.pk, full.two.pk], "level": "centre", "judged_on": "01/09/2567",
             "link": "https://example.org/x"}  # fmt: skip
    answer = client.post(f"/programmes/{full.pk}/statuses/", asked)
    assert answer.status_code == 422
    assert str(full.two.org) in _text(answer), "the school that lacks the rung below is named"
    assert not full.one.statuses.filter(level="centre").exists()
    client.post(f"/programmes/{full.pk}/statuses/", asked | {"participant": [full.one.pk]})
    assert full.one.statuses.filter(level="centre").exists()


def test_evidence_is_kept_with_the_status_and_only_for_those_who_may_see_it(full, supervisor, school_director,
                                                                            other_director, client_for):  # fmt: skip
    from django.core.files.uploadedfile import SimpleUploadedFile

    paper = SimpleUploadedFile("ประกาศ.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    asked = {"level": "centre", "judged_on": "01/09/2567", "file": paper, "people": "4.2"}
    answer = client_for(supervisor).post(f"/programmes/participants/{full.one.pk}/status/?level=centre", asked)
    assert answer.status_code == 302, _text(answer)
    status = full.one.statuses.get(level="centre")
    assert status.answers == {"people": 4.2}
    address = f"/programmes/statuses/{status.pk}/file/"
    assert client_for(school_director).get(address).content.startswith(b"%PDF")
    assert client_for(other_director).get(address).status_code == 404


def test_an_empty_list_teaches(supervisor, viewer_of_office, client_for):
    assert "/programmes/open/" in _text(client_for(supervisor).get("/programmes/"))
    assert "/programmes/open/" not in _text(client_for(viewer_of_office).get("/programmes/"))


@pytest.fixture
def viewer_of_office(someone, office):
    return someone("viewer", office, "looker")


def test_the_page_of_a_programme_asks_few_questions(full, supervisor, client_for, django_assert_max_num_queries):
    client = client_for(supervisor)
    client.get(f"/programmes/{full.pk}/")
    with django_assert_max_num_queries(45):
        client.get(f"/programmes/{full.pk}/")


def test_filtering_by_system(full, supervisor, client_for):
    client = client_for(supervisor)
    assert f"/programmes/{full.pk}/" in _text(client.get("/programmes/?system=sufficiency"))
    assert f"/programmes/{full.pk}/" not in _text(client.get("/programmes/?state=closed"))


def _text(answer) -> str:
    return answer.content.decode()
