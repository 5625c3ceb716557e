"""Rates with their intervals, and whether this year differs from last.

Exact intervals (Garwood for a Poisson count, Clopper-Pearson for the split of two counts) are found by halving on the
sum of probabilities: the counts of an office are small, so a library of distributions would only add weight. Past
`MANY` the sums would keep a page waiting, and Byar's and Wilson's formulas agree with them to four digits.
Sources: F. Garwood 1936; C. Clopper & E. Pearson 1934; E. B. Wilson 1927; R. G. Newcombe 1998 (method 10);
N. E. Breslow & N. E. Day 1987 (Byar).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, log, log1p, sqrt
from statistics import NormalDist

Z95 = 1.959963984540054
MANY = 2_000  # events


@dataclass(frozen=True)
class Comparison:
    """This period beside the one before.

    change       difference of the values
    ratio        rate now ÷ rate before; None where there was none before
    low, high    95 % interval of the ratio (counts, rates) or of the difference (percentages)
    verdict      lower | higher: the interval leaves no doubt; not_different; unknown: too little is known
    """

    change: float | None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: str = "unknown"


def wilson(k: float, n: float, z: float = Z95) -> tuple[float, float]:
    """95 % interval of a share k of n."""
    if n <= 0 or not 0 <= k <= n:
        return (float("nan"), float("nan"))
    share, spread = k / n, z * sqrt(k / n * (1 - k / n) / n + z * z / (4 * n * n))
    middle, scale = share + z * z / (2 * n), 1 + z * z / n
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return (0.0 if k == 0 else max(low, 0.0), 1.0 if k == n else min(high, 1.0))


def poisson(k: float, level: float = 0.95) -> tuple[float, float]:
    """Exact interval of the expected count behind k events."""
    k, tail = round(k), (1 - level) / 2
    if k > MANY:
        return _byar(k, -1, tail), _byar(k + 1, 1, tail)
    low = 0.0 if k == 0 else _solve(lambda mean: 1 - _poisson_cdf(k - 1, mean) - tail, 0.0, max(k, 1.0))
    high = _solve(lambda mean: tail - _poisson_cdf(k, mean), float(k), k + 10 * sqrt(k + 1) + 10)
    return (low, high)


def _byar(k: int, side: int, tail: float) -> float:
    return k * (1 - 1 / (9 * k) + side * NormalDist().inv_cdf(1 - tail) / (3 * sqrt(k))) ** 3


def rate_ratio(k: float, n: float, k_before: float, n_before: float, level: float = 0.95) -> Comparison:
    """Rate k/n beside k_before/n_before, exactly: given all events, the share of now is binomial."""
    if n <= 0 or n_before <= 0:
        return Comparison(None)
    k, before, tail = round(k), round(k_before), (1 - level) / 2
    change, together = k / n - before / n_before, k + before
    if together == 0:
        return Comparison(0.0, verdict="not_different")
    low, high = _share(k, together, tail)
    scale = n_before / n
    bounds = (low / (1 - low) * scale if low < 1 else inf, high / (1 - high) * scale if high < 1 else inf)
    ratio = None if before == 0 else k / n / (before / n_before)
    verdict = "lower" if bounds[1] < 1 else "higher" if bounds[0] > 1 else "not_different"
    return Comparison(change, ratio, *bounds, verdict)


def _share(k: int, n: int, tail: float) -> tuple[float, float]:
    """Exact interval of the share behind k of n."""
    if min(k, n - k) > MANY:
        return wilson(k, n, NormalDist().inv_cdf(1 - tail))
    if k > n - k:  # the sums run over the fewer ones
        low, high = _share(n - k, n, tail)
        return 1 - high, 1 - low
    low = 0.0 if k == 0 else _solve(lambda p: 1 - _binomial_cdf(k - 1, n, p) - tail, 0.0, 1.0)
    high = 1.0 if k == n else _solve(lambda p: tail - _binomial_cdf(k, n, p), 0.0, 1.0)
    return low, high


def share_difference(k: float, n: float, k_before: float, n_before: float) -> Comparison:
    """Share k/n less k_before/n_before with Newcombe's interval, all as shares (0 to 1)."""
    if n <= 0 or n_before <= 0 or not (0 <= k <= n and 0 <= k_before <= n_before):
        return Comparison(None)
    share, before = k / n, k_before / n_before
    (low, high), (low_before, high_before) = wilson(k, n), wilson(k_before, n_before)
    change = share - before
    bottom = change - sqrt((share - low) ** 2 + (high_before - before) ** 2)
    top = change + sqrt((high - share) ** 2 + (before - low_before) ** 2)
    verdict = "lower" if top < 0 else "higher" if bottom > 0 else "not_different"
    return Comparison(change, share / before if before else None, bottom, top, verdict)


def _solve(rises: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function crosses 0, to 12 digits."""
    for _ in range(200):
        middle = (low + high) / 2
        if rises(middle) < 0:
            low = middle
        else:
            high = middle
        if high - low <= 1e-12 * max(1.0, abs(high)):
            break
    return (low + high) / 2


def _poisson_cdf(k: int, mean: float) -> float:
    if mean <= 0:
        return 1.0
    return _total(-mean, k, lambda i: log(mean) - log(i))


def _binomial_cdf(k: int, n: int, p: float) -> float:
    if k >= n or p <= 0:
        return 1.0
    if p >= 1:
        return 0.0
    odds = log(p) - log1p(-p)
    return _total(n * log1p(-p), k, lambda i: log(n - i + 1) - log(i) + odds)


def _total(first: float, k: int, step: Callable[[int], float]) -> float:
    """The sum of k + 1 probabilities given by the logarithm of the first and of each quotient."""
    logs = [first]
    for i in range(1, k + 1):
        logs.append(logs[-1] + step(i))
    top = max(logs)
    return min(exp(top) * sum(exp(value - top) for value in logs), 1.0)
