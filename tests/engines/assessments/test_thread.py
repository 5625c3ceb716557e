"""One thread from opening a round to the indicator of the plan."""

from datetime import date

import pytest

from khet.engines.assessments.models import Assessment, Round
from khet.engines.assessments.services import moving, rounds
from khet.engines.assessments.services.rating import answer_questions, rate
from khet.facts.services import refresh
from khet.insight.indicators import queries
from khet.insight.indicators.explain import explain
from khet.kit.periods import Period

FY = Period("fiscal_year", 2026)


@pytest.fixture
def assessed(office, planner, administrator):
    """The office's own round, answered: everything there but one Basic checkpoint of item 1.2."""
    round = rounds.prepare_round(office, "pmqa_4_2563", FY, by=administrator, due=date(2026, 2, 28))
    rounds.open_round(round, by=administrator)
    one = round.assessments.get()
    for node in one.framework.rated:
        number = one.framework.scale_of(node.id).options == ()
        answer = 100 if number else "no" if node.id == "1.2.b3" else "yes"
        rate(one, node.id, answer, layer="self", by=planner)
    answer_questions(one, {q.id: "…" for q in one.framework.questions}, by=planner)
    return one


def test_a_locked_result_is_the_number_of_the_plan_and_walks_back_to_the_result(
    assessed, planner, administrator, office
):
    moving.send(assessed, by=planner)
    moving.give_back(assessed, by=administrator, words="ขอหลักฐานข้อ 1.2")
    moving.send(assessed, by=planner)
    moving.finish_review(assessed, by=administrator)
    moving.sign(assessed, by=administrator)
    refresh()
    assert queries.value(planner, "pmqa_score", org=office, period=FY).value is None  # not final yet
    rounds.lock_round(assessed.round, by=administrator)
    refresh()
    assert queries.value(planner, "pmqa_score", org=office, period=FY).value == pytest.approx(489.29)
    assert queries.value(planner, "pmqa_level", org=office, period=FY).value == 3
    told = explain(planner, "pmqa_score", office, FY)
    assert [line.url for part in told.parts for line in part.lines] == [f"/assessments/{assessed.pk}/result/"]


def test_unlocking_takes_the_number_back(assessed, planner, administrator, office):
    moving.send(assessed, by=planner)
    moving.finish_review(assessed, by=administrator)
    moving.sign(assessed, by=administrator)
    rounds.lock_round(assessed.round, by=administrator)
    refresh()
    rounds.unlock_round(assessed.round, by=administrator, reason="พบข้อผิดพลาด")
    refresh()
    assert queries.value(planner, "pmqa_score", org=office, period=FY).value is None
    assert Round.objects.get().state == "closed"
    assert Assessment.objects.get().state == "signed"
