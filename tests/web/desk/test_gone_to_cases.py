"""Who was on a roll and is on none: false alarms out first, the rest handed to the school that had them last."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.orgs.services import close_org
from khet.engines.cases.models import Case
from khet.engines.cases.services import begin, move
from khet.engines.cases.services.beginning import Beginning
from khet.facts.services import build
from khet.kit.secrets import keyed_hash
from khet.registers.people.models import PERSON_ID, Person
from khet.registers.residents.gone import gone
from khet.registers.schools.models import School
from tests.facts.records import person, pupil, resident

pytestmark = pytest.mark.django_db
ADDRESS = "/indicators/dropout_rate/list/"


@pytest.fixture
def names():
    """{name: person} of pupils with the names that the stories use."""

    def named(first, school, **fields):
        made = person(school, **fields)
        Person.objects.filter(pk=made.pk).update(first_name=first, name_key=first)
        made.first_name = first
        return made

    return named


@pytest.fixture
def rolls(names, office, school, other_school, third_school, stranger_school):
    """Three who are gone, and each kind of false alarm."""
    for place in (school, other_school, third_school):
        School.objects.create(org=place, grades=["อ.2", "อ.3", "ป.1", "ป.2"])
    pupil(school, year=2024, who=names("ชั้นสูงสุด", school), grade="ป.2")
    pupil(school, year=2024, who=names("อนุบาล", school), grade="อ.2")
    pupil(school, year=2025, who=names("ค้าง", school), hanging=True)
    pupil(school, year=2025, who=names("ออก", school), left=date(2025, 9, 1), leave_reason="untraceable")
    pupil(other_school, year=2024, who=names("หาย", other_school))
    pupil(school, year=2025, who=names("อยู่", school))
    moved = names("ย้าย", school)
    pupil(school, year=2025, who=moved, left=date(2025, 9, 1))
    pupil(stranger_school, year=2025, who=moved, entered=date(2025, 9, 5))
    back = names("กลับ", school)
    pupil(school, year=2025, who=back, left=date(2025, 7, 1), leave_reason="untraceable")
    pupil(other_school, year=2025, who=back, entered=date(2025, 11, 1))
    up = names("เลื่อนชั้น", school)
    pupil(school, year=2024, who=up)
    pupil(school, year=2025, who=up, grade="ป.2")
    pupil(school, year=2024, who=names("จบ", school), grade="ป.6", left=date(2025, 3, 31), leave_reason="completed")
    pupil(third_school, year=2024, who=names("ยังไม่นำเข้า", third_school))
    pupil(school, year=2024, who=names("ตาย", school, deceased=date(2025, 1, 1)))
    pupil(school, year=2024, who=names("ต่างแดน", school, number="555"))
    resident(office, "555", 2015, listed="2025-05-20", status="abroad")
    build()


def listed(viewer, org, year=2025) -> dict[str, str]:
    return {one.enrolment.person.first_name: one.why for one in gone(org, year, viewer)}


def test_who_is_gone_is_listed_with_why_and_false_alarms_are_not(
    rolls, promoter, office, other_school, third_school, system
):
    assert listed(promoter, office) == {"ค้าง": "hanging", "ออก": "left", "หาย": "not_seen"}
    assert listed(promoter, other_school) == {"หาย": "not_seen"}
    assert listed(promoter, third_school) == {}, "a school without a roll of the year misses nobody"
    close_org(third_school, on=date(2025, 4, 1), by=system)
    assert listed(promoter, third_school) == {"ยังไม่นำเข้า": "not_seen"}


def test_a_school_sees_its_own_and_others_nothing(rolls, school_director, other_director, stranger, school, office):
    assert set(listed(school_director, office)) == {"ค้าง", "ออก"}
    assert listed(stranger, office) == {}


def test_the_list_behind_the_dropout_rate_is_handed_to_the_last_school_once(
    rolls, client_for, promoter, office, school, other_school
):
    client = client_for(promoter)
    page = client.get(ADDRESS, {"org": office.code, "period": "AY2025"}, HTTP_ACCEPT_LANGUAGE="th").content.decode()
    assert "ค้าง" in page and "แขวนลอย" in page and "เลื่อนชั้น" not in page
    for _again in range(2):
        client.post(f"{ADDRESS}cases/", {"org": office.code, "all": "1"})
    begun = {case.person.first_name: case for case in Case.objects.select_related("person", "org", "about")}
    assert {name: case.org for name, case in begun.items()} == {"ค้าง": school, "ออก": school, "หาย": other_school}
    assert all(case.answers["source_list"] == "dropped" and case.org == case.about for case in begun.values())
    page = client.get(ADDRESS, {"org": office.code}).content.decode()
    assert 'name="child"' not in page and f"/cases/{begun['ออก'].ref}/" in page


def test_a_child_who_is_followed_from_the_registration_list_is_not_handed_out_a_second_time(
    names, client_for, promoter, office, school
):
    who = names("สองทาง", school, number="777")
    pupil(school, year=2025, who=who, hanging=True)
    entry = resident(office, "777", 2015, listed="2025-05-20")
    build()
    kind = catalogue().get("case_kind", "return_to_school_2568")
    begin(kind, Beginning(org=office, resident=entry), by=promoter)
    client_for(promoter).post(f"{ADDRESS}cases/", {"org": office.code, "all": "1"})
    assert Case.objects.get().listed == keyed_hash("777", PERSON_ID)


def test_who_was_answered_this_year_is_asked_for_again_in_the_next(names, client_for, promoter, office, school):
    pupil(school, year=2025, who=names("ต่างสังกัด", school), hanging=True)
    build()
    client = client_for(promoter)
    client.post(f"{ADDRESS}cases/", {"org": office.code, "all": "1"})
    answers = {"found_on": "2025-11-01", "affiliation": "private", "place_name": "ก", "proof": "letter"}
    move(Case.objects.get(), "find_elsewhere", by=promoter, answers=answers)
    client.post(f"{ADDRESS}cases/", {"org": office.code, "all": "1"})
    assert Case.objects.count() == 1
    Case.objects.update(closed_at=timezone.make_aware(datetime(2024, 5, 1)))
    client.post(f"{ADDRESS}cases/", {"org": office.code, "all": "1"})
    assert Case.objects.count() == 2


def test_who_may_not_begin_such_cases_hands_out_nothing(rolls, client_for, planner, stranger, office):
    for user in (planner, stranger):
        assert client_for(user).post(f"{ADDRESS}cases/", {"org": office.code, "all": "1"}).status_code == 404
    assert not Case.objects.exists()
