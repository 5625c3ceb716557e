"""What a result would be if something were mended, what holds it back, and a short way to the next level. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from khet.engines.assessments.gathering import rounded
from khet.engines.assessments.rules import Lack, lacking
from khet.engines.assessments.schema import ROOT, Framework, Level
from khet.engines.assessments.scoring import NA, Answer, Answers, Outcome, best_answer, changed, outcome, points_of

Changes = dict[str, Answer]
Step = tuple[str, Changes]  # a node to mend, and the answers that takes


@dataclass(frozen=True)
class Gain:
    """What mending a node is worth: the changes it takes, and the score and level afterwards."""

    node: str
    changes: Changes
    score: float | None
    level: str | None
    more: float  # points of the whole that are won


@dataclass(frozen=True)
class Way:
    """A short way to a level: the changes, in the order in which they help most, and what comes out.

    Found step by step and then shortened; on trees with many gates a still shorter one may exist.
    """

    level: Level
    changes: Changes
    result: Outcome
    nodes: tuple[str, ...] = ()  # what to mend, as one would say it: a whole tier rather than each of its points


class Bench:
    """The answers as they stand, on which changes are tried out; what is unanswered counts as the worst."""

    def __init__(self, framework: Framework, answers: Answers):
        self.framework, self.answers = framework, dict(answers)
        self.now = outcome(framework, self.answers, unrated="worst")

    def then(self, changes: Mapping[str, Answer | None]) -> Outcome:
        """The outcome with some answers changed."""
        if not changes:
            return self.now
        return changed(self.framework, self.now, {**self.answers, **changes}, changes, unrated="worst")


def mended(framework: Framework, answers: Answers, changes: Mapping[str, Answer | None]) -> Outcome:
    """The outcome with some answers changed."""
    return Bench(framework, answers).then(changes)


def shortfalls(framework: Framework, result: Outcome, at: str = ROOT) -> tuple[Level | None, list[Lack]]:
    """(the next better level of a node, what it lacks); (None, []) at the best and where there are no levels."""
    levels = framework.levels if at == ROOT else framework.by_id[at].levels
    codes = [level.code for level in levels]
    has = result.scores[at].level
    place = codes.index(has) if has in codes else len(codes)
    if place == 0 or not levels:
        return None, []
    level = levels[place - 1]
    return level, lacking(framework, level.when, at, result.scores)


def gains(framework: Framework, answers: Answers, *, limit: int = 10) -> list[Gain]:
    """What mending each node by itself would win for the whole, most first: single criteria and whole branches."""
    bench = Bench(framework, answers)
    found = []
    for node, changes in _candidates(framework, answers):
        then = bench.then(changes)
        if (won := (then.score or 0.0) - (bench.now.score or 0.0)) > 0 or then.level != bench.now.level:
            found.append(Gain(node, changes, then.score, then.level, rounded(won, framework.decimals) or 0.0))
    found.sort(key=lambda gain: (-gain.more / len(gain.changes), len(gain.changes), gain.node))
    return found[:limit]


def way_to(framework: Framework, answers: Answers, level: Level) -> Way | None:
    """A short way to a level of the whole, or None when not even everything mended reaches it."""
    bench = Bench(framework, answers)
    candidates = _candidates(framework, answers)
    everything = {id: answer for _node, changes in candidates for id, answer in changes.items()}
    if _distance(bench, everything, level):
        return None
    chosen: Changes = {}
    steps: list[Step] = []
    while distance := _distance(bench, chosen, level):
        step = _best_step(bench, chosen, candidates, level, distance)
        if step is None:
            chosen, steps = dict(everything), [(ROOT, everything)]
            break
        steps.append(step)
        chosen |= step[1]
    steps, chosen = _without_needless(bench, steps, level)
    return Way(level, chosen, bench.then(chosen), tuple(node for node, _changes in steps))


def _best_step(bench: Bench, chosen: Changes, candidates, level: Level, distance: float) -> Step | None:
    """The candidate that brings the level nearest for each criterion to be mended."""
    best, worth = None, 0.0
    for node, changes in candidates:
        new = {id: answer for id, answer in changes.items() if id not in chosen}
        if not new:
            continue
        won = (distance - _distance(bench, chosen | new, level)) / len(new)
        if won > worth + 1e-9:
            best, worth = (node, new), won
    return best


def _without_needless(bench: Bench, steps: list[Step], level: Level) -> tuple[list[Step], Changes]:
    """The steps without those that turned out not to be needed, and within the rest only the changes that are."""
    kept = list(steps)
    for step in steps:
        rest = [other for other in kept if other is not step]
        if not _distance(bench, _joined(rest), level):
            kept = rest
    chosen = _joined(kept)
    for id in list(chosen):
        fewer = {other: answer for other, answer in chosen.items() if other != id}
        if not _distance(bench, fewer, level):
            chosen = fewer
    kept = [(node, {id: answer for id, answer in given.items() if id in chosen}) for node, given in kept]
    return [step for step in kept if step[1]], chosen


def _joined(steps: list[Step]) -> Changes:
    return {id: answer for _node, given in steps for id, answer in given.items()}


def _candidates(framework: Framework, answers: Answers) -> list[tuple[str, Changes]]:
    """Everything that could be mended: each criterion to its best, and each branch as a whole."""
    single = {}
    for node in framework.rated:
        best, now = best_answer(framework, node.id), answers.get(node.id)
        if best is not None and now != NA and now != best and not _is_best(framework, node.id, now):
            single[node.id] = best
    found = [(id, {id: answer}) for id, answer in single.items()]
    for branch in framework.nodes:
        inside = {node.id: single[node.id] for node in branch.walk() if node.id in single and node is not branch}
        if branch.criteria and len(inside) > 1:
            found.append((branch.id, inside))
    return found


def _is_best(framework: Framework, id: str, answer: Answer | None) -> bool:
    scale = framework.scale_of(id)
    points = points_of(scale, answer) if scale else None
    return points is not None and scale.top is not None and points >= scale.top


def _distance(bench: Bench, changes: Changes, level: Level) -> float:
    """How far a level is with some changes: 0 when it, or a better one, is reached; each lack counts a little."""
    framework, result = bench.framework, bench.then(changes)
    codes = [one.code for one in framework.levels]
    if result.level in codes and codes.index(result.level) <= codes.index(level.code):
        return 0.0
    lacks = lacking(framework, level.when, ROOT, result.scores)
    return sum(max(lack.needs - (lack.has or 0.0), 0.0) + 0.001 for lack in lacks) or 0.001
