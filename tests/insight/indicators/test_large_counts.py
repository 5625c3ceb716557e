"""A count of any size has its interval at once, and past MANY events the same one as the exact sums to three digits."""

import pytest

from khet.insight.indicators import rates
from tests.support.spent import spent


@pytest.mark.parametrize("k", [rates.MANY + 1, 5_000])
def test_the_interval_of_many_events_is_that_of_the_exact_sums(monkeypatch, k):
    quick = rates.poisson(k)
    monkeypatch.setattr(rates, "MANY", 10**9)
    assert quick == pytest.approx(rates.poisson(k), rel=1e-5)


@pytest.mark.parametrize("counts", [(2_500, 9_000, 2_600, 9_100), (4_000, 9_000, 2_600, 9_100)])
def test_two_rates_of_many_events_compare_as_the_exact_sums_do(monkeypatch, counts):
    quick = rates.rate_ratio(*counts)
    monkeypatch.setattr(rates, "MANY", 10**9)
    exact = rates.rate_ratio(*counts)
    assert (quick.low, quick.high, quick.verdict) == (
        pytest.approx(exact.low, rel=1e-3), pytest.approx(exact.high, rel=1e-3), exact.verdict,
    )  # fmt: skip


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
