"""Levels: bands, the lowest tool, enough of many, and what is lacking for the next."""

import pytest

from khet.engines.assessments.schema import rank_of
from khet.engines.assessments.scoring import outcome
from khet.engines.assessments.simulation import shortfalls
from tests.engines.assessments.trees import branch, leaf, levels, tree

TOOLS = (
    leaf("x", scale="hundred", weight=0.3),
    leaf("y", scale="hundred", weight=0.3),
    leaf("z", scale="hundred", weight=0.4),
)
RATINGS = levels(
    ("distinction", {"at_least": 95, "each": {"of": ["x", "y", "z"], "at_least": 95}}),
    ("well", {"at_least": 85, "each": {"of": ["x", "y", "z"], "at_least": 85}}),
    ("passed", {"at_least": 85}),
    ("improve", {"at_least": 70}),
    ("at_once", {}),
)


@pytest.fixture
def rated():
    return tree(*TOOLS, gather="weighted", levels=RATINGS)


@pytest.mark.parametrize(
    ("scores", "total", "level"),
    [
        ((98.8, 83.3333, 100), 94.64, "passed"), ((95, 95, 95), 95, "distinction"), ((96, 94.99, 99), 96.9, "well"),
        ((85, 85, 85), 85, "well"), ((84.99, 90, 90), 88.5, "passed"), ((70, 70, 70), 70, "improve"),
        ((0, 0, 0), 0, "at_once"),
    ],
)  # fmt: skip
def test_the_lowest_tool_binds_the_rating(rated, scores, total, level):
    found = outcome(rated, dict(zip("xyz", scores, strict=True)))
    assert (found.score, found.level) == (total, level)


def test_a_score_is_compared_as_it_is_published(rated):
    assert outcome(rated, {"x": 84.996, "y": 90, "z": 90}).level == "well"  # shown as 85.00
    assert outcome(rated, {"x": 84.994, "y": 90, "z": 90}).level == "passed"


def test_a_level_is_told_early_only_when_the_unknown_cannot_change_it(rated):
    assert outcome(rated, {"x": 99, "y": 40}).level is None


def test_what_the_next_level_lacks_is_named(rated):
    found = outcome(rated, {"x": 98.8, "y": 83.3333, "z": 100})
    level, lacks = shortfalls(rated, found)
    assert level.code == "well"
    assert [(lack.node, lack.has, lack.needs) for lack in lacks] == [("y", 83.33, 85)]
    assert shortfalls(rated, outcome(rated, {"x": 100, "y": 100, "z": 100})) == (None, [])


@pytest.mark.parametrize(
    ("answers", "level"), [("333", "pass"), ("331", "fail"), ("3321"[:3], "fail"), ("433", "pass")]
)
def test_enough_of_many(answers, level):
    framework = tree(
        leaf("a"),
        leaf("b"),
        leaf("c"),
        levels=levels(("pass", {"count": {"reaching": 3, "at_least": 3}}), ("fail", {})),
    )
    assert outcome(framework, dict(zip("abc", answers, strict=True))).level == level


def test_a_share_is_rounded_up_to_whole_items():
    rule = {"count": {"of": "leaves", "reaching": 3, "share": 0.7}}
    ids = [f"i{n}" for n in range(12)]
    framework = tree(branch("x", "mean", *(leaf(id) for id in ids)), levels=levels(("pass", rule), ("fail", {})))
    enough = {id: "3" if n < 9 else "1" for n, id in enumerate(ids)}
    assert outcome(framework, enough).level == "pass"
    assert outcome(framework, enough | {"i0": "1"}).level == "fail"


def test_enough_is_told_before_everything_is_known():
    framework = tree(
        leaf("a"),
        leaf("b"),
        leaf("c"),
        levels=levels(("pass", {"count": {"reaching": 3, "at_least": 2}}), ("fail", {})),
    )
    assert outcome(framework, {"a": "3", "b": "3"}).level == "pass"
    assert outcome(framework, {"a": "1", "b": "1"}).level == "fail"
    assert outcome(framework, {"a": "1", "b": "3"}).level is None


def test_core_items_complete_make_yellow_all_items_make_green():
    core, rest = (
        branch("core", "all", leaf("a", scale="ja"), leaf("b", scale="ja")),
        branch("rest", "all", leaf("c", scale="ja")),
    )
    rules = levels(("green", {"complete": ["core", "rest"]}), ("yellow", {"complete": ["core"]}), ("red", {}))
    framework = tree(core, rest, levels=rules)
    assert outcome(framework, {"a": "yes", "b": "yes", "c": "yes"}).level == "green"
    assert outcome(framework, {"a": "yes", "b": "yes", "c": "no"}).level == "yellow"
    assert outcome(framework, {"a": "yes", "b": "no"}).level == "red"  # whatever the rest turns out to be
    assert outcome(framework, {"a": "yes"}).level is None
    assert outcome(framework, {"a": "no", "b": "yes", "c": "yes"}).level == "red"


def test_one_of_several_conditions_is_enough():
    rules = levels(("good", {"any": [{"at_least": 3.5}, {"each": {"at_least": 3}}]}), ("poor", {}))
    framework = tree(leaf("a"), leaf("b"), levels=rules)
    assert outcome(framework, {"a": "3", "b": "3"}).level == "good"
    assert outcome(framework, {"a": "4", "b": "2"}).level == "poor"
    assert outcome(framework, {"a": "4", "b": "3"}).level == "good"


def test_what_does_not_apply_keeps_nobody_from_a_level():
    framework = tree(
        leaf("a"), leaf("b", not_applicable="dropped"), levels=levels(("good", {"each": {"at_least": 3}}), ("poor", {}))
    )
    assert outcome(framework, {"a": "3", "b": "na"}).level == "good"


def test_a_criterion_has_levels_of_its_own():
    framework = tree(branch("x", "mean", leaf("a"), leaf("b"), levels=levels(("high", {"at_least": 3}), ("low", {}))))
    assert outcome(framework, {"a": "3", "b": "3"}).scores["x"].level == "high"


def test_ranks_come_from_the_place_unless_they_are_given():
    made = tree(leaf("a"), levels=levels(("best", {}), ("mid", {}), ("low", {}))).levels
    assert [rank_of(made, code) for code in ("best", "mid", "low", None, "?")] == [3, 2, 1, None, None]
