"""The document an evaluation ends in; its keys are a contract (docs/guides/early-warning.md)."""

import numpy as np

from khet.insight.earlywarning.evaluating.cohorts import ENOUGH_POSITIVES, Split
from khet.insight.earlywarning.evaluating.groups import by_group
from khet.insight.earlywarning.evaluating.lists import LISTS, PEERS, Lists
from khet.insight.earlywarning.evaluating.metrics import figures
from khet.insight.earlywarning.evaluating.repetition import bounds, repeated
from khet.insight.earlywarning.evaluating.understanding import Found, Wish

CAPACITY = 0.1  # of the judged rows, where the office's capacity is not given


def document_of(found: Found, split: Split, lists: Lists, wish: Wish) -> dict:
    """All figures of one evaluation: the model's at the top, those of the rule and the peers beside them."""
    y, notices = found.y[lists.rows], [*found.notices, *split.notices]
    k = _capacity(wish.capacity, len(y), notices)
    enough = _enough(found, notices)
    drawn = repeated(y, lists.scores, k, lists.units, wish.seed)
    told = {name: _figures(y, lists, name, k, drawn[name]) for name in LISTS}
    model = told.pop("model")
    told["baseline_rule"] |= _rule(lists)
    return {
        **model, "k": k, "n": len(y), "positives": int(y.sum()), "rate": float(y.mean()),
        **told,
        "against_rule": _against(told["baseline_rule"], model, drawn, enough),
        "against_peers": {name: _difference(model, told[name], drawn, name) for name in PEERS},
        "groups": _groups(found, lists, y, k, wish),
        "outcome": {"column": found.outcome.column.name, "positive": found.outcome.positive},
        "split": {"kind": split.kind, "words": split.words, **split.detail},
        "model": {"parts": _average(lists.weights)},
        "columns": _columns(found),
        "enough_history": enough,
        "notices": notices,
        "seed": wish.seed,
    }  # fmt: skip


def _capacity(wanted: int | None, rows: int, notices: list[str]) -> int:
    if wanted is None:
        return max(1, round(CAPACITY * rows))
    if wanted > rows:
        notices.append(f"--capacity {wanted} is more than the {rows} judged rows; all of them are taken.")
    return min(wanted, rows)


def _enough(found: Found, notices: list[str]) -> bool:
    happened = int(found.y.sum())
    if happened < ENOUGH_POSITIVES:
        notices.append(f"Only {happened} rows hold the outcome; under {ENOUGH_POSITIVES} no score should be shown.")
    return happened >= ENOUGH_POSITIVES


def _figures(y: np.ndarray, lists: Lists, name: str, k: int, drawn: dict) -> dict:
    rounds = zip(lists.chances[name], lists.scores[name], strict=True)
    found = _mean([figures(y, chance, score, k) for chance, score in rounds])
    return found | {"intervals": {figure: bounds(values) for figure, values in drawn.items()}}


def _mean(rounds: list[dict]) -> dict:
    """The figures of several rounds, each averaged; None where a round has none."""
    return {key: _mean_of([one[key] for one in rounds]) for key in rounds[0]}


def _mean_of(values: list):
    if isinstance(values[0], dict):
        return _mean(values)
    return None if None in values else float(np.mean(values))


def _rule(lists: Lists) -> dict:
    """Which rule stood most often, and its signs."""
    kinds = [rule.kind for rule in lists.rules]
    rule = lists.rules[kinds.index(max(kinds, key=kinds.count))]
    return {"kind": rule.kind, "signs": [sign.words for sign in rule.signs]}


def _against(rule: dict, model: dict, drawn: dict, enough: bool) -> dict:
    """The model less the rule at the same caseload, and whether the difference is more than chance."""
    found = _difference(model, rule, drawn, "baseline_rule")
    better = bool(found["recall_at_k"]["difference"] > 0 and found["recall_at_k"]["interval"][0] > 0)
    return found | {"model_beats_rule": better, "shown": enough and better}


def _difference(model: dict, other: dict, drawn: dict, name: str) -> dict:
    """{figure: {difference, interval}} of the model less another list, both in the same draws."""
    return {
        figure: {
            "difference": model[figure] - other[figure],
            "interval": bounds(drawn["model"][figure] - drawn[name][figure]),
        }
        for figure in ("auc", "precision_at_k", "recall_at_k")
    }


def _groups(found: Found, lists: Lists, y: np.ndarray, k: int, wish: Wish) -> dict:
    chance = np.mean(lists.chances["model"], axis=0)
    columns = [found.table.column(name, "--group") for name in wish.groups]
    return {
        column.name: by_group(column.rows(lists.rows), y, lists.scores["model"], chance, k, lists.units, wish.seed)
        for column in columns
    }


def _columns(found: Found) -> dict:
    return {
        "used": [column.name for column in found.inputs],
        "left_out": [{"column": one.column, "why": one.why} for one in found.left_out],
        "school": found.school.name if found.school else None,
        "pupil": found.pupil.name if found.pupil else None,
    }


def _average(weights: list[dict[str, float]]) -> dict[str, float]:
    names = sorted({name for one in weights for name in one})
    shares = {name: sum(one.get(name, 0) for one in weights) / len(weights) for name in names}
    return {name: round(share, 3) for name, share in sorted(shares.items(), key=lambda item: -item[1]) if share > 0.005}
