"""What locked results give to the measures of the catalogue: the named functions behind `gives`. Pure."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from khet.engines.assessments import rules
from khet.engines.assessments.schema import ROOT, Framework, Gift, rank_of
from khet.engines.assessments.scoring import Outcome


@dataclass(frozen=True)
class Given:
    """A locked result: of what (`target` tells teachers of a school apart), when it was judged, what came out."""

    outcome: Outcome
    target: Hashable = ""
    on: date = date.min


def value_of(framework: Framework, gift: Gift, results: Sequence[Given]) -> float | None:
    """The number one org gives to a measure by its results of one period; None when it gives none."""
    results = [result for result in results if result.outcome.scores[gift.of].applies]
    if gift.pool is not None:
        return _pooled(framework, gift, results)
    values = [
        value for result in sorted(results, key=lambda r: r.on) if (value := _one(framework, gift, result)) is not None
    ]
    return TOGETHER[gift.together](values) if values else None


TOGETHER: dict[str, Callable[[Sequence[float]], float]] = {
    "latest": lambda values: values[-1],
    "lowest": min,
    "highest": max,
    "sum": sum,
    "mean": lambda values: sum(values) / len(values),
}


def _one(framework: Framework, gift: Gift, result: Given) -> float | None:
    score = result.outcome.scores[gift.of]
    match gift.take:
        case "score":
            return score.value
        case "rank":
            levels = framework.levels if gift.of == ROOT else framework.by_id[gift.of].levels
            return rank_of(levels, score.level)
        case "assessed":
            return None if result.outcome.score is None and score.value is None else 1.0
        case "reached":
            told = reached(framework, gift, result.outcome)
            return None if told is None else float(told)
    raise AssertionError(gift.take)  # the schema lets nothing else through


def reached(framework: Framework, gift: Gift, outcome: Outcome) -> bool | None:
    """Whether a result is at the gift's level or better, or meets its condition; None while it cannot be told."""
    if gift.when is not None:
        return rules.holds(framework, gift.when, gift.of, outcome.scores)
    levels = framework.levels if gift.of == ROOT else framework.by_id[gift.of].levels
    has = rank_of(levels, outcome.scores[gift.of].level)
    return None if has is None else has >= rank_of(levels, gift.level)


def _pooled(framework: Framework, gift: Gift, results: Sequence[Given]) -> float | None:
    by_target = _by_target(results)
    if len(by_target) < gift.pool.smallest:
        return None
    if gift.take == "assessed":
        return float(len(by_target))
    if gift.take == "mean":
        latest = [own[-1].outcome.scores[gift.of].value for own in by_target.values()]
        known = [value for value in latest if value is not None]
        return sum(known) / len(known) if known else None
    counting = sum(counts(framework, gift, own) for own in by_target.values())
    if gift.take == "counting":
        return float(counting)
    part = counting / len(by_target) if by_target else 0.0
    return 100 * part if gift.take == "share" else float(part >= gift.pool.share - 1e-9)


def counts(framework: Framework, gift: Gift, own: Sequence[Given]) -> bool:
    """Whether a target counts: its latest n results all reach what is asked; with fewer it does not."""
    latest = own[-gift.pool.latest :]
    return len(latest) == gift.pool.latest and all(reached(framework, gift, one.outcome) for one in latest)


def _by_target(results: Iterable[Given]) -> dict[Hashable, list[Given]]:
    """{target: its results, oldest first}."""
    found = defaultdict(list)
    for result in sorted(results, key=lambda r: r.on):
        found[result.target].append(result)
    return found
