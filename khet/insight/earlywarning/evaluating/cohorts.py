"""How a table is cut into what a model learns from and what it is judged on."""

from dataclasses import dataclass, field

import numpy as np

from khet.insight.earlywarning.evaluating.faults import EvaluationError
from khet.insight.earlywarning.evaluating.table import Column
from khet.insight.earlywarning.evaluating.years import as_cohorts, cohort_key

ENOUGH_POSITIVES = 30  # past leavers below which nothing can be learnt that holds
ENOUGH_TO_TEST = 10
FOLDS = 5
MANY_AGAIN = 0.3


@dataclass(frozen=True, eq=False)
class Split:
    """How the rows are used.

    kind     cohorts: learnt on earlier cohorts, judged on a later one; schools: judged on schools never seen;
             pupils: judged on pupils never seen; rows: judged on rows never seen
    rounds   [[(learn, test), …], …]: in each round every judged row is tested once
    words    the same in a sentence
    detail   what a reader of the document needs (cohorts, folds, rounds)
    """

    kind: str
    rounds: list[list[tuple[np.ndarray, np.ndarray]]]
    words: str
    detail: dict = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


def by_cohort(time: Column, y: np.ndarray, pupils: np.ndarray | None) -> Split:
    """Learn on cohorts up to t-2 and test on t; up to t-1 where less would be too little. Raises EvaluationError."""
    time = as_cohorts(time)
    present = [code for code, count in enumerate(time.counts) if count]
    order = sorted(present, key=lambda code: cohort_key(time.levels[code]))
    place = np.full(len(time.levels) + 1, -1)
    place[order] = np.arange(len(order))
    cohort = place[time.codes]
    last = _testable(cohort, y, len(order))
    gap = 2 if last >= 2 and _learnable(y[(cohort >= 0) & (cohort <= last - 2)]) else 1
    learn = np.flatnonzero((cohort >= 0) & (cohort <= last - gap))
    test = np.flatnonzero(cohort == last)
    names = [time.levels[code] for code in order]
    notices = []
    if last < len(order) - 1:
        notices.append(f"Cohorts after {names[last]} hold too few outcomes to judge on; {names[last]} was used.")
    if pupils is not None:
        learn = _without_those_judged(learn, pupils, test, names[last], notices)
    if len(learn) == 0 or len(set(y[learn])) < 2:
        raise EvaluationError(
            f"--time: the cohorts of '{time.name}' before {names[last]} hold no two outcomes to learn from. "
            "Leave --time out to judge on rows never seen."
        )
    learnt = [names[n] for n in range(last - gap + 1)]
    words = f"learnt on {_listed(learnt)} of '{time.name}', judged on {names[last]}"
    words += "" if gap == 2 else f" (up to t-1: {'only two cohorts' if last < 2 else 'up to t-2 there were too few'})"
    detail = {"time": time.name, "train": learnt, "test": names[last], "gap": gap}
    return Split("cohorts", [[(learn, test)]], words, detail, notices)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def _testable(cohort: np.ndarray, y: np.ndarray, count: int) -> int:
    """Place of the latest cohort with enough of both outcomes, and one before it."""
    for at in range(count - 1, 0, -1):
        rows = y[cohort == at]
        if min(rows.sum(), (1 - rows).sum()) >= ENOUGH_TO_TEST:
            return at
    raise EvaluationError(
        "--time: no cohort but the first holds ten of each outcome. Leave --time out to judge on rows never seen."
    )


def _learnable(rows: np.ndarray) -> bool:
    return len(rows) > 0 and min(rows.sum(), (1 - rows).sum()) >= ENOUGH_POSITIVES


def _without_those_judged(learn, pupils, test, judged: str, notices: list[str]) -> np.ndarray:
    """Earlier rows of pupils who are judged are not learnt from, unless they are the rule.

    Where most pupils have a row each year, those without a later one are the ones who left: to learn from them alone
    would be to learn from leavers.
    """
    again = np.isin(pupils[learn], np.unique(pupils[test])) & (pupils[learn] >= 0)
    if again.mean() > MANY_AGAIN:
        notices.append(f"{again.mean():.0%} of the earlier rows are of pupils judged again in {judged}; they stay, "
                       "because those without a later row are the ones who left.")  # fmt: skip
        return learn
    if again.any():
        notices.append(f"{again.sum()} earlier rows of pupils judged again in {judged} were not learnt from.")
    return learn[~again]


def by_folds(y: np.ndarray, units: np.ndarray | None, kind: str, unit_name: str, *, rounds: int, seed: int) -> Split:
    """Every row judged by a model that has not seen it (nor its school or pupil)."""
    folds = min(FOLDS, int(min(y.sum(), (1 - y).sum())))
    made = [folds_of(y, units, folds, seed + turn) for turn in range(rounds)]
    unseen = {"schools": f"schools ('{unit_name}')", "pupils": f"pupils ('{unit_name}')", "rows": "rows"}[kind]
    words = f"each row judged by a model that never saw it: {unseen} cut in {folds} parts"
    words += f", {rounds} times over" if rounds > 1 else ""
    return Split(kind, made, words, {"folds": folds, "rounds": rounds, "unit": unit_name or None})


def folds_of(y: np.ndarray, units: np.ndarray | None, folds: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """(learn, test) for each fold; both outcomes in each as far as units (schools, pupils) stay whole."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    if units is not None and len(np.unique(units)) >= folds:
        cut = StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(y, y, units)
        found = [(learn, test) for learn, test in cut if len(test) and len(set(y[learn])) == 2]
        if len(found) == folds:
            return found
    return list(StratifiedKFold(folds, shuffle=True, random_state=seed).split(y, y))
