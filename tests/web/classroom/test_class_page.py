"""The page of a class: roll by exception, who sees what, and nothing of a child in addresses."""

import pytest
from django.urls import reverse
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.engines.cases import services as cases
from khet.engines.cases.services.beginning import Beginning
from khet.registers.progress.models import Absence, RollCall
from khet.web.classroom import services
from khet.web.classroom.queries import rows

CLASS = ["90010001", "ป.4", "1"]


def page(client, name="room", **query):
    return client.get(reverse(f"classroom:{name}", args=CLASS if name != "rooms" else []), query)


def test_the_teacher_finds_the_room_and_whether_its_roll_was_called(client_for, teacher, room):
    client = client_for(teacher)
    assert "not called yet" in page(client, "rooms", **{}).content.decode()
    client.post(reverse("classroom:roll", args=CLASS), {})
    body = page(client, "rooms").content.decode()
    assert "not called yet" not in body and "called" in body


def test_whoever_is_not_marked_was_there(client_for, teacher, room, pupils):
    first, second = pupils[0], pupils[1]
    marks = {f"kind-{first.pk}": "sick", f"part-{first.pk}": "1", f"kind-{second.pk}": ""}
    answer = client_for(teacher).post(reverse("classroom:roll", args=CLASS), marks, follow=True)
    assert "1 of 4 away" in answer.content.decode()
    assert list(Absence.objects.values_list("enrolment", "kind", "part")) == [(first.pk, "sick", 1)]
    assert RollCall.objects.get().by == teacher


def test_a_call_is_taken_back(client_for, teacher, room, pupils):
    client = client_for(teacher)
    client.post(reverse("classroom:roll", args=CLASS), {f"kind-{pupils[0].pk}": "absent"})
    client.post(reverse("classroom:take_back", args=CLASS), {})
    assert not Absence.objects.exists() and not RollCall.objects.exists()


def test_a_mark_nobody_offers_counts_as_none(client_for, teacher, room, pupils):
    client_for(teacher).post(reverse("classroom:roll", args=CLASS), {f"kind-{pupils[0].pk}": "<b>", "kind-999": "sick"})
    assert not Absence.objects.exists()


@pytest.mark.parametrize("who", ["other_teacher", "stranger", "director", "planner"])
def test_others_find_no_such_class(client_for, request, room, who):
    client = client_for(request.getfixturevalue(who))
    assert page(client).status_code == 404
    assert client.post(reverse("classroom:roll", args=CLASS), {}).status_code == 404
    assert client.get(reverse("classroom:screening", args=CLASS)).status_code == 404


@pytest.mark.parametrize("address", [["90010001", "ป.4", "9"], ["90010001", "ป.9", "1"], ["x", "ป.4", "1"]])
def test_a_room_nobody_is_in_does_not_exist(client_for, teacher, room, address):
    assert client_for(teacher).get(reverse("classroom:room", args=address)).status_code == 404


def test_a_day_ahead_or_unreadable_is_today(client_for, teacher, room):
    for text in ("2999-01-01", "x", "1/1/2400"):
        answer = page(client_for(teacher), day=text)
        assert answer.status_code == 200 and answer.context["day"] == timezone.localdate()


def test_the_class_is_taken_in_once(teacher, room, setup):
    assert len(services.begin_for(rows(teacher, room, timezone.localdate()), setup, room, by=teacher)) == 4
    assert services.begin_for(rows(teacher, room, timezone.localdate()), setup, room, by=teacher) == []


def test_a_case_of_a_circle_shows_to_its_members_only(client_for, teacher, school_director, school, room, pupils):
    plan = catalogue().get("case_kind", "iep_2568")
    answers = {"main_type": "learning", "certified": "none", "guardian_agrees": True}
    begun = Beginning(org=school, person=pupils[0].person, answers=answers)
    case = cases.begin(plan, begun, by=school_director)
    mine, theirs = (page(client_for(one)).content.decode() for one in (school_director, teacher))
    assert str(case.ref) in mine and str(case.ref) not in theirs
    assert str(plan.one) not in theirs


def test_the_page_asks_the_database_no_more_often_for_a_larger_class(
    client_for, teacher, room, pupils, pupil, setup, django_assert_max_num_queries
):
    services.begin_for(rows(teacher, room, timezone.localdate()), setup, room, by=teacher)
    for number in range(8):
        pupil(f"น้อง{number}")
    client = client_for(teacher)
    page(client)
    with django_assert_max_num_queries(30):
        assert page(client).status_code == 200


def test_many_absences_say_which_letter_is_due(client_for, teacher, room, pupils, setup):
    today = timezone.localdate()
    for back in range(8):
        Absence.objects.create(enrolment=pupils[0], date=today - timezone.timedelta(days=back), kind="absent")
    services.begin_for(rows(teacher, room, today), setup, room, by=teacher)
    (row,) = [one for one in rows(teacher, room, today) if one.letter]
    assert (row.person, row.letter_code) == (pupils[0].person, "letter_1")
    from khet.engines.cases.services.noting import Contacted

    letter = Contacted("letter_1", today, {"absent_days": 8, "sent_on": today.isoformat()})
    cases.record_contact(row.case, letter, by=teacher)
    (row,) = [one for one in rows(teacher, room, today) if one.letter]
    assert row.letter_code == "letter_2"


def test_a_visit_is_to_do_until_it_was_made(teacher, room, pupils, setup):
    today = timezone.localdate()
    services.begin_for(rows(teacher, room, today), setup, room, by=teacher)
    first, second = rows(teacher, room, today)[:2]
    assert not first.visited
    from khet.engines.cases.services.noting import Contacted

    made = cases.record_contact(first.case, Contacted("home_visit", today, {"visit_met": ["kin"]}), by=teacher)
    cases.move(second.case, "know", by=teacher, answers={"known_by": ["visit"], "visited_on": today.isoformat()})
    assert [row.visited for row in rows(teacher, room, today)] == [True, True, False, False]
    cases.withdraw_contact(made, by=teacher)
    assert [row.visited for row in rows(teacher, room, today)] == [False, True, False, False]
