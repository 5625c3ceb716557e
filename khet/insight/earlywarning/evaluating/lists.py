"""The four lists that are compared, each row told by models and rules that have not seen it."""

from dataclasses import dataclass, field

import numpy as np

from khet.insight.earlywarning.evaluating import cohorts, models
from khet.insight.earlywarning.evaluating.faults import EvaluationError
from khet.insight.earlywarning.evaluating.rule import Rule, learn_rule
from khet.insight.earlywarning.evaluating.understanding import Found, Wish

PEERS = ("logistic_regression", "gradient_boosting")
LISTS = ("model", "baseline_rule", *PEERS)
SMALL, MIDDLING = 1200, 4000  # rows below which the folds are drawn three and two times


@dataclass(eq=False)
class Lists:
    """What each list says of the judged rows.

    rows            the judged rows of the table
    units           per judged row what is drawn as a whole when figures are repeated: its school or pupil, or itself
    scores, chances {list: [array of the judged rows, …]}, one a round: what ranks it, and how probable it says it is
    rules, weights  every rule and every model's parts, in the order they were learnt
    """

    rows: np.ndarray
    units: np.ndarray
    scores: dict[str, list[np.ndarray]] = field(default_factory=lambda: {name: [] for name in LISTS})
    chances: dict[str, list[np.ndarray]] = field(default_factory=lambda: {name: [] for name in LISTS})
    rules: list[Rule] = field(default_factory=list)
    weights: list[dict[str, float]] = field(default_factory=list)


def split_of(found: Found, wish: Wish) -> cohorts.Split:
    """By cohort where time exists, else by school, by pupil, by row; a choice of ours is a notice."""
    if found.time is not None and (split := _by_cohort(found, wish)) is not None:
        return split
    unit = found.school or found.pupil
    kind = "schools" if found.school else "pupils" if found.pupil else "rows"
    rounds = 3 if len(found.y) < SMALL else 2 if len(found.y) < MIDDLING else 1
    codes, name = (unit.codes, unit.name) if unit else (None, "")
    return cohorts.by_folds(found.y, codes, kind, name, rounds=rounds, seed=wish.seed)


def _by_cohort(found: Found, wish: Wish) -> cohorts.Split | None:
    try:
        split = cohorts.by_cohort(found.time, found.y, found.pupil.codes if found.pupil else None)
    except EvaluationError as error:
        if wish.time:
            raise
        found.notices.append(str(error).replace("--time: ", f"'{found.time.name}' was not used as time: "))
        return None
    if not wish.time:
        found.notices.append(f"'{found.time.name}' was taken as time; name another with --time.")
    return split


def lists_of(found: Found, split: cohorts.Split, seed: int) -> Lists:
    """The lists of every round, learnt anew for each part of the split."""
    rows = np.sort(np.concatenate([test for _learn, test in split.rounds[0]]))
    place = np.full(len(found.y), -1)
    place[rows] = np.arange(len(rows))
    lists = Lists(rows, _units(found, rows))
    whole = found.pupil if split.kind == "cohorts" else found.school or found.pupil
    for turn, cut in enumerate(split.rounds):
        scores, chances = ({name: np.zeros(len(rows)) for name in LISTS} for _ in range(2))
        for learn, test in cut:
            told = _learn(found, learn, whole.codes if whole else None, seed + turn, lists)
            for name, (score, chance) in told.items():
                scores[name][place[test]], chances[name][place[test]] = score[test], chance[test]
        for name in LISTS:
            lists.scores[name].append(scores[name])
            lists.chances[name].append(chances[name])
    return lists


def _learn(found: Found, learn: np.ndarray, whole: np.ndarray | None, seed: int, lists: Lists) -> dict:
    """{list: (scores, chances) of every row}, learnt from some rows."""
    model, rule = (
        models.fit(found.inputs, found.y, learn, whole, seed),
        learn_rule(found.inputs, found.y, learn),
    )
    lists.weights.append(model.weights)
    lists.rules.append(rule)
    peers = {name: models.fit_default(name, found.inputs, found.y, learn, seed) for name in PEERS}
    told = {"model": model.probabilities} | peers
    return {name: (chance, chance) for name, chance in told.items()} | {"baseline_rule": (rule.count, rule.chances)}


def _units(found: Found, rows: np.ndarray) -> np.ndarray:
    """The school or pupil of each row; rows without one, or in a table of neither, stand each for themselves."""
    unit = found.school or found.pupil
    if unit is None:
        return np.arange(len(rows))
    codes = unit.codes[rows]
    return np.where(codes < 0, codes.max() + 1 + np.arange(len(rows)), codes)
