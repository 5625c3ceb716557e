"""A case that turns out to be about somebody of the school leaves the school at once, and its counts with it."""

import pytest
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.notices.models import Notice
from khet.engines.cases import queries, services
from khet.engines.cases.facts import FEEDS
from khet.engines.cases.models import Case
from khet.engines.cases.services.beginning import Beginning, Named
from khet.kit.feeds import Question
from khet.kit.periods import academic_year

pytestmark = pytest.mark.django_db
TOLD = {"channel": "school", "event": "harm", "hazard": "HV2", "harm": "first_aid", "safe_now": True, "story": "ชก"}
SCREENED = {"event": "harm", "hazard": "HV2", "harm": "first_aid", "safe_now": True, "place": "classroom"}


@pytest.fixture
def kind():
    return catalogue().get("case_kind", "safety_case_2565")


@pytest.fixture
def incident(kind, school, school_director, safety_officer, teacher):
    case = services.begin(kind, Beginning(org=school, answers=TOLD | {"actor": ["pupil"]}), by=teacher)
    services.move(case, "acknowledge", by=school_director)
    return case


def test_triage_that_finds_staff_takes_it_from_the_school(incident, school, office, school_director, safety_officer):
    services.assign(incident, school_director, by=school_director)
    services.move(incident, "triage", by=school_director, answers=SCREENED | {"actor": ["pupil", "staff"]})
    case = Case.objects.get()
    assert (case.passed_by, case.org, case.about, case.owner) == (True, office, school, None)
    assert not Case.objects.visible_to(school_director).exists() and queries.counts(school_director)["open"] == 0
    assert Case.objects.visible_to(safety_officer).get() == case
    assert case.members.filter(user=school_director, until__isnull=False).exists()
    services.move(case, "plan", by=safety_officer, answers={})


def test_a_head_named_as_the_one_complained_of_never_sees_it_again(incident, school, school_director, safety_officer):
    services.add_party(incident, Named("actor", "ผู้อำนวยการ", user=school_director), by=safety_officer)
    case = Case.objects.get()
    assert case.passed_by and not Case.objects.visible_to(school_director).exists()
    before = Notice.objects.filter(user=school_director).count()
    services.move(case, "triage", by=safety_officer, answers=SCREENED | {"actor": ["director"]})
    assert Notice.objects.filter(user=school_director).count() == before
    with pytest.raises(services.CaseError):
        services.add_member(case, school_director, by=safety_officer)


def test_what_passes_the_school_by_is_counted_at_the_office_and_not_at_the_school(
    incident, school, office, school_director, safety_officer
):
    services.move(incident, "triage", by=school_director, answers=SCREENED | {"actor": ["staff"]})
    year = academic_year(timezone.localdate())
    rows = [row for row in FEEDS[0].rows(year.year).to_pylist() if row["measure"] == "harm_incidents" and row["value"]]
    assert [(row["org"], row["grp"]) for row in rows] == [(office.code, "violence")]
    assert list(FEEDS[0].behind(Question("harm_incidents", (school.code,), year.code))) == []
    assert len(list(FEEDS[0].behind(Question("harm_incidents", (office.code, school.code), year.code)))) == 1


def test_a_level_that_rises_on_the_way_is_told_to_those_it_names(incident, school_director, director):
    assert not Notice.objects.filter(user=director, urgent=True).exists()
    services.move(incident, "triage", by=school_director, answers=SCREENED | {"actor": ["pupil"], "harm": "hospital"})
    assert Notice.objects.filter(user=director, urgent=True, words_en__contains="Critical").exists()


def test_the_victim_found_in_the_register_is_by_whom_it_is_counted(incident, pupil, safety_officer):
    services.add_party(incident, Named("victim", person=pupil), by=safety_officer)
    assert Case.objects.get().person == pupil
    services.add_party(incident, Named("witness", "เพื่อน"), by=safety_officer)
    assert Case.objects.get().person == pupil


def test_a_case_that_is_closed_takes_the_follow_up_and_nothing_else(incident, school_director, safety_officer):
    from khet.engines.cases.services.noting import Contacted
    from khet.engines.cases.services.watching import remind

    services.move(incident, "triage", by=school_director, answers=SCREENED | {"actor": ["pupil"]})
    services.move(incident, "plan", by=school_director, answers={})
    services.move(incident, "resolve", by=school_director, answers={"harm": "first_aid"})
    services.move(incident, "check", by=safety_officer, answers={})
    today = timezone.localdate()
    said = {"child_safe": True, "happened_again": False, "at_school": "attends", "more_needed": False}
    services.record_contact(incident, Contacted("follow_up", today, said), by=school_director)
    services.move(incident, "close", by=school_director, answers={})
    case = Case.objects.get()
    assert [task.due for task in case.tasks.order_by("due")] == [today + timezone.timedelta(days=n) for n in (30, 90)]
    assert remind(today + timezone.timedelta(days=30)) == 1
    services.record_contact(case, Contacted("follow_up", today, said), by=school_director)
    with pytest.raises(services.CaseError):
        services.record_contact(case, Contacted("call", today, {}), by=school_director)


def test_a_rate_of_the_office_holds_what_passed_a_school_by_and_the_school_s_rate_does_not(
    incident, school, office, school_director, safety_officer, system
):
    from khet.facts.services import build
    from khet.insight.indicators.queries import value
    from khet.registers.figures.services import set_figure

    year = academic_year(timezone.localdate())
    set_figure(school, "pupils", year, 100, by=system)
    services.move(incident, "triage", by=school_director, answers=SCREENED | {"actor": ["staff"]})
    build()
    told = {org: value(system, "pupil_harm_rate", org=org, period=year).value for org in (office, school)}
    assert told == {office: 10, school: None}, "in the first period the silence of a school is no zero"
    assert value(system, "pupil_harm", org=office, period=year).value == 1
