import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khet.plan.services import add_action
from khet.plan.services.moves import follow

HOME = reverse("desk:home")


@pytest.fixture
def page():
    """page(user) → the text of the home page, in English, in a browser of their own."""

    def get(user, **asked):
        client = Client()
        client.force_login(user)
        client.cookies["django_language"] = "en"
        answer = client.get(HOME, asked)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_the_plan_stands_there_with_every_strategy_and_indicator(page, planner, figures, plan):
    text = page(planner)
    for item in plan.items.filter(kind__in=("strategy", "indicator")):
        assert item.text in text
    assert "Near target" not in text and "Met" in text  # satisfaction is 92 of 90
    assert "No data" in text


def test_the_director_sees_first_what_is_not_met(page, director, figures):
    text = page(director)
    assert "Look at these first" in text
    first = text.index("Look at these first")
    assert "โรงเรียนผ่านการประเมินคุณภาพภายนอก" in text[first : text.index("k-strategy")]


def test_the_planner_sees_what_waits(page, planner, plan, office):
    from khet.plan.services import revise

    revise(plan, by=planner)
    add_action(office, "service_satisfaction", "โทรถามผู้รับบริการ", timezone.localdate(), by=planner, owner=planner)
    text = page(planner)
    assert "has not been adopted" in text and "โทรถามผู้รับบริการ" in text


def test_a_school_sees_its_own_values_of_the_offices_plan(page, school_director, school, figures):
    text = page(school_director)
    assert school.name in text
    assert "measured for the office as a whole" in text
    assert "100" in text  # the school's own result of the assessment


def test_before_a_plan_is_adopted_the_page_says_what_to_do(page, planner, director, office):
    assert "Add a plan document" in page(planner)
    assert "Add a plan document" not in page(director)


def test_an_account_without_a_role_is_told_so(page, office, db):
    from khet.core.accounts.models import User

    nobody = User.objects.create_user("nobody", full_name="nobody", org=office)
    assert "no role yet" in page(nobody)


def test_what_moved_since_the_last_visit_is_marked(page, planner, figures, office, system):
    from khet.facts.services import build
    from khet.kit.periods import Period
    from khet.registers.figures.services import set_figure

    follow()
    planner.last_visit = planner.visit_began = planner.seen_at = timezone.now()
    planner.save()
    set_figure(office, "satisfaction_points", Period("fiscal_year", 2024), 480, by=system)
    build()
    follow()
    assert "was 92 at your last visit" in page(planner)


@pytest.mark.parametrize("role", ["planner", "director", "school_director"])
def test_the_home_costs_few_queries(role, request, client, figures, planner, plan, django_assert_max_num_queries):
    from khet.plan.services import revise

    revise(plan, by=planner)  # something waits for the planner too
    client.force_login(request.getfixturevalue(role))
    client.get(HOME)
    with django_assert_max_num_queries(15):
        client.get(HOME)


def test_more_schools_and_items_cost_no_more_queries(client, director, figures, office, system, plan):
    from khet.core.orgs.services import create_org

    client.force_login(director)
    client.get(HOME)
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(HOME)
    for number in range(5):
        create_org("school", f"9001100{number}", f"โรงเรียนเพิ่ม {number}", office, by=system)
    client.get(HOME)
    with CaptureQueriesContext(connection) as after:
        client.get(HOME)
    assert len(after) == len(before)


def test_a_strategy_has_its_tactics_and_neighbours(client, planner, figures):
    client.force_login(planner)
    text = client.get(reverse("desk:strategy", args=[2])).content.decode()
    assert "ค้นหาเด็กที่ไม่ได้เรียน" in text
    assert reverse("desk:strategy", args=[1]) in text and reverse("desk:strategy", args=[3]) in text
    assert client.get(reverse("desk:strategy", args=[9])).status_code == 404
