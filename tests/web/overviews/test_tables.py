"""Lists of cases: open answers only, sums of a round, and nothing of what the viewer may not see."""

import pytest
from django.urls import reverse
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.engines.cases import services as cases
from khet.engines.cases.schema.kept import of_catalogue
from khet.engines.cases.services.beginning import Beginning
from khet.kit.thai import name_key
from khet.registers.people.models import Person
from khet.web.overviews import tables

TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.KHET_SECOND_FACTOR = False


def request(name, school, by, round_="2568-1", **answers):
    person = Person.objects.create(first_name=name, last_name="ใจดี", name_key=name_key(name, "ใจดี"), org=school)
    said = {"coupon_round": round_, "requested_on": TODAY().isoformat(), "main_type": "autism"} | answers
    return cases.begin(catalogue().get("case_kind", "coupon_2568"), Beginning(school, said, person=person), by=by)


def shown(viewer, id="coupons", chosen=""):
    return tables.table(viewer, catalogue().get("case_table", id), chosen, TODAY())


def test_a_round_is_counted_and_added_up(school, school_director, promoter):
    request("ก", school, school_director, item_baht=1500, service_baht=500)
    request("ข", school, school_director, item_baht=900)
    request("ค", school, school_director, "2568-2", item_baht=100)
    found = shown(promoter, chosen="2568-1")
    sums = dict(zip([one.id for one in found.columns], found.sums, strict=True))
    assert (len(found.rows), sums["item_baht"], sums["service_baht"], sums["requested_on"]) == (2, 2400, 500, None)
    assert len(shown(promoter).rows) == 3 and [one.points for one in found.ceilings] == [2000, 1000, 5]


def test_the_type_of_disability_stands_in_no_list(school, school_director, promoter, client_for):
    request("ก", school, school_director)
    for definition in catalogue().all("case_table"):
        kind = next(one for one in catalogue().all("case_kind") if one.family == definition.family)
        fields = of_catalogue(kind).fields
        assert not [id for id in (*definition.columns, definition.by) if id and fields[id].sensitive], definition.id
    body = client_for(promoter).get(reverse("overviews:table", args=["coupons"])).content.decode()
    assert "ออทิสติก" not in body and "ก ใจดี" in body


def test_who_sees_no_such_case_finds_no_such_list(school, school_director, other_school, someone, client_for, director):
    request("ก", school, school_director)
    for one in (director, someone("school_director", other_school), someone("teacher", school)):
        assert client_for(one).get(reverse("overviews:table", args=["coupons"])).status_code == 404


def test_a_plan_of_a_circle_stands_by_its_number_and_for_members(school, school_director, promoter, client_for):
    person = Person.objects.create(first_name="กานดา", last_name="ใจดี", name_key="k", org=school)
    answers = {"main_type": "learning", "certified": "none", "guardian_agrees": True}
    kind = catalogue().get("case_kind", "iep_2568")
    case = cases.begin(kind, Beginning(school, answers, person=person), by=school_director)
    address = reverse("overviews:table", args=["iep"])
    body = client_for(school_director).get(address).content.decode()
    assert case.number in body and "กานดา" not in body
    assert client_for(promoter).get(address).status_code == 404


def test_the_teacher_who_begins_a_plan_is_in_its_circle_and_another_is_not(school, someone, client_for):
    mine, other = someone("teacher", school, "mine"), someone("teacher", school, "other")
    person = Person.objects.create(first_name="กานดา", last_name="ใจดี", name_key="k", org=school)
    answers = {"main_type": "learning", "certified": "none", "guardian_agrees": True}
    kind = catalogue().get("case_kind", "iep_2568")
    case = cases.begin(kind, Beginning(school, answers, person=person), by=mine)
    assert case.members.get(user=mine).role == "teacher"
    assert client_for(mine).get(reverse("cases:case", args=[case.ref])).status_code == 200
    assert client_for(other).get(reverse("cases:case", args=[case.ref])).status_code == 404
