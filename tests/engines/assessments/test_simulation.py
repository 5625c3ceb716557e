"""What if: what mending wins, and a short way to the next level, held against trying everything."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khet.engines.assessments.scoring import outcome
from khet.engines.assessments.simulation import gains, mended, way_to
from tests.engines.assessments.trees import branch, leaf, levels, tree

GATED = tree(
    branch("one", "tiers", branch("one.b", "share", leaf("a", scale="ja"), leaf("b", scale="ja"), maximum=300),
           branch("one.a", "share", leaf("c", scale="ja"), maximum=100)),
    branch("two", "tiers", branch("two.b", "share", leaf("d", scale="ja"), maximum=300),
           branch("two.a", "share", leaf("e", scale="ja"), maximum=100)),
    levels=levels(("high", {"at_least": 400}), ("mid", {"at_least": 300}), ("low", {})),
)  # fmt: skip
IDS = "abcde"


def test_mending_behind_a_gate_wins_nothing_until_the_gate_is_open():
    answers = {"a": "yes", "b": "no", "c": "no", "d": "yes", "e": "yes"}
    told = {gain.node: gain for gain in gains(GATED, answers)}
    assert told["b"].more == 75
    assert "c" not in told  # by itself it does not count
    assert told["one"].more == 125
    assert told["one"].level == "high"


def test_what_if_this_item_were_mended():
    answers = dict.fromkeys(IDS, "no") | {"a": "yes", "d": "yes"}
    assert mended(GATED, answers, {"b": "yes"}).level == "mid"


def test_no_way_where_nothing_that_can_be_mended_is_enough():
    framework = tree(leaf("n", scale="hundred"), levels=levels(("good", {"at_least": 101}), ("poor", {})))
    assert way_to(framework, {"n": 5}, framework.levels[0]) is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["yes", "no"]), min_size=5, max_size=5), st.sampled_from(["high", "mid"]))
def test_the_way_reaches_the_level_and_trying_everything_finds_hardly_shorter(given_answers, code):
    answers = dict(zip(IDS, given_answers, strict=True))
    level = GATED.level(code)
    way = way_to(GATED, answers, level)
    order = [one.code for one in GATED.levels]
    assert way is not None
    assert order.index(outcome(GATED, answers | way.changes).level) <= order.index(code)
    assert len(way.changes) <= _shortest(answers, order, code) + 1
    for id in way.changes:  # nothing in it is needless
        fewer = {other: answer for other, answer in way.changes.items() if other != id}
        assert order.index(outcome(GATED, answers | fewer).level) > order.index(code)


def _shortest(answers, order, code) -> int:
    missing = [id for id in IDS if answers[id] == "no"]
    for size in range(len(missing) + 1):
        for chosen in combinations(missing, size):
            if order.index(outcome(GATED, answers | dict.fromkeys(chosen, "yes")).level) <= order.index(code):
                return size
    pytest.fail("everything mended reaches the best level")
