"""Formulas, intervals and samples, each against a slow and obvious second way."""

import math
import random
from statistics import mean

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khet.core.catalogue import catalogue
from khet.engines.surveys.checking import fault
from khet.engines.surveys.definition.files import form_of
from khet.engines.surveys.sampling import finite, required, yamane
from khet.engines.surveys.schema import Sample
from khet.engines.surveys.scoring import Ballot, estimate, points, student, word_for

EXAMPLES = catalogue().all("survey_example")
SERVICE = catalogue().get("survey", "service_satisfaction_2568")
FORM = form_of(SERVICE)
SCORED = [question for part in SERVICE.dimensions for question in part.questions]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.id for example in EXAMPLES])
def test_a_worked_example_holds(example):
    assert fault(example, catalogue()) is None


def test_every_survey_has_a_worked_example():
    assert {example.survey for example in EXAMPLES} == set(catalogue().ids("survey"))


def test_an_example_that_does_not_hold_says_what_came_out():
    example = next(one for one in EXAMPLES if one.id == "service_2568_published")
    wrong = example.model_copy(update={"scores": {"f1_index": 95.0}})
    assert fault(wrong, catalogue()) == "f1_index: expected 95, worked out 85.66"
    assert "no formula" in fault(example.model_copy(update={"scores": {"f9": 1.0}}), catalogue())
    assert "no question" in fault(
        example.model_copy(update={"counts": {}, "answers": ({"answers": {"x": 1}},)}), catalogue()
    )


# --- a slow second version


def slowly(formula, ballots) -> float | None:
    """The score as one would work it out on paper."""

    def worth(code):
        if code not in SERVICE.scales["satisfaction"].points:
            return None
        point = SERVICE.scales["satisfaction"].points[code]
        match formula.of:
            case "index":
                return 100 * point / 5
            case "rescaled":
                return 100 * (point - 1) / 4
            case "share":
                return 100.0 if point >= formula.at_least else 0.0

    by_question = {}
    for ballot in ballots:
        for question in SCORED:
            if (value := worth(ballot.answers.get(question))) is not None:
                by_question.setdefault(question, []).append(value)
    if not by_question:
        return None
    if formula.averaged == "pooled":
        return mean(value for values in by_question.values() for value in values)
    parts = [[mean(by_question[q]) for q in part.questions if q in by_question] for part in SERVICE.dimensions]
    return mean(mean(part) for part in parts if part)


answers = st.dictionaries(st.sampled_from(SCORED), st.sampled_from(["5", "4", "3", "2", "1", "na"]), max_size=6)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(answers, st.sampled_from(["parent", "citizen"])), max_size=12))
def test_each_formula_gives_what_paper_gives(cast):
    made = [Ballot(given_answers, who) for given_answers, who in cast]
    page = points(SERVICE, FORM, made)
    for formula in SERVICE.formulas:
        if formula.weighted:
            continue
        expected, got = slowly(formula, made), estimate(formula, page).score
        assert (expected is None) == (got is None)
        assert expected is None or got == pytest.approx(expected)


def test_weights_are_those_of_the_groups_sizes():
    formula = next(one for one in SERVICE.formulas if one.weighted)
    made = [Ballot({"polite": "5"}, "parent")] * 9 + [Ballot({"polite": "1"}, "citizen")]
    page = points(SERVICE, FORM, made)
    assert estimate(formula, page, {"parent": 100, "citizen": 100}).score == pytest.approx((100 + 20) / 2)
    assert estimate(formula, page, {"parent": 100}).score is None, "a group without a size has no weight"


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """300 samples of 60 people out of a large made-up public whose true index is known."""
    draw = random.Random(11)
    codes, weights = ["5", "4", "3", "2", "1"], [40, 30, 20, 7, 3]
    truth = 100 * sum(int(code) * weight for code, weight in zip(codes, weights, strict=True)) / 500
    formula = SERVICE.formulas[0]
    held = 0
    for _ in range(300):
        made = [Ballot({"polite": draw.choices(codes, weights)[0]}) for _ in range(60)]
        found = estimate(formula, points(SERVICE, FORM, made))
        held += found.low <= truth <= found.high
    assert 0.91 <= held / 300 <= 0.98


def test_the_interval_counts_people_and_not_their_answers():
    """Ten people who each answer ten questions alike know no more than ten people who answer one."""
    one = [Ballot({"polite": str(1 + n % 5)}) for n in range(10)]
    many = [Ballot(dict.fromkeys(SCORED[:10], str(1 + n % 5))) for n in range(10)]
    formula = SERVICE.formulas[0]
    a, b = (estimate(formula, points(SERVICE, FORM, made)) for made in (one, many))
    assert a.score == pytest.approx(b.score) and a.high - a.low == pytest.approx(b.high - b.low)


def test_when_everybody_has_answered_nothing_is_uncertain():
    made = [Ballot({"polite": str(1 + n % 5)}, "parent") for n in range(10)]
    found = estimate(SERVICE.formulas[0], points(SERVICE, FORM, made), {"parent": 10})
    assert found.low == pytest.approx(found.score) == pytest.approx(found.high)


@pytest.mark.parametrize(("freedom", "table"), [(4, 2.776), (9, 2.262), (29, 2.045), (120, 1.980)])
def test_students_quantile_is_that_of_the_tables(freedom, table):
    assert student(freedom) == pytest.approx(table, abs=0.006)


WORDS = [(4.51, "มากที่สุด"), (4.505, "มากที่สุด"), (4.5, "มาก"), (3.5, "ปานกลาง"), (1.0, "น้อยที่สุด"), (None, None)]


@pytest.mark.parametrize(("value", "word"), WORDS)
def test_a_mean_is_read_in_the_words_of_its_band(value, word):
    found = word_for(SERVICE.scales["satisfaction"], value)
    assert (found.th if found else None) == word


# --- samples: the table of Krejcie and Morgan (1970), and Yamane's formula by hand


@pytest.mark.parametrize(("size", "wanted"), [(10, 10), (100, 80), (500, 217), (1000, 278), (5000, 357), (100000, 383)])
def test_a_finite_group_needs_what_the_published_table_says(size, wanted):
    assert abs(finite(size) - wanted) <= 1  # the table rounds, we round up


@pytest.mark.parametrize("size", [1, 7, 60, 400, 12345])
def test_yamane_is_its_formula(size):
    assert yamane(size) == min(size, math.ceil(size / (1 + size * 0.0025)))


@pytest.mark.parametrize(
    ("size", "wanted"), [(None, None), (0, None), (20, 20), (30, 30), (250, 30), (301, 31), (1000, 100), (9000, 400)]
)
def test_the_share_rule_has_a_floor_a_cap_and_an_end(size, wanted):
    assert required(Sample(rule="share", share=0.1, floor=30, cap=400), size) == wanted


def test_everyone_is_everyone():
    assert required(Sample(rule="everyone"), 17) == 17
