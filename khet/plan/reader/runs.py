"""Sets of strategies: a document may print a list and then details, or quote another office's set before its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from khet.plan.reader.letters import skeleton
from khet.plan.reader.marks import Marker
from khet.plan.reader.reading import Strategy


@dataclass(slots=True)
class Run:
    """Strategies numbered from one; a document may print more than one such set.

    under   the number of the goal the set stands under, "" when it stands under none
    own     False for a set quoted from another office
    mark    before the heading of a set printed as one list
    """

    strategies: list[Strategy] = field(default_factory=list)
    word: str = ""
    under: str = ""
    own: bool = True
    mark: Marker | None = None

    def weight(self) -> tuple[bool, int, int]:
        """How much the set says: the office's own first, then nested items, then strategies."""
        nested = sum(len(s.goals) + len(s.tactics) + len(s.indicators) for s in self.strategies)
        return self.own, nested, len(self.strategies)

    @property
    def is_hollow(self) -> bool:
        """True when hardly anything stands under the strategies."""
        return sum(1 for strategy in self.strategies if not strategy.is_bare) * 2 < len(self.strategies)

    def said(self) -> list[Strategy]:
        """The strategies of which something is said: a title, or what stands under them."""
        return [strategy for strategy in self.strategies if strategy.title or not strategy.is_bare]


def _same_run(one: Run, other: Run) -> bool:
    """True when both sets name the same strategies, as far as both go."""
    titles = {s.number: skeleton(s.title) for s in one.strategies}
    shared = [(titles[s.number], skeleton(s.title)) for s in other.strategies if s.number in titles]
    alike = sum(1 for a, b in shared if not a or not b or a[:18] == b[:18] or a in b or b in a)
    return bool(shared) and alike * 2 > len(shared)


def _merge(one: Run, other: Run) -> None:
    by_number = {s.number: s for s in one.strategies}
    for strategy in other.strategies:
        known = by_number.get(strategy.number)
        if known is None:
            one.strategies.append(strategy)
            continue
        known.title = known.title or strategy.title
        for name in ("goals", "tactics", "indicators"):
            if not getattr(known, name):
                setattr(known, name, getattr(strategy, name))


def merged(runs: Sequence[Run]) -> list[Run]:
    """The sets; one that was printed twice, and those that stand under one goal each, made one."""
    kept: list[Run] = []
    for run in runs:
        if kept and run.under and kept[-1].under not in ("", run.under) and run.word == kept[-1].word:
            kept[-1].strategies += run.strategies  # "กลยุทธ์" under each of the goals, counted anew
            kept[-1].under = run.under
            continue
        twin = next((known for known in kept if _same_run(known, run)), None)
        if twin:
            _merge(twin, run)
        elif run.strategies:
            kept.append(run)
    return kept
