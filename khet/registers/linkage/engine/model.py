"""Three kinds of pairs - the same person, one household, strangers - and what agreement each shows, learned from the lists.

Fellegi and Sunter's model with a third class: twins and brothers agree on last name and house as much as one person with
himself does, and a model of two classes takes them for one. Estimated by expectation and maximisation over the patterns;
strangers from pairs drawn at random, so that keys which choose the candidates do not bend the figures.
"""

from dataclasses import dataclass

import numpy as np

from khet.registers.linkage.engine.comparisons import Comparison
from khet.registers.linkage.engine.patterns import GROUPS, Patterns

ROUNDS = 40
STRENGTH = 12.0  # so many made-up matches hold the start values; few real ones cannot bend them
TWINS = 0.02  # of two children of one house; twins share the birth date
FLOOR = 1e-7


@dataclass
class Model:
    """ln chance of each level (places as in the patterns) for matches, households and strangers, and ln share of each kind."""

    comparisons: list[Comparison]
    match: list[np.ndarray]
    house: list[np.ndarray]
    stranger: list[np.ndarray]
    shares: np.ndarray
    total: float

    def weights(self, found: Patterns) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """ln (share x chance) of each pattern under the three kinds, without the frequencies of the values agreed on."""
        sums = []
        for kind, share in zip((self.match, self.house, self.stranger), self.shares, strict=True):
            total = np.full(len(found.count), share)
            for k, logs in enumerate(kind):
                total += logs[found.levels[:, k]]
            sums.append(total)
        return tuple(sums)

    def posterior(self, found: Patterns) -> tuple[np.ndarray, np.ndarray]:
        """(chance of a match, chance of a household) of each pattern."""
        match, house, stranger = self.weights(found)
        logs = np.stack([match, house + found.rarity["own"], stranger + sum(found.rarity.values())])
        logs -= logs.max(axis=0)
        odds = np.exp(logs)
        return odds[0] / odds.sum(axis=0), odds[1] / odds.sum(axis=0)


def learn(comparisons: list[Comparison], candidates: Patterns, drawn: Patterns, total: float, likely: float) -> Model:
    """The model of two lists.

    total   all pairs there are
    likely  how many matches to begin with
    """
    start = [_start(c) for c in comparisons]
    match = [values.copy() for values in start]
    weights = np.ones(len(drawn.count))
    households = any(c.family for c in comparisons) and sum(not c.family for c in comparisons) > 1
    shares = np.array([likely / total, likely / total if households else 0.0, 1.0])
    model = None
    for _round in range(ROUNDS):
        stranger = [_chances(drawn, k, c, weights, 0.5) for k, c in enumerate(comparisons)]
        house = [_house(c, m, s) for c, m, s in zip(comparisons, match, stranger, strict=True)]
        with np.errstate(divide="ignore"):
            logs = [
                _logs(comparisons, values, by) for values, by in ((match, ()), (house, ("own",)), (stranger, GROUPS))
            ]
            model = Model(comparisons, *logs, np.log(shares), total)
        same, near = model.posterior(candidates)
        matches, near_ones = float(same @ candidates.count), float(near @ candidates.count)
        match = [_chances(candidates, k, c, same, STRENGTH, start[k]) for k, c in enumerate(comparisons)]
        before, shares = shares, np.array([max(matches, 1.0) / total, near_ones / total if households else 0.0, 1.0])
        weights = 1 - sum(model.posterior(drawn))
        if abs(np.log(shares[0] / before[0])) < 1e-4 and _round > 5:
            break
    return model


def _start(comparison: Comparison) -> np.ndarray:
    chances = np.zeros(comparison.size)
    for i, level in enumerate(comparison.levels):
        chances[comparison.best - i] = level.start
    chances[1] = max(1 - chances.sum(), 0.02)
    return chances / chances.sum()


def _chances(found: Patterns, k: int, comparison: Comparison, weights, strength: float, start=None) -> np.ndarray:
    """Share of each level among the pairs that have one, held by `strength` made-up pairs of the start values."""
    counts = np.bincount(found.levels[:, k], weights=weights * found.count, minlength=comparison.size)
    counts[0] = 0
    if start is None:
        start = np.r_[0, np.full(comparison.size - 1, 1 / (comparison.size - 1))]
    return (counts + strength * start) / (counts.sum() + strength)


def _house(comparison: Comparison, match, stranger) -> np.ndarray:
    """Of two persons of one house: the family's things agree as for one person, their own as for strangers."""
    if comparison.family or comparison.name == "order":
        return match
    mixed = stranger.copy()
    if comparison.name == "birth_date":
        mixed = (1 - TWINS) * stranger + TWINS * match
    elif comparison.name == "f_name":  # brothers' and sisters' names are often made alike
        alike = np.zeros_like(stranger)
        alike[2 : comparison.best - 1] = 1 / max(comparison.best - 3, 1)
        mixed = 0.85 * stranger + 0.15 * alike
    return mixed


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
