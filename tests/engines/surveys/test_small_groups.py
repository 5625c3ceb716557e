"""Small groups stay hidden, and nothing that is shown lets them be worked out."""

from collections import Counter

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khet.core.catalogue import catalogue
from khet.engines.surveys.definition.files import form_of
from khet.engines.surveys.disclosure import hidden_cells, pooled
from khet.engines.surveys.gives import taken
from khet.engines.surveys.models import Round
from khet.engines.surveys.results import result, work_out
from khet.engines.surveys.scoring import Ballot
from khet.engines.surveys.services import casting, rounds, sheets
from tests.engines.surveys.conftest import GOOD

SAVINGS = "savings_2568"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 12), max_size=8), st.integers(3, 6))
def test_what_is_shown_leaves_nobody_or_enough(counts, small):
    shown, together = pooled(counts, small)
    rest = sum(counts.values()) - sum(counts[group] for group in shown)
    assert rest == sum(counts[group] for group in together)
    assert rest == 0 or rest >= small or not shown
    assert all(counts[group] >= small for group in shown)
    assert set(shown) | set(together) == {group for group, count in counts.items() if count}


@given(st.lists(st.integers(0, 12), min_size=2, max_size=7), st.integers(3, 6))
def test_hidden_counts_cannot_be_told_from_the_total(counts, small):
    hidden = hidden_cells(counts, small)
    unseen = [count for count, gone in zip(counts, hidden, strict=True) if gone]
    assert all(gone for count, gone in zip(counts, hidden, strict=True) if 0 < count < small)
    assert len(unseen) != 1


def test_a_round_of_few_shows_nothing_at_all(running, answer, planner, client_for):
    for _ in range(4):
        answer(running, better="ข้อความลับ")
    closed = rounds.close(running, by=planner)
    page = client_for(planner).get(reverse("surveys:results", args=[closed.ref])).content.decode()
    assert "ข้อความลับ" not in page and "survey-bars" not in page
    assert result(closed).too_few and not result(closed).scores
    assert _taken(closed) == []


def _taken(round):
    from khet.engines.surveys.facts import values

    return values(round.survey, [round])


def test_a_group_of_few_joins_another_on_the_page_and_in_the_facts(running, answer, planner):
    for who, times in (("parent", 9), ("citizen", 6), ("agency", 2)):
        for _ in range(times):
            answer(running, who=who)
    closed = rounds.close(running, by=planner)
    found = result(closed)
    assert [part.title for part in found.groups] == ["ผู้ปกครอง"]
    assert len(found.together) == 2
    groups = {one.group for one in _taken(closed)}
    assert groups == {"parent", None}


def test_the_question_that_tells_the_group_hides_small_counts_too(running, answer, planner):
    for who, times in (("parent", 9), ("citizen", 6), ("agency", 2)):
        for _ in range(times):
            answer(running, who=who)
    who = next(one for one in result(rounds.close(running, by=planner)).questions if one.question.id == "who")
    counts = {cell.title: cell.count for cell in who.cells}
    assert counts["หน่วยงานหรือผู้ประกอบการ"] is None and counts["ประชาชน"] is None
    assert counts["ผู้ปกครอง"] == 9


def test_a_question_that_few_were_asked_counts_nowhere(running, answer, planner):
    """Two visitors rated the place; with it in the mean, their marks would stand in a difference."""
    for _ in range(8):
        answer(running)
    for _ in range(2):
        casting.cast(
            running, GOOD | {"channel": "visit", "signs": "1", "comfort": "1"}, sheet=sheets.hand(running)
        )  # fmt: skip
    found = result(rounds.close(running, by=planner))
    shown = {one.question.id: one for one in found.questions}
    assert shown["signs"].hidden and shown["signs"].mean is None
    assert found.own.estimate.score == pytest.approx(100 * 40 / 45)
    assert next(part for part in found.dimensions if part.title.startswith("สถานที่")).mean is None


def test_a_second_round_of_one_person_changes_no_total_in_the_facts(opened, answer, planner):
    first, second = opened(), opened()
    for _ in range(9):
        answer(first)
    answer(second, overall="1")
    for round in (first, second):
        rounds.close(round, by=planner)
    from khet.engines.surveys.facts import values

    both = {(one.gives.measure, one.group): one.value for one in values(first.survey, [first, second])}
    alone = {(one.gives.measure, one.group): one.value for one in values(first.survey, [first])}
    assert both == alone


def test_a_confidential_survey_hides_small_counts_everywhere_and_shows_no_words(opened, planner):
    round = opened(SAVINGS, access="codes")
    codes = rounds.make_codes(round, 12, by=planner)
    for number, code in enumerate(codes):
        answers = {
            "post": "teacher", "keeps_account": "yes" if number < 10 else "no", "months_kept": number % 12 + 1,
            "saving_plan": "no", "net_pay": "under30" if number == 0 else "over50",
            "debts": [{"lender": "bank", "debt_band": "u100"}],
        }  # fmt: skip
        casting.cast(round, answers, sheet=sheets.from_code(round, code))
    found = result(rounds.close(round, by=planner))
    shown = {one.question.id: one for one in found.questions}
    assert [cell.count for cell in shown["keeps_account"].cells] == [None, None]
    assert [cell.count for cell in shown["net_pay"].cells] == [None, 0, None]
    assert shown["months_kept"].numbers is None
    assert "lender" not in shown, "what repeats is not counted by person"
    assert found.texts == {} and found.groups == ()


ballots = st.lists(
    st.tuples(st.sampled_from(["parent", "citizen", "agency"]), st.sampled_from(["1", "3", "5"])), max_size=25
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(ballots)
def test_whatever_is_answered_no_group_under_five_is_shown_or_fed(cast):
    survey = catalogue().get("survey", "service_satisfaction_2568")
    form = form_of(survey)
    made = [Ballot({"clear_steps": points}, who) for who, points in cast]
    counts = Counter(who for who, _ in cast)
    found = work_out(Round(own_title="x"), survey, form, made, {})
    assert found.too_few == (len(cast) < 5)
    titles = {str(group.title): group.code for group in survey.groups.of}
    for part in found.groups:
        assert counts[titles[part.title]] >= 5
    for one in taken(survey, form, [made], {}):
        assert one.group is None or counts[one.group] >= 5
