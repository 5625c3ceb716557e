"""The list of a school: who sees it, what it says, putting pupils into groups, and nothing of a child elsewhere."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from khet.core.audit.models import AuditEntry
from khet.core.catalogue import catalogue
from khet.engines.programmes import services as programmes
from khet.engines.programmes.models import Participant
from khet.engines.programmes.rights import ProgrammeError
from khet.engines.programmes.services.joining import Entrant
from khet.kit.periods import academic_year
from khet.web.behind import queries, services
from tests.facts.records import mark, person, pupil

pytestmark = pytest.mark.django_db
YEAR = academic_year(timezone.localdate()).year
WHY = {"reason": "จัดกลุ่มเสริมของภาคเรียน"}


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    """That records of persons ask for it is tested where it belongs."""
    settings.KHET_SECOND_FACTOR = False


@pytest.fixture
def browse(client_for, settings):
    def sign_in(user, language="en"):
        user.language = language
        user.save()
        client = client_for(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return sign_in


def child_of(school, result, room="1", before="2"):
    """A pupil of ป.4 with a result of last year's Thai and one of the year before."""
    who = person(school)
    now = pupil(school, YEAR, "ป.4", who=who, room=room)
    for back, got in ((1, result), (2, before)):
        old = pupil(school, YEAR - back, f"ป.{4 - back}", who=who)
        mark(old, got, subject=f"ท1{4 - back}101")
    return now


@pytest.fixture
def behind(school):
    return child_of(school, "0")


@pytest.fixture
def well(school):
    return child_of(school, "3", room="2")


@pytest.fixture
def run(office, supervisor):
    rules = catalogue().get("programme", "catch_up_2565")
    made = programmes.open_run(rules, office, by=supervisor, starts=date(YEAR, 5, 20), title="เสริมการอ่าน")
    return programmes.start_run(made, by=supervisor)


def address(name, school):
    return reverse(f"behind:{name}", args=[school.code])


def opened(client, school):
    assert client.post(address("open", school), WHY).status_code == 302
    return client.get(address("school", school))


def listed(viewer, school):
    return queries.rows(viewer, queries.definition(timezone.localdate()), school, timezone.localdate())


def test_the_list_says_who_and_why_and_leaves_out_who_is_not_behind(browse, teacher, school, behind, well):
    body = opened(browse(teacher), school).content.decode()
    assert str(behind.person) in body and str(well.person) not in body
    assert "Not passed (0, มผ): ท13101" in body and "in no group yet" in body


def test_in_thai_too(browse, teacher, school, behind):
    body = opened(browse(teacher, "th"), school).content.decode()
    assert "ผลการเรียนไม่ผ่าน (0 มผ): ท13101" in body and "ยังไม่มีกลุ่ม" in body


def test_it_is_closed_until_a_reason_is_given_and_the_trail_knows_who_opened_it(browse, teacher, school, behind):
    client = browse(teacher)
    assert str(behind.person) not in client.get(address("school", school)).content.decode()
    assert client.post(address("open", school), {"reason": "-"}).status_code == 422
    assert not AuditEntry.objects.filter(verb="behind.opened").exists()
    opened(client, school)
    entry = AuditEntry.objects.get(verb="behind.opened")
    assert (entry.actor, entry.org, entry.reason) == (teacher, school, WHY["reason"])
    assert behind.person.first_name not in repr(vars(entry))


def test_it_closes_again(browse, teacher, school, behind, monkeypatch):
    client = browse(teacher)
    opened(client, school)
    monkeypatch.setattr(services, "OPEN_FOR", timedelta(0))
    assert str(behind.person) not in client.get(address("school", school)).content.decode()


@pytest.mark.parametrize("who", ["other_teacher", "other_director", "stranger", "supervisor", "planner"])
def test_others_find_no_such_list(browse, request, school, behind, run, who):
    client = browse(request.getfixturevalue(who))
    for answer in (
        client.get(address("school", school)),
        client.post(address("open", school), WHY),
        client.post(address("join", school), {"run": run.pk, "pupil": behind.person.ref}),
    ):
        assert answer.status_code == 404
    assert not Participant.objects.exists()


