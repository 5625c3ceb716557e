"""Limits of a series and intervals of counts are those of published examples."""

import pytest

from khet.insight.indicators import rates
from khet.insight.indicators.process import ENOUGH, xmr


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390)]
)
def test_the_interval_of_a_count_is_garwood_s(count, low, high):
    assert rates.poisson(count) == pytest.approx((low, high), abs=6e-4)


def test_the_interval_of_a_share_is_wilson_s():
    assert rates.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=6e-5)
    assert rates.wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=6e-5)


def test_two_shares_differ_by_newcombe_s_interval():
    found = rates.share_difference(56, 70, 48, 80)
    assert (found.change, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=6e-5)
    assert found.verdict == "higher"


def test_limits_stand_at_the_mean_and_2_66_mean_moving_ranges():
    limits = xmr([10, 12, 10, 12, 10, 12])
    assert (limits.mean, limits.lower, limits.upper) == pytest.approx((11, 11 - 2 * 2.66, 11 + 2 * 2.66))
    assert limits.signals == ()


def test_limits_wait_for_enough_points_and_a_missing_one_is_none():
    series = [3, None, 4, 3, 4, None, 3]
    assert (xmr(series).enough, xmr(series).needed) == (False, ENOUGH - 5)
    assert xmr([*series, 4]).mean == pytest.approx(3.5)


def test_limits_do_not_leave_what_the_unit_can_be():
    limits = xmr([1, 9, 1, 9, 1, 9], natural=(0, 10))
    assert (limits.lower, limits.upper) == (0, 10)


def test_a_point_beyond_a_run_and_points_near_a_limit_are_signals():
    beyond = xmr([5, 6, 5, 6, 5, 6, 5, 30])
    assert [(signal.rule, signal.at, signal.side) for signal in beyond.signals] == [("beyond", 7, "high")]
    run = xmr([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 4, 5, 4, 5, 4, 5, 4, 5])
    assert ("run", 17, "high") in [(signal.rule, signal.at, signal.side) for signal in run.signals]
    near = xmr([10, 11, 10, 11, 10, 11, 10, 11, 12.8, 12.8])
    assert ("near_limit", 9, "high") in [(signal.rule, signal.at, signal.side) for signal in near.signals]
