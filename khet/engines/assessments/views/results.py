"""What came out: scores by branch, level and why, simulation, gaps; comparison across rounds, schools and criteria."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from khet.core.accounts.access import reads, requires
from khet.core.ui import charts
from khet.engines.assessments import queries, rights, simulation
from khet.engines.assessments.forms import ImprovementForm
from khet.engines.assessments.gathering import rounded
from khet.engines.assessments.results import answers_that_count, by_layer
from khet.engines.assessments.rules import Lack
from khet.engines.assessments.schema import ROOT, Framework
from khet.engines.assessments.scoring import NA, Outcome, checked, outcome
from khet.engines.assessments.services.improving import may_improve
from khet.engines.assessments.views.getting import get_assessment, get_round
from khet.engines.assessments.views.sheet import answer_words

DEEPEST = 1  # levels of the tree below the top that the table of scores opens at once


@dataclass(frozen=True)
class Line:
    """A node of the result: its score, how much of its most, its level, and whether a gate holds it back."""

    node: object
    depth: int
    value: float | None
    top: float
    applies: bool
    level: str
    gated: bool = False

    @property
    def part(self) -> float:
        return 100 * self.value / self.top if self.value is not None and self.top else 0.0


@requires("plan.read")
@reads
def result(request, pk):
    """The result of one assessment."""
    assessment = get_assessment(request, pk)
    if not rights.sees_result(request.user, assessment) or assessment.outcome is None:
        raise Http404
    framework, found = assessment.framework, assessment.outcome
    layers = by_layer(assessment.ratings.defer("comment", "reason", "notes"))
    answers = answers_that_count(framework, layers)
    whole = "all" in request.GET
    page = {
        "assessment": assessment, "round": assessment.round, "framework": framework, "outcome": found,
        "row": queries.Row(assessment, True), "level": framework.level(found.level) if found.level else None,
        "index": _index(framework, found), "whole_tree": whole,
        "lines": lines(framework, found, deepest=None if whole else DEEPEST),
        "every_node": [(node.id, framework.name(node.id)) for node in framework.nodes if node.gather != "none"],
        "chart": _branches(framework, layers),
        "range": None if found.score is not None else _range(framework, answers),
        "earlier": list(queries.earlier(request.user, assessment)[:6]),
        "improvements": list(queries.improvements(request.user).filter(assessment=assessment)),
        "may_improve": may_improve(request.user, assessment), "form": ImprovementForm(),
        "why": _why(framework, found), "confidential": assessment.confidential,
    }  # fmt: skip
    page |= _simulated(request, framework, answers, found)
    return render(request, "assessments/result.html", page)


def lines(framework: Framework, found: Outcome, *, deepest: int | None = None) -> list[Line]:
    """Branches and leaves with their scores, top first; those below `deepest` only where a gate holds them back."""
    told = []
    for node in framework.nodes:
        if deepest is not None and framework.depths[node.id] > deepest and not _held_back(framework, node.id, found):
            continue
        score, depth = found.scores[node.id], framework.depths[node.id]
        level = framework.level(score.level, node.id) if score.level else None
        value = rounded(score.value, framework.decimals)
        gated = _held_back(framework, node.id, found)
        told.append(Line(node, depth, value, score.top, score.applies, str(level.title) if level else "", gated))
    return told


def _held_back(framework: Framework, id: str, found: Outcome) -> bool:
    """Whether a node has something that does not count, because a tier below it is not complete."""
    parent = framework.parents[id]
    gather = framework.gather if parent == ROOT else framework.by_id[parent].gather
    if gather not in ("tiers", "steps"):
        return False
    siblings = framework.criteria if parent == ROOT else framework.by_id[parent].criteria
    before = [child.id for child in siblings]
    before = before[: before.index(id)]
    incomplete = any(not found.scores[one].full for one in before if found.scores[one].applies)
    return bool(found.scores[id].value) and incomplete


def _index(framework: Framework, found: Outcome) -> tuple[str, float | None] | None:
    if framework.index is None:
        return None
    from khet.kit.expressions import evaluate

    return str(framework.index.title), rounded(
        evaluate(framework.index.value, {"score": found.score}), framework.index.decimals
    )


def _range(framework: Framework, answers) -> tuple[float | None, float | None]:
    """Between which scores the whole lies while criteria are unanswered."""
    return outcome(framework, answers, unrated="worst").score, outcome(framework, answers, unrated="best").score


def _why(framework: Framework, found: Outcome) -> list[str]:
    """What the next level lacks, in words."""
    level, lacks = simulation.shortfalls(framework, found)
    return [lack_words(framework, lack) for lack in lacks] if level else []


def lack_words(framework: Framework, lack: Lack) -> str:
    name = _("the whole") if lack.node == ROOT else framework.name(lack.node)
    has = "–" if lack.has is None else f"{lack.has:,.{framework.decimals}f}".rstrip("0").rstrip(".")
    if lack.nodes:
        return _("%(name)s: %(has)s reach it, %(needs)s are needed") % {
            "name": name, "has": has, "needs": f"{lack.needs:g}"}  # fmt: skip
    return _("%(name)s: %(has)s, needed %(needs)s") % {"name": name, "has": has, "needs": f"{lack.needs:g}"}


def _branches(framework: Framework, layers):
    """The branches side by side; None for a flat framework."""
    tops = [node for node in framework.criteria if node.criteria and node.gather != "none"]
    if len(tops) < 2:
        return None
    now = outcome(framework, answers_that_count(framework, layers), unrated="worst")
    bars = [
        {"name": f"{node.printed} {node.title}", "value": rounded(now.scores[node.id].value, framework.decimals)}
        for node in tops
    ]
    if all(bar["value"] is None for bar in bars):
        return None
    lowest = min((bar for bar in bars if bar["value"] is not None), key=lambda bar: bar["value"])
    unit = str(framework.unit or "")
    summary = _("Lowest: %(name)s with %(value)s.") % {"name": lowest["name"], "value": f"{lowest['value']:g}"}
    return charts.bars(bars, unit=unit, title=_("Branch"), summary=summary)


def _simulated(request, framework: Framework, answers, found: Outcome) -> dict:
    """What would be if the criteria named in ?if= were mended; the gains; a short way to the next level."""
    changes = {}
    for id in request.GET.getlist("if")[:200]:
        if id in framework.rated_ids and (best := simulation.best_answer(framework, id)) is not None:
            changes[id] = best
        elif id in framework.by_id:
            inside = (node.id for node in framework.by_id[id].walk() if node.id in framework.rated_ids)
            changes |= {one: best for one in inside if (best := simulation.best_answer(framework, one)) is not None}
    changes = {id: checked(framework, id, answer) for id, answer in changes.items() if answers.get(id) != NA}
    then = simulation.mended(framework, answers, changes) if changes else None
    now = simulation.mended(framework, answers, {})
    next_level, _lacks = simulation.shortfalls(framework, now)
    way = simulation.way_to(framework, answers, next_level) if next_level and request.GET.get("way") else None
    names = {node.id: framework.name(node.id) for node in framework.nodes}
    return {
        "asked": request.GET.getlist("if")[:200],
        "then": then,
        "then_level": framework.level(then.level) if then and then.level else None,
        "changes": [(names[id], answer_words(framework, id, answer, "")) for id, answer in changes.items()],
        "gains": [(gain, names[gain.node]) for gain in simulation.gains(framework, answers, limit=8)],
        "next_level": next_level,
        "way": way,
        "way_nodes": [(id, _("everything") if id == ROOT else names[id]) for id in way.nodes] if way else [],
        "way_count": len(way.changes) if way else 0,
    }


@requires("plan.read")
@reads
def compare(request, pk):
    """A round's schools beside each other by branch or criterion, and against the round before."""
    round = get_round(request, pk)
    framework = round.framework
    rows = [row for row in _with_results(request.user, round) if row.shown]
    at = request.GET.get("at", "")
    columns = framework.by_id[at].criteria if at in framework.by_id else framework.criteria
    columns = [node for node in columns if node.gather != "none"]
    before = queries.scores_before(request.user, round)
    page = {
        "round": round, "framework": framework, "columns": columns, "at": framework.by_id.get(at),
        "rows": [_compared(framework, row, columns, before.get(row.assessment.org_id)) for row in rows],
        "means": _means(framework, rows, columns), "has_before": bool(before),
        "path": _path(framework, at), "manages": rights.may_manage(request.user, round),
    }  # fmt: skip
    return render(request, "assessments/compare.html", page)


