"""A count of any size has its interval at once: the one whose ends leave just 2.5 % outside on either side."""

from math import exp, lgamma, log, log1p

import pytest

from khet.insight.indicators import rates
from tests.support.spent import spent

TAIL = pytest.approx(0.025, rel=1e-6)


def poisson_up_to(k, mean):
    return sum(exp(i * log(mean) - mean - lgamma(i + 1)) for i in range(k + 1))


def binomial_up_to(k, n, p):
    ways = (lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) for i in range(k + 1))
    return sum(exp(way + i * log(p) + (n - i) * log1p(-p)) for i, way in enumerate(ways))


@pytest.mark.parametrize("k", [1, 7, 240, 5_000])
def test_the_interval_of_a_count_leaves_what_it_should_outside(k):
    low, high = rates.poisson(k)
    assert poisson_up_to(k, high) == TAIL
    assert 1 - poisson_up_to(k - 1, low) == TAIL


@pytest.mark.parametrize("counts", [(3, 90, 8, 95), (2_500, 9_000, 2_600, 9_100), (4_000, 9_000, 2_600, 9_100)])
def test_the_interval_of_two_rates_leaves_what_it_should_outside(counts):
    k, n, before, n_before = counts
    found = rates.rate_ratio(*counts)
    low, high = (odds / (1 + odds) for odds in (found.low * n / n_before, found.high * n / n_before))
    assert binomial_up_to(k, k + before, high) == TAIL
    assert 1 - binomial_up_to(k - 1, k + before, low) == TAIL


def test_a_rate_beside_one_without_events_is_compared_from_either_side():
    assert rates.rate_ratio(0, 100, 5, 100).low == 0
    risen = rates.rate_ratio(5, 100, 0, 100)
    assert risen.high == float("inf") and risen.ratio is None


def test_a_count_typed_wrongly_does_not_keep_a_page_waiting():
    began = spent()
    rates.poisson(10**9)
    rates.rate_ratio(10**9, 10**6, 1, 10**6)
    rates.rate_ratio(10**9, 10**6, 10**9, 10**6)
    assert spent() - began < 0.5