def test_a_school_sees_no_results_of_another_school(teacher, promoter, school, other_school):
    who = person(school)
    pupil(school, YEAR, "ป.4", who=who)
    mark(pupil(other_school, YEAR - 1, "ป.3", who=who), "0")
    assert listed(teacher, school) == [] and len(listed(promoter, school)) == 1


def test_the_office_sees_its_schools_by_what_there_is_to_mend(browse, promoter, school, other_school, behind, well):
    child_of(other_school, "4")
    found = browse(promoter).get(reverse("behind:places")).context["places"]
    assert [(one.code, one.pupils, one.failing, one.helped) for one in found] == [
        (school.code, 2, 1, 0), (other_school.code, 1, 0, 0),
    ]  # fmt: skip


def test_a_teacher_goes_straight_to_the_own_school_and_class(browse, teacher, school, behind):
    other_room = child_of(school, "0", room="2")
    client = browse(teacher)
    assert client.get(reverse("behind:places")).url == address("school", school)
    assert client.get(reverse("classroom:room", args=[school.code, "ป.4", "2"])).status_code == 200
    body = opened(client, school).content.decode()
    assert str(other_room.person) in body and str(behind.person) not in body
    assert str(behind.person) in client.get(address("school", school), {"room": ""}).content.decode()


def test_chosen_pupils_go_into_a_group_at_once(browse, school_director, school, behind, well, run):
    second = child_of(school, "ร")
    client = browse(school_director)
    opened(client, school)
    sent = {"run": run.pk, "pupil": [behind.person.ref, second.person.ref, well.person.ref], "subject": "reading"}
    answer = client.post(address("join", school), sent, follow=True)
    assert "2 pupils are in the group now." in answer.content.decode()
    joined = Participant.objects.filter(run=run)
    assert set(joined.values_list("person", flat=True)) == {behind.person.pk, second.person.pk}, (
        "who is not listed stays"
    )
    assert {(one.org, one.answers["subject"]) for one in joined} == {(school, "reading")}
    assert AuditEntry.objects.get(verb="programme.joined").count == 2
    assert "เสริมการอ่าน" in answer.content.decode() and "Reading and writing" in answer.content.decode()


def test_nobody_joins_by_a_closed_list_a_strange_group_or_a_teacher(
    browse, teacher, school_director, school, behind, run
):
    sent = {"run": run.pk, "pupil": behind.person.ref}
    client = browse(school_director)
    client.post(address("join", school), sent)
    opened(client, school)
    assert client.post(address("join", school), sent | {"run": "999"}).status_code == 404
    client.post(address("join", school), {"run": run.pk})
    helper = browse(teacher)
    assert "Who runs programmes" in opened(helper, school).content.decode()
    assert helper.post(address("join", school), sent).status_code == 404
    assert not Participant.objects.exists()


def test_who_is_in_the_group_stays_and_the_others_join(school, school_director, behind, run):
    second = child_of(school, "ร")
    rows = listed(school_director, school)
    services.put_into(run, school, [row for row in rows if row.enrolment == behind], {}, by=school_director)
    assert len(services.put_into(run, school, rows, {}, by=school_director)) == 1
    with pytest.raises(ProgrammeError):
        services.put_into(run, school, rows, {}, by=school_director)
    assert Participant.objects.filter(run=run, person=second.person).count() == 1


def test_the_gain_stands_beside_who_was_helped_even_when_nothing_is_left_to_mend(
    browse, school_director, school, well, run
):
    on = date(YEAR - 1, 6, 1)
    programmes.join(run, Entrant("pupil", school, on, well.person, answers={"subject": "reading"}), by=school_director)
    [row] = listed(school_director, school)
    assert (row.reasons, row.groups[0].gain.before.points, row.groups[0].gain.change) == ([], 2, 1)
    body = opened(browse(school_director), school).content.decode()
    assert "Thai: 2.00" in body and "3.00" in body and "rose" in body and "nothing to mend now" in body


def test_it_asks_the_database_no_more_often_for_more_pupils(teacher, school, behind, django_assert_max_num_queries):
    for _number in range(12):
        child_of(school, "0")
    with django_assert_max_num_queries(8):
        assert len(listed(teacher, school)) == 13
