"""How a branch makes its score of its children's: the named functions behind `gather`. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

NEARLY = 1e-9  # sums of decimals: 0.1 + 0.2 is full where 0.3 is asked for


@dataclass(frozen=True)
class Part:
    """A child as its branch sees it: its score (None: not known yet), the most it can be, its weight."""

    value: float | None
    top: float
    weight: float = 1.0

    @property
    def full(self) -> bool:
        return self.value is not None and self.value >= self.top - NEARLY


Parts = Sequence[Part]  # those that apply, in order; never empty


def _needs_all(function: Callable[[Parts], float]) -> Callable[[Parts], float | None]:
    """The function, silent while a part is not known."""

    def told(parts: Parts) -> float | None:
        return None if any(part.value is None for part in parts) else function(parts)

    told.__doc__ = function.__doc__
    return told


@_needs_all
def sum_of(parts):
    """The parts added up."""
    return sum(part.value for part in parts)


@_needs_all
def mean(parts):
    """Each part counts alike."""
    return sum(part.value for part in parts) / len(parts)


@_needs_all
def weighted(parts):
    """Each part counts by its weight; the weights of those that apply are made to sum to 1."""
    return sum(part.value * part.weight for part in parts) / sum(part.weight for part in parts)


@_needs_all
def lowest(parts):
    """The weakest part is the score."""
    return min(part.value for part in parts)


@_needs_all
def highest(parts):
    """The strongest part is the score."""
    return max(part.value for part in parts)


@_needs_all
def middle(parts):
    """The middle one; of an even number, the mean of the two in the middle."""
    return median(part.value for part in parts)


@_needs_all
def mode(parts):
    """The most frequent score; of several, the lowest, because a doubtful case is not raised."""
    counts = Counter(part.value for part in parts)
    most = max(counts.values())
    return min(value for value, count in counts.items() if count == most)


@_needs_all
def share(parts):
    """The part of what could be had, 0 to 1; the branch's `maximum` stretches it."""
    return sum(part.value for part in parts) / sum(part.top for part in parts)


def tiers(parts: Parts) -> float | None:
    """The tiers from below, added up as long as each is complete: an upper one counts only then.

    An incomplete tier ends the sum with what it has, so the tiers above need not be known.
    """
    total = 0.0
    for part in parts:
        if part.value is None:
            return None
        total += part.value
        if not part.full:
            break
    return total


def steps(parts: Parts) -> float | None:
    """How many parts are complete, counted from the first one until one is not (a ladder)."""
    for place, part in enumerate(parts):
        if part.value is None:
            return None
        if not part.full:
            return float(place)
    return float(len(parts))


@_needs_all
def count(parts):
    """How many parts are complete."""
    return float(sum(part.full for part in parts))


def all_of(parts: Parts) -> float | None:
    """1 when every part is complete, 0 as soon as one is known not to be."""
    if any(part.value is not None and not part.full for part in parts):
        return 0.0
    return None if any(part.value is None for part in parts) else 1.0


# name in the data → (the function, the most it can give for these parts)
GATHER: dict[str, tuple[Callable[[Parts], float | None], Callable[[Parts], float]]] = {
    "sum": (sum_of, lambda parts: sum(part.top for part in parts)),
    "mean": (mean, lambda parts: sum(part.top for part in parts) / len(parts)),
    "weighted": (
        weighted,
        lambda parts: sum(part.top * part.weight for part in parts) / sum(part.weight for part in parts),
    ),
    "lowest": (lowest, lambda parts: min(part.top for part in parts)),
    "highest": (highest, lambda parts: max(part.top for part in parts)),
    "median": (middle, lambda parts: median(part.top for part in parts)),
    "mode": (mode, lambda parts: max(part.top for part in parts)),
    "share": (share, lambda parts: 1.0),
    "tiers": (tiers, lambda parts: sum(part.top for part in parts)),
    "steps": (steps, lambda parts: float(len(parts))),
    "count": (count, lambda parts: float(len(parts))),
    "all": (all_of, lambda parts: 1.0),
}


def rounded(value: float | None, decimals: int) -> float | None:
    """A number as it is published: halves go up, and 84.995 kept as 84.99499… is still a half."""
    if value is None:
        return None
    exact = Decimal(repr(round(value, 9)))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))
