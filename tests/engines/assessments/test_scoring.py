"""Scores of trees: every way to gather, weights, what does not apply, what is not known yet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khet.engines.assessments.gathering import GATHER, Part, rounded
from khet.engines.assessments.scoring import AnswerError, Points, changed, checked, outcome
from tests.engines.assessments.trees import branch, leaf, tree

ABC = (leaf("a"), leaf("b"), leaf("c"))


@pytest.mark.parametrize(
    ("gather", "answers", "score"),
    [
        ("sum", "123", 6), ("mean", "124", 2.33), ("lowest", "243", 2), ("highest", "243", 4), ("median", "144", 4),
        ("mode", "334", 3), ("mode", "344", 4), ("mode", "123", 1), ("share", "444", 1), ("share", "222", 0.5),
        ("count", "434", 2), ("all", "444", 1), ("all", "443", 0), ("steps", "444", 3), ("steps", "434", 1),
        ("steps", "344", 0), ("tiers", "444", 12), ("tiers", "434", 7), ("tiers", "244", 2),
    ],
)  # fmt: skip
def test_each_way_to_gather(gather, answers, score):
    framework = tree(*ABC, gather=gather)
    assert outcome(framework, dict(zip("abc", answers, strict=True))).score == score


def test_weights_decide_and_what_does_not_apply_leaves_the_others_their_share():
    framework = tree(
        leaf("a", weight=0.5), leaf("b", weight=0.3), leaf("c", weight=0.2, not_applicable="dropped"), gather="weighted"
    )
    assert outcome(framework, {"a": "4", "b": "2", "c": "1"}).score == 2.8
    assert outcome(framework, {"a": "4", "b": "2", "c": "na"}).score == 3.25  # (2 + 0.6) / 0.8


def test_what_does_not_apply_may_count_as_reached():
    framework = tree(leaf("a"), leaf("b", not_applicable="full"), gather="sum")
    assert outcome(framework, {"a": "1", "b": "na"}).score == 5


def test_a_branch_of_which_nothing_applies_does_not_apply():
    inner = branch("x", "mean", leaf("b", not_applicable="dropped"))
    assert outcome(tree(leaf("a"), inner), {"a": "3", "b": "na"}).score == 3


def test_no_score_while_a_leaf_is_unrated_but_known_bounds():
    framework = tree(*ABC)
    answers = {"a": "4", "b": "4"}
    assert outcome(framework, answers).score is None
    assert outcome(framework, answers, unrated="worst").score == 3
    assert outcome(framework, answers, unrated="best").score == 4


def test_an_upper_tier_need_not_be_known_while_the_lower_is_incomplete():
    framework = tree(leaf("a", scale="ja", maximum=300), leaf("b", scale="ja", maximum=100), gather="tiers")
    assert outcome(framework, {"a": "no"}).score == 0
    assert outcome(framework, {"a": "yes"}).score is None
    assert outcome(framework, {"a": "yes", "b": "yes"}).score == 400


def test_one_known_failure_decides_a_branch_that_asks_for_all():
    framework = tree(leaf("a", scale="ja"), leaf("b", scale="ja"), gather="all")
    assert outcome(framework, {"a": "no"}).score == 0
    assert outcome(framework, {"a": "yes"}).score is None


def test_a_scale_is_stretched_to_the_maximum_of_its_criterion():
    assert outcome(tree(leaf("a", maximum=10), leaf("b", maximum=6), gather="sum"), {"a": "3", "b": "4"}).score == 13.5


def test_a_branch_is_stretched_to_its_maximum():
    inner = branch("x", "share", leaf("a", scale="ja"), leaf("b", scale="ja"), leaf("c", scale="ja"), maximum=300)
    assert outcome(tree(inner), {"a": "yes", "b": "yes", "c": "no"}).score == 200


def test_a_judged_branch_is_rated_itself_and_its_children_do_not_add_up():
    inner = branch("x", "judged", leaf("a"), leaf("b"))
    found = outcome(tree(inner), {"x": "3", "a": "1", "b": "1"})
    assert found.score == 3
    assert found.scores["a"].value == 1


def test_a_profile_is_not_scored():
    assert outcome(tree(branch("op", "none", leaf("q")), leaf("a")), {"a": "2", "q": "4"}).score == 2


def test_numbers_asked_for_make_points_within_bounds():
    asks = [{"id": id, "title": {"th": id, "en": id}} for id in ("result", "target")]
    framework = tree(leaf("a", asks=asks, points="300 * result / target", maximum=500))
    assert outcome(framework, {"a": {"result": 80, "target": 100}}).score == 240
    assert outcome(framework, {"a": {"result": 999, "target": 100}}).score == 500
    assert outcome(framework, {"a": {"result": 80, "target": None}}).score is None
    assert outcome(framework, {"a": {"result": 80, "target": 0}}).score is None


@pytest.mark.parametrize(
    ("value", "told"), [(84.995, 85.0), (84.994, 84.99), (0.125, 0.13), (2.675, 2.68), (None, None)]
)
def test_halves_go_up_as_they_are_published(value, told):
    assert rounded(value, 2) == told


def test_points_of_several_reviewers_need_not_be_an_option():
    assert outcome(tree(*ABC), {"a": Points(2.5), "b": "2", "c": "3"}).score == 2.5


@pytest.mark.parametrize(
    ("id", "answer", "words"),
    [
        ("a", "9", "is no answer. Use one of: 1, 2, 3, 4"), ("a", "na", "not offered"), ("n", 101, "outside 0 to 100"),
        ("n", "abc", "is no number"), ("n", float("nan"), "is no number"), ("x", "1", "not a criterion"),
        ("nope", "1", "not a criterion"), ("a", {"result": 1}, "one answer"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_says_what_can(id, answer, words):
    framework = tree(leaf("a"), leaf("n", scale="hundred"), branch("x", "mean", leaf("b")))
    with pytest.raises(AnswerError, match=words):
        checked(framework, id, answer)


def test_an_answer_comes_back_in_its_plain_form():
    framework = tree(leaf("a"), leaf("n", scale="hundred"))
    assert checked(framework, "a", 3.0) == "3"
    assert checked(framework, "n", "12.5") == 12.5
    assert checked(framework, "a", "") is None


PARTS = st.lists(
    st.builds(Part, st.one_of(st.none(), st.integers(0, 4).map(float)), st.just(4.0), st.floats(0.1, 3)),
    min_size=1,
    max_size=6,
)


@given(PARTS, st.sampled_from(sorted(GATHER)))
def test_a_branch_never_has_more_than_its_most_nor_less_than_nothing(parts, gather):
    function, most = GATHER[gather]
    value = function(parts)
    assert value is None or -1e-9 <= value <= most(parts) + 1e-9


@given(PARTS, st.sampled_from(sorted(GATHER)), st.integers(0, 5), st.integers(0, 4))
def test_what_is_known_does_not_change_when_the_rest_becomes_known(parts, gather, place, value):
    """A score that is told early stays what it is, whatever the unknown parts turn out to be."""
    function, _most = GATHER[gather]
    told = function(parts)
    if told is None:
        return
    filled = [Part(float(value), part.top, part.weight) if part.value is None else part for part in parts]
    assert function(filled) == pytest.approx(told)


@given(st.lists(st.sampled_from("1234"), min_size=5, max_size=5), st.integers(0, 4), st.sampled_from("1234"))
def test_working_out_what_changed_gives_what_working_out_everything_gives(given_answers, place, new):
    framework = tree(
        branch("x", "tiers", leaf("a"), branch("y", "lowest", leaf("b"), leaf("c"))),
        branch("z", "mode", leaf("d"), leaf("e")),
    )
    answers = dict(zip("abcde", given_answers, strict=True))
    before, id = outcome(framework, answers), "abcde"[place]
    after = answers | {id: new}
    assert changed(framework, before, after, [id]).scores == outcome(framework, after).scores
