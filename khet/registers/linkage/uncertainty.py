"""What the matching leaves open in a count of children without a school: whom it missed, whom it joined wrongly.

Two mistakes are estimated, each with the range in which it lies 95 times in 100:

missed   children on no roll who are on one all the same. Their open pairs are the evidence: a pair counts with its
         chance to be one child, which is the share that reviewers found in its band of probability, drawn to the
         model's where few were judged. Of a child with several pairs the likeliest counts.
wrong    children whom a confirmed pair took off the count although they are somebody else. A pair confirmed unseen with
         many others counts with what its band leaves open; one that reviewers looked at, with how often such decisions
         were taken back, drawn to one in a hundred.

A range holds two kinds of chance: that of the single pairs, and that of the rates, which few verdicts tell badly.
Not in it: children whose pair was never proposed, and children whose own number is on a roll, which is taken as right.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt

from khet.core.orgs.models import Org
from khet.kit.periods import academic_year
from khet.registers.linkage import learning
from khet.registers.linkage.models import Answer, Kind, Pair, Run, State, Verdict
from khet.registers.residents import queries as residents

SLIP, SLIP_WEIGHT = 0.01, 50  # of decisions by eye so many are taken to be wrong before any was taken back; its weight


@dataclass(frozen=True)
class Estimate:
    """A number nobody knows: what is expected, and the bounds between which it lies 95 times in 100."""

    expected: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class Uncertainty:
    """What a count of children without a school leaves open.

    list_date   of the registration list; None where there is none for the year
    unmatched   children no roll knows: what the indicator counts
    waiting     those of them with a pair nobody has decided
    confirmed   children whom a confirmed pair took off the count
    judged      verdicts of reviewers that the estimates rest on
    missed      of the unmatched, how many are likely on a roll all the same
    wrong       of the confirmed, how many are likely somebody else
    true_count  the unmatched less the missed, and the wrong
    matched_at  when the lists were last matched; None: never, and then `missed` tells nothing
    """

    list_date: date | None
    unmatched: int
    waiting: int = 0
    confirmed: int = 0
    judged: int = 0
    missed: Estimate = Estimate()
    wrong: Estimate = Estimate()
    true_count: Estimate = Estimate()
    matched_at: datetime | None = None


def uncertainty_of_list(org: Org, list_date: date) -> Uncertainty:
    """The uncertainty of an office's list of a day, for the year whose rolls it is held against.

    That is the academic year the day lies in; the next where only that has rolls (a list drawn before schools open).
    """
    own = academic_year(list_date).year
    years = [year for year in (own, own + 1) if residents.list_day(org, year) == list_date]
    year = next((year for year in years if residents.has_rolls(org, year)), years[0] if years else own)
    return uncertainty(org, year)


def uncertainty(org: Org, year: int) -> Uncertainty:
    """Expected mistakes in an office's count of children without a school in an academic year."""
    day = residents.list_day(org, year)
    open_ = set(residents.unmatched(org, year).values_list("identifier_hash", flat=True))
    listed = set(residents.compulsory(org, year).values_list("identifier_hash", flat=True))
    taught = learning.lessons(org, Kind.REGISTER)
    waiting = _likeliest(org, open_)
    missed = _sum(_by_band(taught, waiting.values()), len(waiting))
    seen, unseen = _confirmed(org, listed - open_)
    wrong = _sum([*_by_eye(org, seen), *_by_band(taught, unseen, wrong=True)], len(seen) + len(unseen))
    run = Run.objects.filter(org=org, kind=Kind.REGISTER, state=Run.State.DONE).order_by("-at").first()
    return Uncertainty(
        day, len(open_), len(waiting), len(seen) + len(unseen), taught.judged, _estimate(missed, len(waiting)),
        _estimate(wrong, len(seen) + len(unseen)), _true(len(open_), len(listed), missed, wrong),
        run.at if run else None,
    )  # fmt: skip


Part = tuple[list[float], float]  # chances of pairs that share a rate, and how many judged pairs tell that rate


def _likeliest(org: Org, hashes: set[str]) -> dict[str, float]:
    """{child: probability of its likeliest open pair}"""
    best: dict[str, float] = {}
    pairs = Pair.objects.filter(org=org, kind=Kind.REGISTER, state=State.PROPOSED)
    for child, probability in pairs.values_list("resident_hash", "probability"):
        if child in hashes:
            best[child] = max(best.get(child, 0.0), probability)
    return best


def _confirmed(org: Org, hashes: set[str]) -> tuple[list[float], list[float]]:
    """Probabilities of the confirmed pairs of some children: those that reviewers looked at, and the others."""
    pairs = Pair.objects.filter(org=org, kind=Kind.REGISTER, state=State.CONFIRMED)
    found = [row for row in pairs.values_list("pk", "resident_hash", "probability") if row[1] in hashes]
    by_eye = Verdict.objects.filter(pair__org=org, replaced=False, bulk=False, answer=Answer.SAME)
    looked_at = set(by_eye.values_list("pair_id", flat=True))
    seen = [probability for pk, _child, probability in found if pk in looked_at]
    return seen, [probability for pk, _child, probability in found if pk not in looked_at]


def _by_band(taught: learning.Lessons, probabilities: Iterable[float], *, wrong: bool = False) -> list[Part]:
    """The chances of pairs, band by band; `wrong`: of not being one child."""
    bands: dict[learning.Band | None, list[float]] = defaultdict(list)
    for probability in probabilities:
        chance = taught.chance(probability)
        bands[taught.band(probability)].append(1 - chance if wrong else chance)
    return [(chances, (band.judged if band else 0) + learning.DRAWN) for band, chances in bands.items()]


def _by_eye(org: Org, pairs: list[float]) -> list[Part]:
    """The chance of decisions by eye to be wrong, told by those that were taken back."""
    said = Verdict.objects.filter(pair__org=org, pair__kind=Kind.REGISTER, bulk=False, answer=Answer.SAME)
    decided = set(said.values_list("pair_id", flat=True))
    back = Pair.objects.filter(pk__in=decided, state__in=(State.PROPOSED, State.REJECTED))
    taken_back = back.exclude(verdicts__replaced=False, verdicts__answer=Answer.SAME).count()
    weight = len(decided) + SLIP_WEIGHT
    return [([(taken_back + SLIP * SLIP_WEIGHT) / weight] * len(pairs), weight)] if pairs else []


def _sum(parts: list[Part], at_most: int) -> tuple[float, float]:
    """(mean, variance) of how many pairs hold; the pairs of a part share a rate that is itself uncertain."""
    mean = variance = 0.0
    for chances, weight in parts:
        n, middle = len(chances), sum(chances) / len(chances)
        mean += sum(chances)
        variance += sum(chance * (1 - chance) for chance in chances)
        variance += (n * n - n) * middle * (1 - middle) / (weight + 1)
    return min(mean, at_most), variance


def _estimate(told: tuple[float, float], at_most: int) -> Estimate:
    mean, spread = told[0], learning.Z * sqrt(told[1])
    return Estimate(mean, max(0.0, mean - spread), min(float(at_most), mean + spread))


def _true(unmatched: int, listed: int, missed: tuple[float, float], wrong: tuple[float, float]) -> Estimate:
    return _estimate((unmatched - missed[0] + wrong[0], missed[1] + wrong[1]), listed)