def _with_results(viewer, round) -> list[queries.Row]:
    manages, found = rights.may_manage(viewer, round), []
    for one in queries.assessments(viewer).filter(round=round).defer("answers", "notes").order_by("org__code", "pk"):
        one.round = round
        found.append(queries.Row(one, manages or rights.sees_result(viewer, one)))
    return found


def _compared(framework: Framework, row: queries.Row, columns, before: float | None) -> dict:
    found = row.assessment.outcome
    cells = [_cell(framework, found, node) for node in columns]
    change = row.score - before if row.score is not None and before is not None else None
    return {"row": row, "cells": cells, "change": change}


def _cell(framework: Framework, found: Outcome | None, node) -> dict:
    score = found.scores.get(node.id) if found else None
    value = rounded(score.value, framework.decimals) if score else None
    part = score.part if score and score.applies else None
    shade = "none" if part is None else str(min(3, int(part * 4)))
    return {"value": value, "shade": shade, "applies": bool(score and score.applies)}


def _means(framework: Framework, rows, columns) -> list[float | None]:
    told = []
    for node in columns:
        values = [
            score.value for row in rows
            if (found := row.assessment.outcome) and (score := found.scores[node.id]).value is not None
        ]  # fmt: skip
        told.append(rounded(sum(values) / len(values), framework.decimals) if values else None)
    return told


def _path(framework: Framework, at: str) -> list:
    """The branches above the one looked at, outermost first."""
    found = []
    while (at := framework.parents.get(at, ROOT)) != ROOT:
        found.append(framework.by_id[at])
    return list(reversed(found))
