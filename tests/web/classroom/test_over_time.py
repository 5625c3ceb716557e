"""The page of a pupil shows the years of care and the cases the viewer may see, once it was opened for a reason."""

from django.urls import reverse
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.engines.cases import services as cases
from khet.engines.cases.services.beginning import Beginning
from khet.engines.cases.services.noting import Contacted
from khet.web.classroom import history, services
from khet.web.classroom.queries import rows


def screened(teacher, room, setup, **answers):
    row = rows(teacher, room, timezone.localdate())[0]
    services.screen_class([row], setup, room, {row.person.pk: answers}, by=teacher)
    return row.person


def test_each_screening_stands_with_the_group_it_found(teacher, room, setup):
    screened(teacher, room, setup, learning="problem", attendance="normal")
    person = screened(teacher, room, setup, learning="normal", attendance="normal")
    (year,) = history.of_person(teacher, person).years
    assert [one.level.code for one in year.screenings] == ["normal", "problem"]
    assert year.case.level == "normal" and year.visits == [] and not year.has_results


def test_visits_and_results_are_named(teacher, room, setup):
    person, today = screened(teacher, room, setup, learning="normal"), timezone.localdate()
    (year,) = history.of_person(teacher, person).years
    cases.record_contact(year.case, Contacted("home_visit", today, {"visit_met": ["kin"]}), by=teacher)
    cases.record_contact(year.case, Contacted("sdq", today, {"informant": "teacher"}), by=teacher)
    (year,) = history.of_person(teacher, person).years
    assert year.visits == [today] and year.has_results


def test_the_office_and_others_see_no_year_of_care(teacher, other_teacher, director, planner, room, setup):
    person = screened(teacher, room, setup, learning="normal")
    for one in (other_teacher, director, planner):
        assert not history.of_person(one, person)


def test_a_circle_shows_to_its_members_only(teacher, school_director, school, room, setup, client_for):
    person = screened(teacher, room, setup, learning="normal")
    plan = catalogue().get("case_kind", "iep_2568")
    answers = {"main_type": "learning", "certified": "none", "guardian_agrees": True}
    case = cases.begin(plan, Beginning(org=school, person=person, answers=answers), by=school_director)
    address = reverse("desk:person", args=[person.ref])
    for one, sees in ((school_director, True), (teacher, False)):
        client = client_for(one)
        assert str(case.ref) not in client.get(address).content.decode()
        client.post(reverse("desk:person_open", args=[person.ref]), {"reason": "ดูแลนักเรียน"})
        body = client.get(address).content.decode()
        assert (str(case.ref) in body) == sees and "Care and cases" in body
