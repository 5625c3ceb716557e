"""A report by phone: typed at the office, kept without the caller's name, followed by the caller's own code."""

import pytest
from django.core.cache import cache

from khet.core.audit.models import AuditEntry
from khet.core.catalogue import catalogue
from khet.engines.cases import services
from khet.engines.cases.models import Case, Party, Reporter
from khet.engines.cases.queries.timeline import timeline
from khet.engines.cases.services.reporting import Report, case_of_code

pytestmark = pytest.mark.django_db
CALLER, NUMBER = "นางสายฝน ทดสอบเสียง", "099-000-0000"
SAID = {"event": "harm", "hazard": "HV3", "story": "ลูกถูกแกล้ง", "harm": "none", "reporter": "guardian",
        "reporter_name": CALLER, "reporter_contact": NUMBER}  # fmt: skip


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.KHET_SECOND_FACTOR = False
    cache.clear()


@pytest.fixture
def page(office):
    return f"/cases/phone/safety/{office.code}/"


def kept(case: Case) -> str:
    """All that lies in a case, its steps and its parties, decrypted."""
    steps = [(step.answers, step.secret, step.reason) for step in case.steps.all()]
    parties = list(Party.objects.filter(case=case).values_list("name", "details"))
    return str((case.answers, case.secret, case.cause, steps, parties))


def test_the_caller_stands_beside_the_case_and_nowhere_in_it(page, school, safety_officer, client_for):
    answer = client_for(safety_officer).post(page, {"_place": school.code, **SAID})
    case = Case.objects.get()
    assert answer.status_code == 200 and case.about == school
    assert case.answers["channel"] == "phone" and case.opened_by == safety_officer
    assert case.secret == {"story": "ลูกถูกแกล้ง"}
    assert CALLER not in kept(case) and NUMBER not in kept(case)
    assert case.reporter.contact == {"reporter_name": CALLER, "reporter_contact": NUMBER}
    assert CALLER not in str(list(AuditEntry.objects.values())) and CALLER not in answer.content.decode()


def test_the_code_is_shown_once_and_opens_the_outcome(page, school, safety_officer, client_for, client):
    mine = client_for(safety_officer)
    answer = mine.post(page, {"_place": school.code, **SAID})
    code = answer.context["code"]
    assert code in answer.content.decode() and "no-store" in answer["Cache-Control"]
    assert code not in str(Reporter.objects.values().get())
    case = Case.objects.get()
    assert case_of_code("safety", code) == case
    assert code not in mine.get(page).content.decode()
    read = client.post("/report/safety/follow/", {"code": code}).content.decode()
    assert str(case.kind.public.outcomes["received"]) in read and CALLER not in read


def test_the_trail_says_that_it_was_taken_by_phone(school, safety_officer):
    kind = catalogue().get("case_kind", "safety_case_2565")
    case, _code = services.report(kind, Report(school, SAID), taken_by=safety_officer)
    entry = AuditEntry.objects.get(object_id=str(case.pk), verb="case.taken_by_phone")
    assert entry.actor == safety_officer
    assert not AuditEntry.objects.filter(object_id=str(case.pk), verb="case.begun").exists()


def test_what_concerns_staff_passes_the_school_by_as_from_the_public_page(
    page, school, office, safety_officer, school_director, client_for
):
    client_for(safety_officer).post(page, {"_place": school.code, **SAID, "actor": ["staff"]})
    case = Case.objects.get()
    assert case.passed_by and case.org == office
    assert not Case.objects.visible_to(school_director).exists()


def test_only_who_may_begin_such_a_case_at_the_office_takes_calls(
    page, school, safety_officer, promoter, planner, school_director, stranger, client, client_for
):
    for somebody in (safety_officer, promoter):
        assert client_for(somebody).get(page).status_code == 200
    for somebody in (planner, school_director, stranger):
        assert client_for(somebody).get(page).status_code in (403, 404)
    assert client_for(safety_officer).get(f"/cases/phone/safety/{school.code}/").status_code == 404
    assert client_for(safety_officer).get(page.replace("safety", "return_to_school")).status_code == 404
    assert client.get(page).status_code == 302  # to the sign-in page
    assert page in client_for(safety_officer).get("/cases/begin/").content.decode()
    assert "/cases/phone/" not in client_for(school_director).get("/cases/begin/").content.decode()


def test_who_takes_the_call_need_not_see_the_case_and_is_told_its_number(page, school, promoter, client_for):
    text = client_for(promoter).post(page, {"_place": school.code, **SAID}).content.decode()
    case = Case.objects.get()
    assert case.number in text and str(case.ref) not in text


def test_a_place_of_another_office_and_missing_answers_begin_nothing(
    page, school, safety_officer, stranger_office, client_for
):
    mine = client_for(safety_officer)
    for sent in ({"_place": stranger_office.code, **SAID}, {"_place": "", **SAID}, {"_place": school.code}):
        assert mine.post(page, sent).status_code == 422
    assert not Case.objects.exists()


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_page_asks_what_the_public_page_asks(page, safety_officer, client_for, language):
    safety_officer.language = language
    safety_officer.save()
    text = client_for(safety_officer).get(page).content.decode()
    form = catalogue().get("form", "safety_report")
    assert all(f'name="{field.id}"' in text for field in form.fields)
    assert "website" not in text  # the trap for machines is the public page's


def test_the_ordinary_form_asks_for_no_name_and_knows_that_a_school_reports(
    school, office, school_director, client_for
):
    """Who reports is signed in; only a caller has a name to be taken down, on the page for calls."""
    form = client_for(school_director).get(f"/cases/begin/safety/{school.code}/").context["form"]
    assert {"reporter_name", "reporter_contact"}.isdisjoint(form.fields)
    assert form["channel"].value() == "school"


def test_at_the_office_the_ordinary_form_assumes_no_way_in(office, safety_officer, client_for):
    form = client_for(safety_officer).get(f"/cases/begin/safety/{office.code}/").context["form"]
    assert "reporter_name" not in form.fields and form["channel"].value() is None


def test_what_a_caller_said_stands_among_the_events_once(page, school, safety_officer, client_for):
    client_for(safety_officer).post(page, {"_place": school.code, **SAID})
    asked = [question for question, _answer in timeline(Case.objects.get())[-1].answers]
    assert len(asked) == len(set(asked)) and "เหตุการณ์โดยย่อ" in asked
