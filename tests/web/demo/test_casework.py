"""The office's cases: who is in no school is known to the made-up world, and the plan's number is held against it."""

from collections import Counter

import pytest
from django.utils import timezone

from khet.core.accounts.models import User
from khet.core.orgs.queries import default_office
from khet.engines.cases.models import Case
from khet.facts.services import refresh
from khet.insight.indicators.queries import values
from khet.web.demo import casework
from khet.web.demo.build import build_demo
from khet.web.demo.marker import Marker
from khet.web.demo.world import make_world
from tests.web.demo.conftest import TODAY

pytestmark = pytest.mark.django_db
LAWFUL = {"elsewhere", "flexible", "service", "moved", "abroad", "deceased", "passed", "aged_out"}


@pytest.fixture
def where():
    """{hash: other | nowhere} of a filled office, and its cases begun."""
    wanted = Marker(schools=10, pupils=900, years=1, seed=7, today=TODAY.isoformat())
    build_demo(wanted, lambda words: None)
    world = make_world(schools=10, pupils=900, years=1, seed=7, today=TODAY)
    return casework.whereabouts(world, world.years[-1])


def number(reading: str) -> float:
    director = User.objects.get(username="director")
    readings = {"out_of_school": reading}
    [value] = values(director, org=default_office(), indicators=["out_of_school"], readings=readings)
    return value.value


def test_the_number_is_the_truth_but_for_whom_nobody_has_followed_yet(where):
    before = number("less_lawful_ground") if number("less_lawful_ground") is not None else number("in_no_known_school")
    begun = casework.begin(default_office(), TODAY, 7, where)
    refresh()
    cases = list(Case.objects.filter(edition__family="return_to_school").select_related("edition"))
    assert begun == len(cases) > 5
    lawful = [case for case in cases if case.state in LAWFUL]
    assert lawful and number("less_lawful_ground") == number("in_no_known_school") - len(lawful)
    truth = Counter(where.get(case.listed, "ours") for case in lawful)
    assert truth["ours"] == 0  # a child who was on a roll is closed by matching, never by a ground
    assert before == number("in_no_known_school")


def test_a_false_alarm_is_never_counted_as_brought_back(where):
    casework.begin(default_office(), TODAY, 7, where)
    brought = Case.objects.filter(state__in=("placed", "enrolled", "staying", "flexible", "flexible_staying"))
    assert brought.exists()
    assert {where.get(case.listed) for case in brought} == {"nowhere"}


def test_some_wait_and_some_are_late_and_each_is_with_a_school_of_the_office(where):
    casework.begin(default_office(), TODAY, 7, where)
    rows = Case.objects.open().filter(edition__family="return_to_school")
    assert rows.filter(due_at__lt=timezone.now()).exists()
    assert all(case.org.is_under(case.office) for case in rows.select_related("org", "office"))
    assert all(case.answers.get("source_list") == "civil" for case in rows)
