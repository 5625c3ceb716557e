"""Kinds of pairs - one person, one person who moved, one household, strangers - and what agreement each shows.

Fellegi and Sunter's model with more classes than two. Twins and brothers agree on last name and house as much as a
person
with himself does, and two classes take them for one; and who moved differs in house, village and subdistrict at once,
which
two classes count as three disagreements. Estimated by expectation and maximisation over the patterns; strangers from
pairs
drawn at random, so that keys which choose the candidates do not bend the figures.
"""

from dataclasses import dataclass

import numpy as np

from khet.registers.linkage.engine.comparisons import BIRTH, GROUPS, KIN, OWN, PLACE, Comparison
from khet.registers.linkage.engine.patterns import Patterns

ROUNDS = 40
STRENGTH = 12.0  # so many made-up matches hold the start values; few real ones cannot bend them
TWINS = 0.02  # of two children of one house; twins share the birth date
BLUNDER = 0.002
FLOOR = 1e-7
KINDS = ("match", "moved", "house", "stranger")
# Which values a kind agrees on only by chance: there the frequency of the very value counts, not a mean over all
# values.
BY_FREQUENCY = {"match": (), "moved": (PLACE,), "house": (OWN,), "stranger": GROUPS}


@dataclass
class Model:
    """ln chance of each level (places as in the patterns) for each of KINDS.

    Aand ln share of each kind among all pairs.
    """

    comparisons: list[Comparison]
    chances: dict[str, list[np.ndarray]]
    shares: dict[str, float]
    total: float

    def weights(self, found: Patterns) -> list[np.ndarray]:
        """ln (share x chance) of each pattern for each kind, without the frequencies of the values agreed on."""
        found_weights = []
        for kind in KINDS:
            total = np.full(len(found.count), self.shares[kind])
            for k, logs in enumerate(self.chances[kind]):
                total += logs[found.levels[:, k]]
            found_weights.append(total)
        return found_weights

    def posterior(self, found: Patterns) -> dict[str, np.ndarray]:
        """{kind: chance} of each pattern."""
        logs = np.stack(
            [
                w + sum(found.rarity[g] for g in BY_FREQUENCY[kind])
                for kind, w in zip(KINDS, self.weights(found), strict=True)
            ]
        )
        logs -= logs.max(axis=0)
        odds = np.exp(logs)
        return dict(zip(KINDS, odds / odds.sum(axis=0), strict=True))

    def matched(self, lessons: Patterns) -> dict[str, np.ndarray]:
        """{kind: chance} of patterns that are known to be matches: who stayed, who moved."""
        found = self.posterior(lessons)
        both = np.maximum(found["match"] + found["moved"], 1e-12)
        return {"match": found["match"] / both, "moved": found["moved"] / both}


def learn(comparisons: list[Comparison], candidates: Patterns, drawn: Patterns, total: float, likely: float,
          lessons: Patterns | None = None) -> Model:  # fmt: skip
    """The model of two lists.

    total    all pairs there are
    likely   how many matches to begin with
    lessons  pairs known to be matches already, chosen by their ID: they teach all but what an ID shows
    """
    start = [_start(c) for c in comparisons]
    match = [values.copy() for values in start]
    weights = np.ones(len(drawn.count))
    groups = {c.group for c in comparisons}
    households = bool(groups & {KIN, PLACE}) and sum(c.group in (OWN, BIRTH) for c in comparisons) > 1
    sizes = {
        "match": likely,
        "moved": 0.1 * likely * (PLACE in groups),
        "house": likely * households,
        "stranger": total,
    }
    model = None
    for _round in range(ROUNDS):
        model = _model(
            comparisons, match, [_chances(drawn, weights, k, c, 0.5) for k, c in enumerate(comparisons)], sizes, total
        )
        kinds = model.posterior(candidates)
        stayed, both = kinds["match"], kinds["match"] + kinds["moved"]
        taught = model.matched(lessons) if lessons is not None else None
        match = [
            _chances(candidates, stayed if c.group == PLACE else both, k, c, STRENGTH, start[k],
                     _taught(lessons, taught, c))
            for k, c in enumerate(comparisons)
        ]  # fmt: skip
        before = sizes["match"]
        sizes |= {kind: float(kinds[kind] @ candidates.count) for kind in ("match", "moved", "house")}
        sizes["match"] = max(sizes["match"], 1.0)
        if taught is not None:  # who is known to have moved tells how many of the others did
            sizes = _with_moves(sizes, lessons, taught)
        weights = model.posterior(drawn)["stranger"]
        if abs(np.log(sizes["match"] / before)) < 1e-4 and _round > 5:
            break
    return model


