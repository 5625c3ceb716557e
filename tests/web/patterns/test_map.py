"""The cases of a kind by school: the rate of a year and a group, what is withheld, and who sees it."""

from datetime import date

import pytest
from django.urls import reverse

from khet.core.catalogue import catalogue
from khet.facts.services import refresh
from khet.insight.indicators import queries
from khet.kit.periods import Period
from khet.registers.figures.services import set_figure
from khet.registers.schools.models import School
from khet.web.patterns import places

pytestmark = pytest.mark.django_db
YEAR = Period("academic_year", 2025)
PAGE, MAP = "/patterns/safety/map/", "/patterns/safety/map.json"


@pytest.fixture
def told(school, other_school, system):
    """Twelve incidents of 300 pupils at one school, two of 40 at the other."""
    for org, pupils, groups in ((school, 300, {"violence": 2, "accident": 10}), (other_school, 40, {"accident": 2})):
        set_figure(org, "pupils", YEAR, pupils, by=system)
        for group in ("violence", "accident", "rights", "other"):
            set_figure(org, "harm_incidents", YEAR, groups.get(group, 0), by=system, group=group)
    set_figure(school, "harm_incidents", YEAR.previous(), 3, by=system, group="accident")
    set_figure(school, "pupils", YEAR.previous(), 310, by=system)
    refresh()


@pytest.fixture
def on_the_map(school, other_school):
    for n, org in enumerate((school, other_school)):
        School.objects.update_or_create(org=org, defaults={"latitude": 19.0 + n / 10, "longitude": 100.0})


def rates(viewer, kind, office, **asked):
    shown = places.by_school(viewer, office, places.rate_of(kind), YEAR, **asked)
    return {row.value.org: "withheld" if row.value.suppressed else row.value.value for row in shown.rows}


def test_the_rate_of_a_kind_is_what_it_counts_by_group_for_so_many_pupils(kind):
    assert places.rate_of(kind) == "pupil_harm_rate"
    assert places.rate_of(catalogue().get("case_kind", "return_to_school_2568")) is None


def test_all_kinds_and_one_of_them_by_hand(told, kind, office, school, other_school, safety_officer):
    assert rates(safety_officer, kind, office) == {school.code: 40, other_school.code: 50}
    assert rates(safety_officer, kind, office, group="violence") == {
        school.code: pytest.approx(20 / 3),
        other_school.code: 0,
    }
    assert rates(safety_officer, kind, office, group="nonsense") == {school.code: 40, other_school.code: 50}


def test_a_kind_that_is_withheld_takes_the_other_kinds_of_its_school_with_it(
    told, kind, office, school, other_school, someone
):
    reader = someone("supervisor", office, "reader")
    assert rates(reader, kind, office, group="violence") == {school.code: "withheld", other_school.code: 0}
    assert rates(reader, kind, office, group="accident") == {school.code: "withheld", other_school.code: "withheld"}
    assert rates(reader, kind, office, group="rights") == {school.code: 0, other_school.code: 0}


def test_a_single_school_that_is_withheld_has_a_second_beside_it_on_every_page(
    told, kind, office, cluster, school, other_school, someone, system
):
    """Of accidents the second school alone is small: the total of accidents less the first would tell it."""
    set_figure(other_school, "harm_incidents", YEAR, 30, by=system, group="violence")
    set_figure(school, "harm_incidents", YEAR, 25, by=system, group="violence")
    set_figure(other_school, "harm_incidents", YEAR, 12, by=system, group="other")
    set_figure(school, "harm_incidents", YEAR, 14, by=system, group="other")
    refresh()
    reader = someone("supervisor", office, "reader")
    shown = {group: rates(reader, kind, office, group=group) for group in ("violence", "accident", "rights", "other")}
    hidden = {(org, group) for group, row in shown.items() for org, rate in row.items() if rate == "withheld"}
    assert hidden == {(org.code, group) for org in (school, other_school) for group in ("accident", "other")}
    for org in (school, other_school):  # its own page keeps the same cells to itself
        own = queries.values(reader, org=org, indicators=["pupil_harm"], period=YEAR, by="group")
        assert {(org.code, one.dims["group"]) for one in own if one.suppressed} == {
            h for h in hidden if h[0] == org.code
        }
    whole = queries.values(reader, org=office, indicators=["pupil_harm"], period=YEAR, by="group")
    assert {one.dims["group"]: one.value for one in whole} == {"violence": 55, "accident": 12, "rights": 0, "other": 26}


def test_the_map_and_its_table_tell_the_same(told, on_the_map, school, other_school, safety_officer, client_for):
    client = client_for(safety_officer)
    drawn = client.get(MAP, {"period": YEAR.code, "group": "accident"}).json()["features"]
    said = {one["properties"]["name"]: one["properties"] for one in drawn}
    assert said[str(school)]["value"].startswith("33.33") and said[str(other_school)]["value"].startswith("50.00")
    assert said[str(other_school)]["step"] > said[str(school)]["step"]
    text = client.get(PAGE, {"period": YEAR.code, "group": "accident"}).content.decode()
    assert "33.33" in text and "50.00" in text and f"{MAP}?" in text and "data-map" in text
    assert "3.00" not in text and "9.68" in client.get(PAGE, {"period": YEAR.previous().code}).content.decode()


def test_a_school_as_a_whole_is_linked_and_nobody_is_named(told, on_the_map, school, safety_officer, client_for):
    drawn = client_for(safety_officer).get(MAP, {"period": YEAR.code}).json()["features"]
    assert {one["properties"]["href"] for one in drawn} >= {reverse("desk:school", args=[school.code])}
    assert all(set(one["properties"]) <= {"name", "value", "word", "status", "step", "href"} for one in drawn)


@pytest.mark.parametrize("language", ["th", "en"])
def test_without_a_map_the_page_says_so_and_the_table_stands(told, safety_officer, client_for, language):
    safety_officer.language = language
    safety_officer.save()
    text = client_for(safety_officer).get(PAGE, {"period": YEAR.code}).content.decode()
    assert "data-map" not in text and "40.00" in text
    assert ("No place of a school is known" in text) is (language == "en")


def test_without_a_figure_the_page_says_so(safety_officer, client_for, office):
    refresh()
    answer = client_for(safety_officer).get(PAGE)
    assert answer.status_code == 200 and "<table" not in answer.content.decode().split("<main")[1].split("</main>")[0]


def test_only_who_answers_for_them_at_the_office_finds_it(
    told, director, school_director, administrator, planner, stranger, client_for
):
    assert client_for(director).get(PAGE).status_code == 200
    for somebody in (school_director, administrator, planner, stranger):
        for page in (PAGE, MAP):
            assert client_for(somebody).get(page).status_code == 404


def test_another_office_stands_on_no_map_of_ours(told, on_the_map, stranger_office, someone, client_for):
    there = client_for(someone("safety_officer", stranger_office, "there"))
    assert there.get(MAP).json()["features"] == []


def test_a_period_that_cannot_be_read_does_not_exist(told, safety_officer, client_for):
    assert client_for(safety_officer).get(PAGE, {"period": "nonsense"}).status_code == 404
    assert (
        client_for(safety_officer)
        .get(PAGE, {"period": Period("academic_year", date.today().year + 5).code})
        .status_code
        == 200
    )
