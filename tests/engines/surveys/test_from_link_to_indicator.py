"""The thread: a link, answers, a score, the plan's indicator and the way back to the round."""

import pytest
from django.urls import reverse

from khet.engines.surveys.results import result
from khet.engines.surveys.services import rounds
from khet.facts.services import build
from khet.insight.indicators import explain, queries
from khet.kit.periods import fiscal_year
from tests.engines.surveys.conftest import GOOD
from tests.engines.surveys.plain import walk


@pytest.fixture
def answered(running, client):
    """Ten people answered through the plain page."""
    url = reverse("answer:form", args=[running.token])
    for number in range(10):
        client.cookies.clear()
        sent = walk(client, url, GOOD | {"overall": "1" if number == 0 else "5"})
        assert (sent.status_code, sent["Location"]) == (302, f"{url}thanks/")
    running.refresh_from_db()
    return running


def test_answers_by_link_reach_the_plan_and_can_be_walked_back(answered, planner, office):
    assert answered.answered == 10
    closed = rounds.close(answered, by=planner)
    # 10 × (5+5+4+5+4+5+3+5) + 9 × 5 + 1 = 406 points of 90 answers; "did not use" counts nothing
    own = result(closed).own
    assert own.estimate.score == pytest.approx(100 * 406 / (5 * 90))
    build()
    value = queries.value(planner, "service_satisfaction", org=office, period=fiscal_year(closed.closes))
    assert value.value == pytest.approx(100 * 406 / (5 * 90))
    why = explain.explain(planner, "service_satisfaction", office, fiscal_year(closed.closes))
    lines = [line for part in why.parts for line in part.lines]
    assert {line.label for line in lines} == {closed.title}
    assert {line.value for line in lines} == {10.0}
    assert {line.url for line in lines} == {reverse("surveys:round", args=[closed.ref])}


def test_a_running_round_feeds_nothing(answered, planner, office):
    build()
    value = queries.value(planner, "service_satisfaction", org=office, period=fiscal_year(answered.closes))
    assert value.value is None


def test_a_round_thrown_away_feeds_nothing_any_more(answered, planner, office):
    rounds.close(answered, by=planner)
    build()
    rounds.discard(answered, by=planner, reason="ทดลอง")
    build()
    value = queries.value(planner, "service_satisfaction", org=office, period=fiscal_year(answered.closes))
    assert value.value is None
    assert not answered.urns.exists()
