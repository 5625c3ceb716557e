"""Who waits longer: medians that know of those still waiting, against a slow second version and made-up truth."""

import random

import pytest

from khet.web.patterns.fairness import LEAST, Wait, compared, median


def slow_median(waits):
    """Kaplan-Meier as the textbook writes it: one time after the other."""
    left = 1.0
    for hour in sorted({wait.hours for wait in waits if wait.done}):
        waiting = sum(wait.hours >= hour for wait in waits)
        ended = sum(wait.hours == hour and wait.done for wait in waits)
        left *= 1 - ended / waiting
        if left <= 0.5 + 1e-9:
            return hour
    return None


def waits(group, hours, done=True):
    return [Wait(group, hour, done) for hour in hours]


@pytest.mark.parametrize("seed", range(60))
def test_the_median_is_that_of_the_textbook(seed):
    chance = random.Random(seed)
    rows = [Wait("x", chance.randint(1, 12), chance.random() < 0.6) for _ in range(chance.randint(1, 40))]
    assert median(rows) == slow_median(rows)


def test_who_still_waits_is_neither_left_out_nor_counted_as_helped():
    assert median(waits("x", [1, 2, 3])) == 2
    assert median([*waits("x", [1, 2, 3]), *waits("x", [50, 60], done=False)]) == 3
    assert median([*waits("x", [1]), *waits("x", [50, 60], done=False)]) is None
    assert median([*waits("x", [4, 5]), *waits("x", [1, 1, 1], done=False)]) == 4  # told an hour ago, they say little
    assert median([]) is None


def test_a_group_that_waits_longer_is_found_and_its_opposite_is_shorter():
    chance = random.Random(7)
    rows = waits("slow", [chance.uniform(40, 80) for _ in range(30)]) + waits(
        "quick", [chance.uniform(4, 20) for _ in range(40)]
    )
    quick, slow = compared(rows)
    assert (quick.verdict, slow.verdict) == ("shorter", "longer")
    assert slow.longer > 20 and slow.longer_low > 0 and slow.low <= slow.median <= slow.high


def test_chance_is_called_a_difference_about_as_often_as_it_says():
    called = 0
    for seed in range(200):
        chance = random.Random(seed)
        rows = [Wait(chance.choice("ab"), chance.expovariate(1 / 24), True) for _ in range(60)]
        called += any(line.verdict in ("longer", "shorter") for line in compared(rows))
    assert called / 200 < 0.10


def test_a_small_group_is_compared_with_nobody():
    lines = compared([*waits("few", [1] * (LEAST - 1)), *waits("many", [9] * 30)])
    assert [line.verdict for line in lines] == ["too_few", "too_few"]
    assert lines[0].low is None


def test_a_group_of_which_nobody_was_helped_is_not_called_quick():
    lines = {line.group: line for line in compared([*waits("a", [9] * 20, done=False), *waits("b", [5] * 20)])}
    assert lines["a"].median is None
    assert [line.verdict for line in lines.values()] == ["unclear", "unclear"]


def test_opening_a_page_again_shows_the_same():
    rows = waits("a", range(1, 30)) + waits("b", range(10, 50))
    assert compared(rows) == compared(rows)
