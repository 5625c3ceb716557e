"""Which groups are reached: counts only, small ones hidden, and a difference is said only beyond chance."""

import pytest
from django.urls import reverse
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.engines.cases import services as cases
from khet.engines.cases.models import Case
from khet.engines.cases.services.beginning import Beginning
from khet.kit.periods import academic_year
from khet.registers.people.models import Enrolment, Person
from khet.web.overviews import equity

TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.KHET_SECOND_FACTOR = False


@pytest.fixture
def viewer(someone, office):
    return someone("viewer", office, "viewer")


@pytest.fixture
def pupils(school):
    """Forty girls and forty boys, half of each disadvantaged."""
    year, made = academic_year(TODAY()).year, []
    for number in range(80):
        sex = "f" if number < 40 else "m"
        person = Person.objects.create(
            first_name=f"น{number}", last_name="ใจดี", name_key=f"n{number}", sex=sex, org=school
        )
        Enrolment.objects.create(person=person, school=school, year=year, grade="ป.4", disadvantaged=number % 2 == 0)
        made.append(person)
    return made


def identify(persons, school, by):
    kind = catalogue().get("case_kind", "talent_2568")
    answers = {"talent_domain": "music", "noticed_on": TODAY().isoformat()}
    made = cases.begin_many(kind, [Beginning(school, answers, person=one) for one in persons], by=by)
    Case.objects.filter(pk__in=[one.pk for one in made]).update(state="identified")


def compared(viewer, org):
    whole, found = equity.comparisons(viewer, catalogue().get("equity", "talent"), org, TODAY())
    return whole, {one.title: {share.title: share for share in one.shares} for one in found}


def test_a_group_far_behind_is_told(pupils, school, teacher, school_director):
    identify(pupils[:12], school, teacher)
    whole, found = compared(school_director, school)
    assert (whole.pupils, whole.reached) == (80, 12)
    girls, boys = found["Sex"]["girls"], found["Sex"]["boys"]
    assert (girls.reached, girls.apart, boys.reached, boys.apart) == (12, "more", 0, "fewer")
    assert girls.rate == 30 and girls.low < 30 < girls.high


def test_a_difference_within_chance_is_none(pupils, school, teacher, school_director):
    identify([*pupils[:6], *pupils[40:45]], school, teacher)
    _whole, found = compared(school_director, school)
    assert {share.apart for share in found["Sex"].values()} == {""}


def test_small_counts_are_hidden_from_who_has_no_duty_there(pupils, school, office, teacher, viewer):
    identify([*pupils[:9], *pupils[40:43]], school, teacher)
    whole, found = compared(viewer, office)
    assert whole.reached == 12
    assert [share.reached for share in found["Sex"].values()] == [
        None,
        None,
    ]  # the second so that the first stays hidden
    assert {share.apart for share in found["Sex"].values()} == {""}


def test_only_what_was_identified_counts(pupils, school, teacher, school_director):
    identify(pupils[:3], school, teacher)
    Case.objects.update(state="by_test")
    whole, _found = compared(school_director, school)
    assert whole.reached == 0


def test_the_page_names_no_child_and_is_closed_to_another_office(
    pupils, school, office, teacher, viewer, stranger, client_for
):
    identify(pupils[:12], school, teacher)
    address = reverse("overviews:equity", args=["talent"])
    body = client_for(viewer).get(address).content.decode()
    assert "ใจดี" not in body
    assert client_for(stranger).get(f"{address}?org={school.code}").status_code == 404


def test_where_nobody_is_reached_the_page_says_so_and_leads_on(pupils, school, teacher, client_for):
    body = client_for(teacher).get(reverse("overviews:equity", args=["talent"])).content.decode()
    assert reverse("cases:choose") in body and "<table" not in body
