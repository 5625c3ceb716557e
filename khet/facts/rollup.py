"""From what each org says to what it and all below it amount to: add up, then divide.

A school that lacks a part is left out of every sum of that formula: its whole without its part would make a rate too
small. So each set of measures is added up together.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from khet.facts.resolve import Leaves
from khet.facts.tree import SCHOOL, Family, Standing

_FOLD = {"max": np.fmax, "min": np.fmin}


@dataclass(frozen=True, eq=False)
class Rolled:
    """Measures that belong to one formula, for every org.

    values    {measure: orgs x cells}, over the orgs that know all of the measures
    complete  orgs x cells: at least one org at or below it knows all of them
    weight    orgs x cells: how many statements a mean is made of
    own       {measure: per org: the org's own statement counts, nothing below it}
    """

    values: dict[str, np.ndarray]
    complete: np.ndarray
    weight: np.ndarray
    own: dict[str, np.ndarray]


class Roller:
    """Rolls sets of measures up one standing of the tree; remembers what it has worked out."""

    def __init__(
        self,
        leaves: Callable[[str], Leaves],
        whole: Callable[[str], Leaves],
        aggregates: Mapping[str, str],
        standing: Standing,
        beside: Collection[str] = (),
    ):
        """What measures say is asked for as formulas need it: most periods are looked at for a few of them only.

        whole    the leaves without a breakdown; they decide who speaks for itself
        beside   measures of which an office may hold records that name no school
        """
        self.beside = frozenset(beside)
        self.leaves, self.whole, self.aggregates, self.standing = leaves, whole, aggregates, standing
        self._kinds = standing.tree.kinds
        self._speaking: dict[str, np.ndarray] = {}
        self._done: dict[frozenset[str], Rolled] = {}

    def roll(self, measures: frozenset[str]) -> Rolled:
        if measures not in self._done:
            self._done[measures] = self._roll(measures)
        return self._done[measures]

    def _own(self, measure: str) -> np.ndarray:
        if measure not in self._speaking:
            self._speaking[measure] = self._speaks_for_itself(self.whole(measure))
        return self._speaking[measure]

    def _speaks_for_itself(self, leaf: Leaves) -> np.ndarray:
        """Orgs above the schools whose own statement is the whole: a total given for them where no records lie below,
        or records that only they hold (the civil-registration list of an office)."""
        records_below = self._below(leaf.known & ~leaf.figure)
        anything_below = self._below(leaf.known)
        return leaf.known & (self._kinds != SCHOOL) & np.where(leaf.figure, ~records_below, ~anything_below)

    def _below(self, has: np.ndarray) -> np.ndarray:
        """Orgs strictly above one that has it."""
        found = np.zeros(len(has), dtype=bool)
        for step in self.standing.above[1:]:
            reached = step[has]
            found[reached[reached >= 0]] = True
        return found

    def _roll(self, measures: frozenset[str]) -> Rolled:
        values = {measure: self.leaves(measure).values.copy() for measure in measures}
        self._bring_nothing(values)
        complete = np.logical_and.reduce([~np.isnan(array) for array in values.values()])
        weight = complete.astype(float)  # how many values a mean was made of
        for family in self.standing.families:
            self._add_up(family, values, complete, weight)
            self._let_speak(family, measures, values, complete, weight)
        for array in values.values():
            array[~complete & (self._kinds != SCHOOL)[:, None]] = np.nan
        return Rolled(values, complete, weight, {measure: self._own(measure) for measure in measures})

    def _bring_nothing(self, values) -> None:
        """Records of an office that name no school bring a part of a formula; of the other parts they bring 0."""
        for measure in self.beside & set(values):
            held = self.whole(measure).known & ~self.whole(measure).figure & (self._kinds != SCHOOL)
            there = held[:, None] & ~np.isnan(values[measure])
            for other in set(values) - {measure}:
                values[other][there & np.isnan(values[other])] = 0.0

    def _add_up(self, family: Family, values, complete, weight) -> None:
        """Give every org of a kind the sum of what lies directly below it, and of records of its own."""
        # records of an office itself (its own staff) stand beside those of its schools
        counts = complete[family.member] & ~(family.head & self._silent(values)[family.member])[:, None]
        weights = np.where(counts, weight[family.member], 0)
        totals = {measure: self._fold(measure, values[measure], family, counts, weights) for measure in values}
        for measure, total in totals.items():
            values[measure][family.nodes] = total
        weight[family.nodes] = np.add.reduceat(weights, family.first, axis=0)
        complete[family.nodes] = weight[family.nodes] > 0

    def _silent(self, values) -> np.ndarray:
        """Orgs whose own rows are figures: given totals are never added to what lies below."""
        return np.logical_or.reduce([self.whole(measure).figure for measure in values])

    def _fold(self, measure: str, array, family: Family, counts, weights) -> np.ndarray:
        aggregate, part = self.aggregates.get(measure, "sum"), array[family.member]
        if aggregate in _FOLD:
            return _FOLD[aggregate].reduceat(np.where(counts, part, np.nan), family.first, axis=0)
        by = weights if aggregate == "mean" else 1.0
        total = np.add.reduceat(np.where(counts, part * by, 0), family.first, axis=0)
        if aggregate != "mean":
            return total
        weights = np.add.reduceat(weights, family.first, axis=0)
        return np.divide(total, weights, out=np.full(total.shape, np.nan), where=weights > 0)

    def _let_speak(self, family: Family, measures, values, complete, weight) -> None:
        """Put an org's own statement in place of the sum; what it says nothing of is added up without the rest."""
        speaking = np.logical_or.reduce([self._own(measure)[family.nodes] for measure in measures])
        for org in family.nodes[speaking]:
            own = frozenset(measure for measure in measures if self._own(measure)[org])
            rest = self.roll(measures - own) if measures - own else None
            known = np.ones(complete.shape[1], dtype=bool) if rest is None else rest.complete[org]
            for measure in measures:
                values[measure][org] = (self.leaves(measure).values if measure in own else rest.values[measure])[org]
            stated = [~np.isnan(self.leaves(measure).values[org]) for measure in own]
            weight[org] = 1.0 if rest is None else rest.weight[org]
            complete[org] = np.logical_and.reduce([known, *stated])
