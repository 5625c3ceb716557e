"""Whether a condition of the data holds, and what is lacking when it does not. Pure.

A condition is true, false, or None: not to be told while a score is unknown. A score is compared as it is published,
rounded to the framework's decimals, so that a page never shows 85.00 and says it is below 85.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from khet.engines.assessments.gathering import rounded
from khet.engines.assessments.schema import ROOT, Count, Framework, When

if TYPE_CHECKING:
    from khet.engines.assessments.scoring import Score


@dataclass(frozen=True)
class Lack:
    """A node that keeps a condition from holding: what it has and what is needed (for `count`: how many nodes)."""

    node: str
    has: float | None
    needs: float
    nodes: tuple[str, ...] = ()  # for a count: those that do not reach it


def holds(framework: Framework, when: When, at: str, scores: Mapping[str, "Score"]) -> bool | None:
    """True, False, or None while it cannot be told; unknown parts do not matter where a known one decides."""
    verdicts = list(_verdicts(framework, when, at, scores))
    if any(verdict is False for verdict in verdicts):
        return False
    return None if any(verdict is None for verdict in verdicts) else True


def lacking(framework: Framework, when: When, at: str, scores: Mapping[str, "Score"]) -> list[Lack]:
    """What would have to rise for the condition to hold; [] when it holds or is bound from above."""
    lacks = []
    if when.at_least is not None and _reaches(framework, scores, at, when.at_least) is not True:
        lacks.append(Lack(at, _shown(framework, scores, at), when.at_least))
    if when.each is not None:
        for id in nodes_of(framework, when.each.of, at, scores):
            if _reaches(framework, scores, id, when.each.at_least) is not True:
                lacks.append(Lack(id, _shown(framework, scores, id), when.each.at_least))
    if when.count is not None and _enough(framework, when.count, at, scores) is not True:
        ids = nodes_of(framework, when.count.of, at, scores)
        short = tuple(id for id in ids if _reaches(framework, scores, id, when.count.reaching) is not True)
        lacks.append(Lack(at, len(ids) - len(short), _needed(when.count, len(ids)), short))
    for id in when.complete:
        if scores[id].applies and not scores[id].full:
            lacks.append(Lack(id, _shown(framework, scores, id), scores[id].top))
    if when.any and not any(holds(framework, other, at, scores) for other in when.any):
        lacks += min((lacking(framework, other, at, scores) for other in when.any), key=len)
    return lacks


def nodes_of(framework: Framework, of, at: str, scores: Mapping[str, "Score"]) -> list[str]:
    """The ids a condition speaks of, without those that do not apply."""
    if of == "children":
        ids = [child.id for child in _below(framework, at)]
    elif of == "leaves":
        ids = [node.id for child in _below(framework, at) for node in child.walk() if not node.criteria]
    else:
        ids = list(of)
    return [id for id in ids if scores[id].applies]


def _below(framework: Framework, at: str):
    return framework.criteria if at == ROOT else framework.by_id[at].criteria


def _verdicts(framework: Framework, when: When, at: str, scores) -> Iterator[bool | None]:
    if when.at_least is not None:
        yield _reaches(framework, scores, at, when.at_least)
    if when.below is not None:
        reached = _reaches(framework, scores, at, when.below)
        yield None if reached is None else not reached
    if when.each is not None:
        for id in nodes_of(framework, when.each.of, at, scores):
            yield _reaches(framework, scores, id, when.each.at_least)
    if when.count is not None:
        yield _enough(framework, when.count, at, scores)
    for id in when.complete:
        if scores[id].applies:
            yield None if scores[id].value is None else scores[id].full
    if when.any:
        told = [holds(framework, other, at, scores) for other in when.any]
        yield True if True in told else None if None in told else False


def _shown(framework: Framework, scores, id: str) -> float | None:
    return rounded(scores[id].value, framework.decimals)


def _reaches(framework: Framework, scores, id: str, bound: float) -> bool | None:
    value = _shown(framework, scores, id)
    return None if value is None else value >= bound


def _enough(framework: Framework, count: Count, at: str, scores) -> bool | None:
    """Whether enough nodes reach the bound; told early when those known already decide."""
    told = [_reaches(framework, scores, id, count.reaching) for id in nodes_of(framework, count.of, at, scores)]
    needed = _needed(count, len(told))
    if told.count(True) >= needed:
        return True
    return False if len(told) - told.count(False) < needed else None


def _needed(count: Count, among: int) -> float:
    if count.at_least is not None:
        return count.at_least
    return max(1, -(-round(count.share * among, 6) // 1))  # rounded up: 70 % of 12 are 9
