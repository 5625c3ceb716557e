"""What reviewers' verdicts say about the matching: how often it is right, and from where on it is sure."""

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from django.db.models import Count, Q

from khet.core.orgs.models import Org
from khet.registers.linkage.models import Answer, Pair, State, Verdict

RIGHT = 0.995  # share of matches that must be right above the bound, at the lower end of the interval or …
ENOUGH = 60  # … with so many verdicts and none of them against
BANDS = (0.05, 0.5, 0.9, 0.99, 0.999, 1.0)
Z = 1.96
DRAWN = 4  # verdicts the model's own word weighs


@dataclass(frozen=True)
class Band:
    """Pairs of a range of probability: how many were judged and how many were one child."""

    low: float
    high: float
    judged: int
    same: int
    waiting: int

    @property
    def rate(self) -> float | None:
        return self.same / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.same, self.judged) if self.judged else None


@dataclass(frozen=True)
class Lessons:
    """bands, highest first; `sure`: from this probability on the matching is right, None while that is not known."""

    bands: list[Band]
    sure: float | None
    judged: int

    def chance(self, probability: float) -> float:
        """A pair's chance to be one child: the share of verdicts in its band, drawn to the model's."""
        band = self.band(probability)
        return (band.same + DRAWN * probability) / (band.judged + DRAWN) if band else probability

    def band(self, probability: float) -> Band | None:
        """The band a probability lies in; None below the lowest."""
        return next((band for band in self.bands if band.low <= probability <= band.high), None)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    share, z2 = hits / n, Z * Z
    middle, half = share + z2 / (2 * n), Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z2 / n)), min(1.0, (middle + half) / (1 + z2 / n))


def lessons(org: Org, kind: str) -> Lessons:
    """What the verdicts in force at an office have taught."""
    said = Verdict.objects.filter(pair__org=org, pair__kind=kind, replaced=False, bulk=False).exclude(
        answer=Answer.UNSURE
    )
    facts = sorted(said.values_list("probability", "answer"), reverse=True)
    waiting = Pair.objects.filter(org=org, kind=kind, state=State.PROPOSED)
    places = {
        f"b{n}": Count("pk", filter=Q(probability__gte=low, probability__lt=high if high < 1 else 2))
        for n, (low, high) in enumerate(pairwise(BANDS))
    }
    counts = waiting.aggregate(**places)
    bands = []
    for n, (low, high) in enumerate(pairwise(BANDS)):
        inside = [answer for p, answer in facts if low <= p < (high if high < 1 else 2)]
        bands.append(Band(low, high, len(inside), inside.count(Answer.SAME), counts[f"b{n}"]))
    return Lessons(bands[::-1], _sure(facts), len(facts))


def _sure(facts: list[tuple[float, str]]) -> float | None:
    """The lowest probability above which the verdicts bear out that nearly every match is right."""
    found, same = None, 0
    for judged, (probability, answer) in enumerate(facts, start=1):
        same += answer == Answer.SAME
        if judged >= ENOUGH and (same == judged or wilson(same, judged)[0] >= RIGHT):
            found = probability
    return found
