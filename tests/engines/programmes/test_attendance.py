"""Sessions and who came: one tap each, with and without a script, and only for those who may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from khet.engines.programmes import services
from khet.engines.programmes.rights import ProgrammeError

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(run, joined, school, other_school, supervisor):
    run.one, run.two = joined(school, other_school)
    today = timezone.localdate()
    return services.hold_session(run, run.org, by=supervisor, kind="training", title="อบรม", held_on=today, hours=3)


def noted(session):
    return dict(session.attendance.values_list("participant__org__code", "state"))


def test_one_tap_notes_and_the_same_tap_again_takes_it_back(session, run, school, supervisor, client_for):
    client, address = client_for(supervisor), f"/programmes/sessions/{session.pk}/attendance/{run.one.pk}/"
    answer = client.post(address, {"state": "present"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and 'aria-pressed="true"' in answer.content.decode()
    assert noted(session) == {school.code: "present"}
    client.post(address, {"state": ""}, headers={"HX-Request": "true"})
    assert noted(session) == {}


def test_without_a_script_it_leads_back_to_the_seat(session, run, supervisor, client_for):
    address = f"/programmes/sessions/{session.pk}/attendance/{run.one.pk}/"
    answer = client_for(supervisor).post(address, {"state": "excused"})
    assert (answer.status_code, answer.url) == (302, f"/programmes/sessions/{session.pk}/#seat-{run.one.pk}")


def test_all_others_came_in_one_tap(session, run, school, other_school, supervisor, client_for):
    client = client_for(supervisor)
    client.post(f"/programmes/sessions/{session.pk}/attendance/{run.two.pk}/", {"state": "absent"})
    client.post(f"/programmes/sessions/{session.pk}/rest/")
    assert noted(session) == {school.code: "present", other_school.code: "absent"}


def test_a_school_notes_itself_and_no_other(session, run, school_director, client_for):
    client = client_for(school_director)
    one = client.post(f"/programmes/sessions/{session.pk}/attendance/{run.one.pk}/", {"state": "present"})
    two = client.post(f"/programmes/sessions/{session.pk}/attendance/{run.two.pk}/", {"state": "absent"})
    assert (one.status_code, two.status_code) == (302, 404)


def test_nothing_is_noted_before_the_day(run, joined, school, supervisor):
    one = joined(school)
    tomorrow = timezone.localdate() + timedelta(days=1)
    later = services.hold_session(run, run.org, by=supervisor, kind="training", title="ก", held_on=tomorrow, hours=1)
    with pytest.raises(ProgrammeError):
        services.note_attendance(later, {one: "present"}, by=supervisor)


def test_a_cancelled_session_takes_no_notes(session, run, supervisor):
    services.cancel_session(session, by=supervisor)
    with pytest.raises(ProgrammeError):
        services.note_attendance(session, {run.one: "present"}, by=supervisor)


def test_nobody_attends_longer_than_the_session_lasts(session, run, supervisor):
    with pytest.raises(ProgrammeError):
        services.note_attendance(session, {run.one: "present"}, by=supervisor, hours={run.one: 4})
    services.note_attendance(session, {run.one: "present"}, by=supervisor, hours={run.one: 2})
    assert session.attendance.get().hours == 2


def test_a_school_holds_a_session_of_its_own_and_others_do_not_see_it(
    run, joined, school, school_director, other_director, client_for
):
    joined(school)
    asked = {"org": school.code, "kind": "visit", "title": "คณะศึกษาดูงาน", "hours": "2", "others": "35",
             "held_on": timezone.localdate().isoformat()}  # fmt: skip
    assert client_for(school_director).post(f"/programmes/{run.pk}/sessions/new/", asked).status_code == 302
    own = run.sessions.get()
    assert (own.org, own.others) == (school, 35)
    assert client_for(other_director).get(f"/programmes/sessions/{own.pk}/").status_code == 404
    refused = client_for(other_director).post(f"/programmes/{run.pk}/sessions/new/", asked)
    assert refused.status_code == 422
