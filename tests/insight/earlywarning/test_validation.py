"""Whether a model may make the list: years that are over, schools never seen, and the rules at the same caseload."""

from datetime import date

import numpy as np
import pytest

from khet.core.catalogue.loader import read, shipped
from khet.insight.earlywarning.cohort import Cohort
from khet.insight.earlywarning.columns import column, inputs_of
from khet.insight.earlywarning.explaining import raised
from khet.insight.earlywarning.listing import made_list
from khet.insight.earlywarning.order import by_rule
from khet.insight.earlywarning.validation import judge, past_of, to_learn_from
from khet.insight.earlywarning.vocabulary import FEATURES

RULES = read([shipped()]).get("warning", "abc-2568")


def made_up(year, *, pupils=1200, told_by_rules=False, lost_share=0.06, ended=True, seed=0):
    """A year of pupils at 24 schools.

    Who is lost hangs on last year's absence and moves, which the plain rules do not count, or on days lost, which they
    do; the rest is luck.
    """
    draw = np.random.default_rng(1000 * year + seed)
    features = {name: np.full(pupils, np.nan) for name in FEATURES}
    features["absent_share"] = draw.gamma(1.0, 5.0, pupils)
    features["absent_before"] = draw.gamma(1.5, 4.0, pupils)
    features["moves"] = draw.integers(0, 4, pupils).astype(float)
    features["mean_grade"] = np.clip(draw.normal(2.9, 0.5, pupils), 0, 4)
    features["grade_number"] = draw.integers(1, 10, pupils).astype(float)
    features["school_size"] = np.full(pupils, 50.0)
    features["stopped"] = np.zeros(pupils)
    signal = features["absent_share"] / 4 if told_by_rules else features["absent_before"] / 3 + 1.1 * features["moves"]
    chance = 1 / (1 + np.exp(-(signal - np.quantile(signal, 1 - lost_share)) * 2.2))
    groups = {
        "sex": np.array(["m", "f"], dtype=object)[draw.integers(0, 2, pupils)],
        "disabled": np.full(pupils, None, dtype=object),
        "disadvantaged": np.array([True, False], dtype=object)[draw.integers(0, 2, pupils)],
    }
    number = np.arange(pupils)
    return Cohort(
        year, date(year, 11, 28), year * 10_000 + number, number, number % 24, features, groups,
        (draw.random(pupils) < chance).astype(float) if ended else None, hanging=np.zeros(pupils),
    )  # fmt: skip


@pytest.fixture(scope="module")
def better():
    """The card of an office whose model sees what the rules do not."""
    cohorts = [made_up(year) for year in (2021, 2022, 2023, 2024)]
    return judge(past_of(cohorts, RULES.least_history), RULES, 0.05)


def test_the_model_learns_up_to_two_years_before_and_is_judged_on_the_last(better):
    assert (better["learnt"], better["year"], better["gap"]) == ([2021, 2022], 2024, 2)


def test_a_model_that_finds_more_of_the_lost_at_the_same_caseload_makes_the_list(better):
    assert better["why"] == ""
    assert better["against_rule"]["interval"][0] > 0
    assert better["model"]["recall_at_k"] > 2 * better["rule"]["recall_at_k"]
    assert 0.7 < better["model"]["calibration"]["slope"] < 1.4


def test_it_is_also_judged_at_schools_it_has_not_learnt_from(better):
    assert better["unseen"]["auc"] > 0.8
    assert better["unseen"]["recall_at_k"] > better["rule"]["recall_at_k"]


def test_groups_are_compared_and_one_that_nobody_recorded_is_left_out(better):
    assert set(better["groups"]) == {"sex", "disadvantaged"}
    low, high = better["groups"]["sex"]["m"]["gap_interval"]
    assert low < 0 < high


def test_a_model_that_is_not_better_makes_no_list():
    cohorts = [made_up(year, told_by_rules=True) for year in (2021, 2022, 2023)]
    card = judge(past_of(cohorts, RULES.least_history), RULES, 0.05)
    assert card["why"] == "not_better"
    assert card["rule"]["recall_at_k"] > 0.3


def test_with_fewer_than_thirty_lost_pupils_no_model_is_tried():
    cohorts = [made_up(year, pupils=300, lost_share=0.05, told_by_rules=True) for year in (2022, 2023)]
    assert cohorts[1].ended.sum() >= 10
    cohorts[0].ended[np.flatnonzero(cohorts[0].ended)[20:]] = 0
    card = judge(past_of(cohorts, RULES.least_history), RULES, 0.05)
    assert card["why"] == "thin_history"
    assert "model" not in card


def test_without_a_year_that_is_over_nothing_is_judged():
    assert past_of([made_up(2024, ended=False)], 30) is None
    assert judge(None, RULES, 0.05) == {"why": "no_past"}


def test_one_year_back_only_where_two_are_too_little():
    early, late = made_up(2022, pupils=400), made_up(2023)
    early.ended[:] = 0
    assert to_learn_from([early, late], 2024, 30) == ([early, late], 1)
    assert to_learn_from([late], 2024, 10_000) == ([], 0)


def test_who_had_stopped_coming_is_neither_learnt_from_nor_foreseen():
    cohort = made_up(2024)
    cohort.features["stopped"][:100] = 1
    assert len(inputs_of(RULES, [cohort])[0].codes) == 1100


def test_no_group_is_an_input():
    assert {one.name for one in inputs_of(RULES, [made_up(2024)])} <= set(FEATURES) - {"stopped"}


def test_the_list_by_model_has_chances_reasons_and_no_more_than_the_capacity():
    cohorts = [*(made_up(year) for year in (2021, 2022)), made_up(2024, ended=False)]
    found = made_list(RULES, cohorts, 40, overruled=set(), use_model=True)
    assert found.by_model
    assert len(found.listed) == 40
    chances = [one.detail["chance"] for one in found.listed]
    assert chances == sorted(chances, reverse=True)
    named = {name for one in found.listed for name, _value in one.detail["inputs"]}
    assert {"absent_before", "moves"} <= named
    shares = [school["share"] for school in found.schools]
    assert shares == sorted(shares, reverse=True)


def test_where_too_little_was_learnt_the_rules_make_the_list_whatever_is_wished():
    now = made_up(2024, ended=False)
    found = made_list(RULES, [now], 40, overruled=set(), use_model=True)
    assert not found.by_model
    order = {int(now.enrolments[row]): value for row, value in enumerate(by_rule(RULES, now))}
    values = [order[one.enrolment] for one in found.listed]
    assert values == sorted(values, reverse=True)


def test_what_raised_a_chance_is_what_was_worse_before():
    draw = np.random.default_rng(1)
    bad, luck = draw.integers(0, 2, 2000).astype(float), draw.normal(size=2000)
    y = (draw.random(2000) < np.where(bad > 0, 0.4, 0.05)).astype(float)
    rows = np.arange(2000)
    found = raised([column("bad", bad), column("luck", luck)], y, rows, rows)
    assert found[int(np.flatnonzero(bad > 0)[0])][0] == "bad"
    assert all("bad" not in names for names, value in zip(found, bad, strict=True) if value == 0)


def test_columns_keep_numbers_words_and_what_is_empty():
    numbers = column("a", np.array([2.0, np.nan, 1.5, 2.0]))
    np.testing.assert_array_equal(numbers.numbers, [2.0, np.nan, 1.5, 2.0])
    words = column("b", np.array(["x", None, True], dtype=object))
    assert [words.levels[code] if code >= 0 else None for code in words.codes] == ["x", None, "True"]