def _start(comparison: Comparison) -> np.ndarray:
    chances = np.zeros(comparison.size)
    for i, level in enumerate(comparison.levels):
        chances[comparison.best - i] = level.start
    chances[1] = max(1 - chances.sum(), 0.02)
    return chances / chances.sum()


def _chances(found: Patterns, weights, k: int, comparison: Comparison, strength: float, start=None, more=None):
    """Share of each level among the pairs that have one, held by `strength` made-up pairs of the start values."""
    counts = _counts(found, weights, k, comparison)
    if more is not None:
        counts += _counts(*more, k, comparison)
    if start is None:
        start = np.r_[0, np.full(comparison.size - 1, 1 / (comparison.size - 1))]
    chances = (counts + strength * start) / (counts.sum() + strength)
    chances[1] = max(chances[1], BLUNDER)  # whole values are exchanged now and then, whatever these lists show
    return chances


def _counts(found: Patterns, weights, k: int, comparison: Comparison) -> np.ndarray:
    counts = np.bincount(found.levels[:, k], weights=weights * found.count, minlength=comparison.size)
    counts[0] = 0
    return counts


def _taught(lessons, taught, comparison: Comparison):
    if lessons is None or comparison.name == "national_id":
        return None
    return lessons, taught["match"] if comparison.group == PLACE else np.ones(len(lessons.count))


def _with_moves(sizes: dict[str, float], lessons: Patterns, taught) -> dict[str, float]:
    matched = sizes["match"] + sizes["moved"]
    moved = (sizes["moved"] + float(taught["moved"] @ lessons.count)) / (matched + float(lessons.count.sum()))
    return sizes | {"match": max(matched * (1 - moved), 1.0), "moved": matched * moved}


def _model(comparisons, match, stranger, sizes, total) -> Model:
    chances = {
        "match": match,
        "moved": [s if c.group == PLACE else m for c, m, s in zip(comparisons, match, stranger, strict=True)],
        "house": [_house(c, m, s) for c, m, s in zip(comparisons, match, stranger, strict=True)],
        "stranger": stranger,
    }
    with np.errstate(divide="ignore"):
        shares = {kind: float(np.log(np.float64(size) / total)) for kind, size in sizes.items()}
    return Model(
        comparisons,
        {kind: _logs(comparisons, values, BY_FREQUENCY[kind]) for kind, values in chances.items()},
        shares,
        total,
    )


def _house(comparison: Comparison, match, stranger) -> np.ndarray:
    """Of two persons of one house: the family's things agree as for one person, their own as for strangers."""
    if comparison.group in (KIN, PLACE) or comparison.name == "order":
        return match
    if comparison.group == BIRTH:
        return (1 - TWINS) * stranger + TWINS * match
    if comparison.name == "f_name":  # brothers' and sisters' names are often made alike
        alike = np.zeros_like(stranger)
        alike[2 : comparison.best - 1] = 1 / max(comparison.best - 3, 1)
        return 0.85 * stranger + 0.15 * alike
    return stranger


def _logs(comparisons, chances, by_frequency: tuple[str, ...]) -> list[np.ndarray]:
    """ln of the chances; 0 where a value is missing, and where the frequency of the very value is used instead."""
    found = []
    for comparison, values in zip(comparisons, chances, strict=True):
        logs = np.log(np.maximum(values, FLOOR))
        logs[0] = 0
        if comparison.frequency and comparison.group in by_frequency:
            logs[comparison.best] = 0
        found.append(logs)
    return found
