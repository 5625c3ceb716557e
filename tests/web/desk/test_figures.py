import pytest
from django.urls import reverse

from khet.facts.services import build
from khet.kit.periods import Period, fiscal_year
from khet.registers.figures.models import Figure

PAGE = reverse("desk:figures")


@pytest.fixture
def year():
    from django.utils import timezone

    return fiscal_year(timezone.localdate()).code


@pytest.fixture
def grid(client, planner, plan):
    """grid(user) signs in and returns the client, in English."""

    def sign_in(user):
        client.force_login(user)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


def field(org, measure, period, group=""):
    return f"{org.code}|{measure}|{group}|{period}"


def test_figures_typed_in_the_grid_are_saved_and_reach_the_indicator(grid, planner, office, year):
    client = grid(planner)
    data = {
        "org": office.code,
        field(office, "satisfaction_answers", year): "๒๐๐",
        field(office, "satisfaction_points", year): "920",
    }
    assert client.post(PAGE, data).status_code == 302
    assert set(Figure.objects.values_list("measure", "value")) == {
        ("satisfaction_answers", 200), ("satisfaction_points", 920)
    }  # fmt: skip
    build()
    assert "92.00" in client.get(reverse("desk:indicator", args=["service_satisfaction"])).content.decode()


def test_an_emptied_cell_withdraws_its_figure(grid, planner, office, year):
    client, name = grid(planner), field(office, "ita_total", year)
    client.post(PAGE, {"org": office.code, name: "88"})
    client.post(PAGE, {"org": office.code, name: ""})
    assert not Figure.objects.exists()


@pytest.mark.parametrize("typed", ["many", "101", "-1"])
def test_one_wrong_figure_keeps_all_from_being_saved_and_is_marked(grid, planner, office, year, typed):
    data = {"org": office.code, field(office, "ita_total", year): typed, field(office, "ita_iit", year): "90"}
    answer = grid(planner).post(PAGE, data)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Figure.objects.exists()
    assert page.count("is-invalid") == 1 and f'value="{typed}"' in page


def test_a_field_of_another_org_or_measure_is_not_saved(grid, school_director, school, other_school, year):
    period = Period("academic_year", 2024).code
    client = grid(school_director)
    client.post(PAGE, {"org": school.code, field(other_school, "external_assessed", period): "1"})
    client.post(PAGE, {"org": school.code, field(school, "pmqa_total", year): "400"})
    assert not Figure.objects.exists()
    assert client.post(PAGE, {"org": other_school.code}).status_code == 404


def test_a_measure_is_typed_for_all_schools_at_once(grid, planner, office, school, other_school, third_school):
    client = grid(planner)
    page = client.get(PAGE, {"org": office.code, "measure": "external_assessed"}).content.decode()
    for org in (school, other_school, third_school):
        assert org.name in page
    period = Period("academic_year", 2025).code
    data = {"org": office.code, "measure": "external_assessed"}
    data |= {field(org, "external_assessed", period): "1" for org in (school, third_school)}
    client.post(PAGE, data)
    assert set(Figure.objects.values_list("org__code", flat=True)) == {school.code, third_school.code}
    assert client.get(PAGE, {"org": office.code, "measure": "pupils"}).status_code == 404


def test_who_may_not_enter_figures_has_no_such_page(client, director, plan):
    client.force_login(director)
    assert client.get(PAGE).status_code == 404
