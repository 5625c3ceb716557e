"""Rates with their intervals, and whether this year differs from last.

Exact intervals are those of Garwood for a Poisson count and of Clopper and Pearson for the split of two counts.
Sources: F. Garwood 1936; C. Clopper & E. Pearson 1934; E. B. Wilson 1927; R. G. Newcombe 1998 (method 10).
"""

from dataclasses import dataclass
from math import inf, sqrt

Z95 = 1.959963984540054


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
    from scipy.special import gammaincinv  # a third of a second that only these pages need

    k, tail = round(k), (1 - level) / 2
    return (float(gammaincinv(k, tail)) if k else 0.0, float(gammaincinv(k + 1, 1 - tail)))


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
    from scipy.special import betaincinv

    low = float(betaincinv(k, n - k + 1, tail)) if k else 0.0
    return low, float(betaincinv(k + 1, n - k, 1 - tail)) if k < n else 1.0


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
