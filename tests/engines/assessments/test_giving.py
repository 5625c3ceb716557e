"""What results give to measures: scores, ranks, who reached what, lessons and teachers pooled by school."""

from datetime import date

import pytest

from khet.engines.assessments.giving import Given, value_of
from khet.engines.assessments.scoring import outcome
from tests.engines.assessments.trees import leaf, levels, tree

LESSON = levels(("counts", {"at_least": 3, "each": {"of": "leaves", "at_least": 2}}), ("not_yet", {}))


def lesson(*gives):
    return tree(leaf("a"), leaf("b"), levels=LESSON, target="teacher", gives=list(gives))


def given(framework, answers, teacher="t1", day=1):
    return Given(outcome(framework, dict(zip("ab", answers, strict=True))), teacher, date(2025, 6, day))


def one(framework, results):
    return value_of(framework, framework.gives[0], results)


def school(**gift):
    return tree(leaf("a"), leaf("b"), levels=LESSON, gives=[{"measure": "m", **gift}])


@pytest.mark.parametrize(
    ("gift", "value"),
    [
        ({"take": "score"}, 3.5), ({"take": "score", "of": "b"}, 3), ({"take": "rank"}, 2),
        ({"take": "reached", "level": "counts"}, 1), ({"take": "reached", "level": "not_yet"}, 1),
        ({"take": "reached", "when": {"each": {"at_least": 4}}}, 0), ({"take": "assessed"}, 1),
    ],
)  # fmt: skip
def test_what_one_result_gives(gift, value):
    framework = school(**gift)
    assert one(framework, [given(framework, "43")]) == value


def test_a_result_that_is_not_known_gives_nothing():
    framework = school(take="reached", level="counts")
    assert one(framework, [Given(outcome(framework, {"a": "4"}))]) is None
    assert one(framework, []) is None


@pytest.mark.parametrize(("together", "value"), [("latest", 2), ("lowest", 2), ("highest", 4), ("sum", 6), ("mean", 3)])
def test_several_results_of_one_school_come_together(together, value):
    framework = school(take="score", together=together)
    assert one(framework, [given(framework, "22", day=9), given(framework, "44", day=2)]) == value


def test_a_teacher_counts_when_the_latest_two_lessons_count_and_the_school_by_its_share_of_teachers():
    framework = lesson({"measure": "m", "take": "reached", "level": "counts", "pool": {"latest": 2, "share": 0.7}})
    good = [given(framework, "33", t, day) for t in ("t1", "t2", "t3") for day in (1, 2)]
    assert one(framework, good) == 1
    assert one(framework, [*good, given(framework, "31", "t3", 3)]) == 0  # two of three is 66.7 percent
    assert one(framework, [*good, given(framework, "33", "t4", 3)]) == 1  # a fourth with one lesson: 75 percent
    better = [*good, given(framework, "31", "t3", 3), given(framework, "44", "t3", 4), given(framework, "44", "t3", 5)]
    assert one(framework, better) == 1  # only the latest two are looked at


@pytest.mark.parametrize(
    ("take", "more", "value"),
    [("counting", {"level": "counts"}, 1), ("share", {"level": "counts"}, 50), ("assessed", {}, 2), ("mean", {}, 2.75)],
)
def test_other_ways_to_pool(take, more, value):
    framework = lesson({"measure": "m", "take": take, "pool": {}, **more})
    results = [given(framework, "33", "t1"), given(framework, "11", "t2", 1), given(framework, "23", "t2", 2)]
    assert one(framework, results) == value


def test_too_few_teachers_give_no_number():
    framework = lesson({"measure": "m", "take": "share", "level": "counts", "pool": {"smallest": 5}})
    assert one(framework, [given(framework, "33")]) is None
