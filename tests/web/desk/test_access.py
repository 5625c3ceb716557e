"""Every address of the two rooms, asked by those who may not see what stands there."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from khet.plan import urls as plan_urls
from khet.plan.services import add_action, add_note
from khet.registers.residents.models import Resident
from khet.web.desk import urls as desk_urls
from khet.web.desk.models import CensusCount, CensusSnapshot

ID = "external_assessment_good"
# Lists that everybody has for the own place: a stranger's shows nothing of this office.
LISTS = {
    "desk:home", "desk:actions", "desk:changes", "desk:schools", "desk:quality", "desk:people", "desk:census",
    "desk:figures", "desk:layers", "plan:overview", "plan:upload", "desk:systems",
}  # fmt: skip
WRITES = {
    "desk:note_add", "desk:action_add", "desk:note_withdraw", "desk:action_close", "desk:people_by_identifier",
    "desk:person_open", "desk:person_identifier", "desk:census_freeze", "plan:draft", "plan:item_add", "plan:revise",
    "plan:discard", "plan:item_move", "plan:item_remove", "plan:item_split", "plan:item_merge", "plan:targets",
    "plan:owner", "desk:tactic_system", "desk:worklist_cases",
}  # fmt: skip
ITEMS = {
    "plan:item", "plan:binding", "plan:choices", "plan:targets", "plan:owner", "plan:item_move", "plan:item_remove",
    "plan:item_split", "plan:item_merge",
}  # fmt: skip
# Without an argument these speak of the viewer's own office; what they did must not reach this one.
OWN = {"desk:people_by_identifier", "desk:census_freeze"}


def names():
    """Every address name of the desk and the plan room."""
    return {f"{room.app_name}:{pattern.name}" for room in (desk_urls, plan_urls) for pattern in room.urlpatterns}


@pytest.fixture
def address(plan, figures, office, school, planner, pupil_at):
    """address("desk:person") → the address of something of this office, by name."""
    person = pupil_at(school)
    child = Resident.objects.create(
        org=office, list_date=date(2024, 6, 1), first_name="ลลิตา", last_name="ไกลเมือง", name_key="ลลตา|ไกลเมอง",
        identifier="9990000000000", identifier_hash="x" * 32, details={"house": "77/7"},
    )  # fmt: skip
    item = plan.items.get(binding__indicator=ID)
    snapshot = CensusSnapshot.objects.create(org=office, round="C2024-06-10", by=planner, pupils=1, schools=1)
    CensusCount.objects.create(snapshot=snapshot, school=school, grade="ป.1", sex="f", pupils=1)
    note = add_note(office, ID, "จดไว้เฉพาะเขต", by=planner)
    action = add_action(office, ID, "ลงพื้นที่", _tomorrow(), by=planner, owner=planner)
    arguments = {
        "desk:strategy": [1], "desk:note_withdraw": [note.pk], "desk:action_close": [action.pk],
        "desk:resident": [child.ref],
        "desk:school": [school.code], "desk:person": [person.ref], "desk:person_open": [person.ref],
        "desk:person_identifier": [person.ref], "desk:person_trail": [person.ref],
        "desk:census_round": [snapshot.round],
        "desk:tactic_system": [plan.items.filter(kind="tactic").first().pk],
        "plan:document": [plan.document_id], "plan:original": [plan.document_id], "plan:draft": [plan.document_id],
    }  # fmt: skip

    def find(name):
        if name in arguments:
            found = reverse(name, args=arguments[name])
        elif name.startswith("plan:") and name not in LISTS:
            on_item = (
                name in {"plan:item", "plan:binding", "plan:choices", "plan:targets", "plan:owner"} or "item_" in name
            )
            found = reverse(name, args=[item.pk if on_item and name != "plan:item_add" else plan.pk])
        elif "indicator" in name or name in {
            "desk:why",
            "desk:worklist",
            "desk:worklist_cases",
            "desk:note_add",
            "desk:action_add",
        }:
            found = reverse(name, args=[ID])
        else:
            found = reverse(name)
        return found

    return find


def _tomorrow():
    from datetime import timedelta

    from django.utils import timezone

    return timezone.localdate() + timedelta(days=1)


def ask(client, name, address, **data):
    url = address(name)
    return client.post(url, data) if name in WRITES else client.get(url, data)


def test_nobody_sees_a_page_without_signing_in(client, address):
    answers = {name: ask(client, name, address) for name in names()}
    led = {name for name, one in answers.items() if one.status_code == 302 and "/account/login/" in one["Location"]}
    assert names() - led == set()


def test_to_a_stranger_what_belongs_to_this_office_does_not_exist(client, address, stranger, office):
    client.force_login(stranger)
    answers = {name: ask(client, name, address, org=office.code).status_code for name in names() - LISTS - OWN}
    assert {name: status for name, status in answers.items() if status != 404} == {}


def test_a_strangers_lists_hold_nothing_of_this_office(client, address, stranger, stranger_school, office, school):
    client.force_login(stranger)
    for name in sorted(LISTS):
        answer = client.get(address(name))
        assert answer.status_code == 200, name
        text = answer.content.decode()
        for mine in (office.name, school.name, "จดไว้เฉพาะเขต", "ลงพื้นที่", "plan.txt"):
            assert mine not in text, name


def test_a_list_asked_for_another_org_does_not_exist(client, address, stranger, office):
    client.force_login(stranger)
    for name in sorted(LISTS - {"desk:people", "desk:layers", "plan:overview", "plan:upload"}):
        answer = client.get(address(name), {"org": office.code})
        assert answer.status_code == 404 or office.name not in answer.content.decode(), name


def test_a_school_sees_its_own_and_no_other(client, address, school_director, school, other_school, office):
    client.force_login(school_director)
    assert client.get(reverse("desk:school", args=[school.code])).status_code == 200
    assert client.get(reverse("desk:school", args=[other_school.code])).status_code == 404
    for org, status in ((school, 200), (other_school, 404), (office, 404)):
        for name in ("desk:indicator", "desk:why", "desk:indicator_schools", "desk:indicator_map"):
            answer = client.get(reverse(name, args=[ID]), {"org": org.code})
            assert answer.status_code == status, (name, org)
            assert other_school.name not in answer.content.decode()
    for name in ("desk:home", "desk:schools", "desk:quality", "desk:actions", "desk:changes"):
        assert other_school.name not in client.get(reverse(name)).content.decode()


def test_a_school_does_not_find_the_pupils_of_another(client, school_director, other_school, pupil_at, plan):
    elsewhere = pupil_at(other_school, "ธนกร", "แสงทอง")
    client.force_login(school_director)
    assert "แสงทอง" not in client.get(reverse("desk:people"), {"q": "ธนกร"}).content.decode()
    assert client.get(reverse("desk:person", args=[elsewhere.ref])).status_code == 404
    answer = client.post(reverse("desk:people_by_identifier"), {"identifier": elsewhere.number}, follow=True)
    assert "แสงทอง" not in answer.content.decode()


def test_a_role_without_lists_of_people_has_no_people_pages(client, someone, office, address):
    client.force_login(someone("supervisor", office))
    for name in ("desk:people", "desk:person", "desk:person_trail"):
        assert client.get(address(name)).status_code == 404
    assert client.post(address("desk:people_by_identifier"), {"identifier": "1"}).status_code == 404


def test_who_reads_the_plan_cannot_change_it(client, address, director):
    client.force_login(director)
    for name in sorted(WRITES):
        if name.startswith("plan:"):
            assert client.post(address(name), {"kind": "mission", "text": "x"}).status_code == 404, name
    assert client.get(address("plan:adopt")).status_code == 404
    assert client.post(address("plan:item"), {"kind": "tactic", "text": "x"}).status_code == 404
    assert client.post(address("plan:binding"), {"indicator": ID}).status_code == 404


def test_a_reference_that_nobody_has_does_not_exist(client, planner, plan):
    client.force_login(planner)
    assert client.get(reverse("desk:person", args=[uuid.uuid4()])).status_code == 404
    for name in ("desk:indicator", "desk:why", "desk:indicator_schools"):
        assert client.get(reverse(name, args=["moon_phase"])).status_code == 404
    assert client.get(reverse("desk:indicator", args=[ID]), {"period": "someday"}).status_code == 404
