"""Process-control limits (XmR): is a change more than the usual ups and downs?

Source: W. A. Shewhart's individuals chart as taught by D. J. Wheeler, "Understanding Variation": limits at the mean
plus and minus 2.66 mean moving ranges; signals: a point beyond a limit, eight on one side, two of three near a limit.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

ENOUGH = 6  # below it limits would move with every new point
RUN = 8
_WIDTH = 2.66  # 3 / 1.128, the constant of moving ranges of two


@dataclass(frozen=True)
class Signal:
    """Something that is more than noise.

    rule    beyond | run | near_limit
    at      place of the point that completes it
    points  places of all points that belong to it
    side    high | low
    """

    rule: str
    at: int
    points: tuple[int, ...]
    side: str


@dataclass(frozen=True)
class Limits:
    """The usual range of a series.

    n        points known; `enough` of them or no limits are drawn (all None)
    natural  the range that values cannot leave cuts the limits: no percentage above 100
    """

    n: int
    enough: bool
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    signals: tuple[Signal, ...] = field(default=())

    @property
    def needed(self) -> int:
        """How many more points limits need."""
        return max(ENOUGH - self.n, 0)


def xmr(values: Sequence[float | None], *, natural: tuple[float | None, float | None] = (None, None)) -> Limits:
    """Limits and signals of a series in order of time. A missing point is left out, never taken for 0.

    natural   the smallest and largest value there can be
    """
    known = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if len(known) < ENOUGH:
        return Limits(len(known), False)
    points = [value for _place, value in known]
    mean = sum(points) / len(points)
    moves = [abs(b - a) for a, b in itertools.pairwise(points)]
    reach = _WIDTH * sum(moves) / len(moves)
    lower, upper = mean - reach, mean + reach
    found = (*_beyond(known, lower, upper), *_runs(known, mean), *_near(known, mean, reach))
    low, high = natural
    return Limits(
        len(known),
        True,
        mean,
        lower if low is None else max(lower, low),
        upper if high is None else min(upper, high),
        tuple(sorted(found, key=lambda signal: (signal.at, signal.rule))),
    )


def _beyond(known, lower: float, upper: float):
    for place, value in known:
        if value > upper or value < lower:
            yield Signal("beyond", place, (place,), "high" if value > upper else "low")


def _runs(known, mean: float):
    """Eight or more in a row on one side of the mean; a point on the mean ends a run."""
    run: list[int] = []
    side = 0
    for place, value in known:
        here = (value > mean) - (value < mean)
        run = [*run, place] if here == side and here else [place] if here else []
        side = here
        if len(run) >= RUN:
            yield Signal("run", place, tuple(run[-RUN:]), "high" if side > 0 else "low")


def _near(known, mean: float, reach: float):
    """Two of three in a row beyond two thirds of the way to the same limit."""
    edge = reach * 2 / 3
    for end in range(2, len(known)):
        three = known[end - 2 : end + 1]
        for side, sign in (("high", 1), ("low", -1)):
            far = [place for place, value in three if sign * (value - mean) > edge]
            if len(far) >= 2 and three[-1][0] in far:
                yield Signal("near_limit", three[-1][0], tuple(far), side)
