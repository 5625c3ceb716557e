"""From the list behind a red number to cases: handed out once, to the school that knows the child or is near."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.engines.cases.models import Case
from khet.engines.cases.services import begin, move
from khet.engines.cases.services.beginning import Beginning
from khet.facts.services import build
from khet.kit.periods import Period
from khet.kit.secrets import keyed_hash
from khet.registers.people.models import PERSON_ID, Enrolment, Identifier, Person
from khet.registers.residents.models import Resident
from khet.registers.schools.models import School
from tests.web.desk.conftest import national_id

pytestmark = pytest.mark.django_db


def listed(office, serial, name, subdistrict, birth=date(2015, 3, 1)):
    number = national_id(serial)
    return Resident.objects.create(
        org=office, list_date=date(2025, 6, 1), first_name=name, last_name="ในทะเบียน", name_key=name, sex="f",
        birth_date=birth, identifier=number, identifier_hash=keyed_hash(number, PERSON_ID), subdistrict=subdistrict,
        district="เมือง", province="พะเยา",
    )  # fmt: skip


@pytest.fixture
def children(office, school, other_school, pupil_at):
    """Two children on no roll of 2025: one was at a school before, one lives near another; somebody is on a roll."""
    for place, subdistrict in ((school, "บ้านเหนือ"), (other_school, "บ้านใต้")):
        School.objects.create(org=place, subdistrict=subdistrict, district="เมือง")
    here = Person.objects.create(first_name="อยู่", last_name="โรงเรียน", name_key="อยู่", org=school)
    Enrolment.objects.create(person=here, school=school, year=2025, grade="ป.1")
    was, near = listed(office, 101, "เคยเรียน", "บ้านใต้"), listed(office, 102, "ใกล้", "บ้านใต้")
    gone = Person.objects.create(first_name="เคยเรียน", last_name="ในทะเบียน", name_key="เคยเรียน", org=school)
    Identifier.objects.create(person=gone, kind="national_id", value=national_id(101), value_hash=was.identifier_hash)
    Enrolment.objects.create(person=gone, school=school, year=2023, grade="ป.1", left=date(2024, 2, 1))
    build()
    return was, near


@pytest.fixture
def begun_at_school(children, school, promoter):
    """The case that is begun about the former pupil before the list is looked at."""
    kind = catalogue().get("case_kind", "return_to_school_2568")
    gone = Person.objects.get(first_name="เคยเรียน")
    return begin(kind, Beginning(org=school, person=gone), by=promoter)


ADDRESS = "/indicators/out_of_school/list/"


def test_the_list_is_handed_out_once_to_the_last_school_or_one_nearby(
    client_for, promoter, office, school, other_school, children
):
    client = client_for(promoter)
    page = client.get(ADDRESS, {"org": office.code}).content.decode()
    assert "ใกล้" in page and 'name="child"' in page
    client.post(f"{ADDRESS}cases/", {"org": office.code, "all": "1"})
    places = {case.listed: case.org for case in Case.objects.all()}
    assert places == {children[0].identifier_hash: school, children[1].identifier_hash: other_school}
    assert {case.about for case in Case.objects.all()} == {office}
    client.post(f"{ADDRESS}cases/", {"org": office.code, "all": "1"})
    assert Case.objects.count() == 2
    page = client.get(ADDRESS, {"org": office.code}).content.decode()
    assert 'name="child"' not in page and f"/cases/{Case.objects.first().ref}/" in page


def test_who_was_found_elsewhere_is_not_handed_out_again_before_a_newer_list(client_for, promoter, office, children):
    client = client_for(promoter)
    client.post(f"{ADDRESS}cases/", {"org": office.code, "child": [str(children[1].ref)]})
    case = Case.objects.get()
    answers = {"found_on": "2025-11-01", "affiliation": "private", "place_name": "ก", "proof": "letter"}
    move(case, "find_elsewhere", by=promoter, answers=answers)
    page = client.get(ADDRESS, {"org": office.code}).content.decode()
    assert f'value="{children[1].ref}"' not in page and f"/cases/{case.ref}/" in page
    client.post(f"{ADDRESS}cases/", {"org": office.code, "all": "1"})
    assert Case.objects.filter(listed=children[1].identifier_hash).count() == 1
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.make_aware(datetime(2025, 5, 1)))
    client.post(f"{ADDRESS}cases/", {"org": office.code, "child": [str(children[1].ref)]})
    assert Case.objects.filter(listed=children[1].identifier_hash).count() == 2


def test_only_the_chosen_and_only_by_who_may(client_for, promoter, planner, stranger, office, children):
    chosen = {"org": office.code, "child": [str(children[1].ref)]}
    for user in (planner, stranger):
        assert client_for(user).post(f"{ADDRESS}cases/", chosen).status_code == 404
    client_for(promoter).post(f"{ADDRESS}cases/", chosen)
    assert [case.listed for case in Case.objects.all()] == [children[1].identifier_hash]


def test_a_red_number_opens_the_inbox_that_mends_it(client_for, promoter, planner, office, children):
    page = client_for(promoter).get("/indicators/out_of_school/", {"org": office.code}).content.decode()
    assert "/cases/?kind=return_to_school" in page
    assert "/cases/?kind=" not in client_for(planner).get("/indicators/out_of_school/").content.decode()


def test_the_number_says_what_the_matching_leaves_open(client_for, promoter, office, children):
    page = client_for(promoter).get("/indicators/out_of_school/", {"org": office.code}, HTTP_ACCEPT_LANGUAGE="th")
    assert "ตัดสินคู่" in page.content.decode() or "Judge the pairs" in page.content.decode()
    from khet.web.desk.queries.uncertain import of_value

    period = Period("academic_year", 2025)
    found = of_value(office, period, ["compulsory_unmatched"])
    assert (found.unmatched, found.matched_at) == (2, None)
    assert of_value(office, period, ["harm_incidents"]) is None and of_value(office.parent, period, []) is None


def test_a_child_whom_a_school_follows_already_is_not_handed_out_again(
    client_for, promoter, office, children, begun_at_school
):
    was, near = children
    assert (begun_at_school.listed, begun_at_school.subdistrict) == (was.identifier_hash, was.subdistrict)
    client_for(promoter).post(f"{ADDRESS}cases/", {"org": office.code, "all": "1"})
    assert {case.listed for case in Case.objects.exclude(pk=begun_at_school.pk)} == {near.identifier_hash}
