"""Whether the list would have found, in a year that is over, the pupils who were lost: rules and model side by side.

A model learns from cohorts up to two years before the judged one (one year where less is too little), because the end
of last year's pupils is not known when this year's list is made. It is used only where it would have found more of the
lost than the plain rules at the same caseload, by more than chance.
"""

from dataclasses import dataclass

import numpy as np

from khet.insight.earlywarning.cohort import Cohort
from khet.insight.earlywarning.columns import column, inputs_of
from khet.insight.earlywarning.evaluating import models
from khet.insight.earlywarning.evaluating.groups import by_group
from khet.insight.earlywarning.evaluating.metrics import figures
from khet.insight.earlywarning.evaluating.ranking import at_k
from khet.insight.earlywarning.evaluating.repetition import bounds, repeated
from khet.insight.earlywarning.order import by_rule, points_of
from khet.insight.earlywarning.schema import WarningRules

SEED = 2568
ENOUGH_TO_JUDGE = 10
SCHOOL_FOLDS = 3
FIRST_SCHOOLS = 0.2  # of all pupils: the schools that come first hold so many
SMALL_SCHOOL = 120  # pupils (OBEC's small school)


@dataclass(eq=False)
class Past:
    """Cohorts whose end is known, the judged one last, and what is learnt from."""

    learn: list[Cohort]
    judged: Cohort
    gap: int


def past_of(cohorts: list[Cohort], least: int) -> Past | None:
    """The newest cohort with enough lost pupils to judge on; what is learnt from may be too little (an empty list)."""
    ended = [cohort for cohort in cohorts if cohort.ended is not None]
    for place in range(len(ended) - 1, -1, -1):
        judged = ended[place]
        if lost(judged).sum() < ENOUGH_TO_JUDGE:
            continue
        learn, gap = to_learn_from(ended, judged.year, least)
        return Past(learn, judged, gap)
    return None


def to_learn_from(cohorts: list[Cohort], year: int, least: int) -> tuple[list[Cohort], int]:
    """(cohorts, gap): those up to two years before, else one, with at least so many lost; ([], 0) when too few."""
    for gap in (2, 1):
        found = [cohort for cohort in cohorts if cohort.ended is not None and cohort.year <= year - gap]
        if sum(lost(cohort).sum() for cohort in found) >= least:
            return found, gap
    return [], 0


def lost(cohort: Cohort) -> np.ndarray:
    """1 for pupils who were still coming on the day and were lost, 0 for those who stayed."""
    return cohort.ended[cohort.still_coming]


def judge(past: Past | None, rules: WarningRules, share: float) -> dict:
    """The figures of the model's card. `share`: of all pupils, how many the office can help.

    returns  {why, …}: `why` is "" where the model is to be used, else no_past | thin_history | not_better
    """
    if past is None:
        return {"why": "no_past"}
    judged, y = past.judged, lost(past.judged)
    k = max(1, round(share * len(y)))
    schools = judged.schools[judged.still_coming]
    points = points_of(rules, judged)[judged.still_coming]
    told = {"rule": by_rule(rules, judged)[judged.still_coming]}
    if past.learn:
        told["model"] = _model(past, rules)
        told["unseen"] = _unseen_schools(past, rules)
    drawn = repeated(y, {name: [score] for name, score in told.items()}, k, schools, SEED)
    best = told.get("model", told["rule"])
    card = {
        "year": judged.year, "pupils": len(y), "lost": int(y.sum()), "k": k, "share": share, "listed": judged.listed,
        "learnt": [cohort.year for cohort in past.learn], "gap": past.gap,
        "rule": _figures(y, told["rule"], _chances(points, y), k, drawn["rule"]),
    }  # fmt: skip
    card |= {name: _figures(y, told[name], told[name], k, drawn[name]) for name in ("model", "unseen") if name in told}
    card["groups"] = _groups(judged, y, best, _chances(points, y) if best is told["rule"] else best, k, schools)
    card["schools"] = _schools(judged, y, told, schools)
    if not past.learn:
        return card | {"why": "thin_history"}
    difference = drawn["model"]["recall_at_k"] - drawn["rule"]["recall_at_k"]
    card["against_rule"] = {
        "difference": card["model"]["recall_at_k"] - card["rule"]["recall_at_k"], "interval": bounds(difference)
    }  # fmt: skip
    better = card["against_rule"]["difference"] > 0 and card["against_rule"]["interval"][0] > 0
    return card | {"why": "" if better else "not_better"}


def fitted(rules: WarningRules, learn: list[Cohort], told: Cohort) -> models.Fitted:
    """A model learnt from cohorts, and what it says of the pupils of another (their rows come last)."""
    columns = inputs_of(rules, [*learn, told])
    y = np.concatenate([*(lost(cohort) for cohort in learn), np.zeros(told.still_coming.sum())])
    rows = np.arange(sum(len(lost(cohort)) for cohort in learn))
    return models.fit(columns, y, rows, _units(learn), SEED)


def _units(learn: list[Cohort]) -> np.ndarray:
    return np.concatenate([cohort.persons[cohort.still_coming] for cohort in learn])


def _model(past: Past, rules: WarningRules) -> np.ndarray:
    return fitted(rules, past.learn, past.judged).probabilities[-len(lost(past.judged)) :]


def _unseen_schools(past: Past, rules: WarningRules) -> np.ndarray:
    """Each school's pupils as told by a model that has learnt from other schools only."""
    columns = inputs_of(rules, [*past.learn, past.judged])
    ends = np.concatenate([lost(cohort) for cohort in (*past.learn, past.judged)])
    schools = np.concatenate([cohort.schools[cohort.still_coming] for cohort in (*past.learn, past.judged)])
    count, persons = len(ends) - len(lost(past.judged)), _units(past.learn)
    fold = _folds(schools)
    told = np.zeros(len(ends) - count)
    for turn in range(SCHOOL_FOLDS):
        learn = np.flatnonzero(fold[:count] != turn)
        test = np.flatnonzero(fold[count:] == turn)
        if len(test) and len(set(ends[learn])) == 2:
            told[test] = models.fit(columns, ends, learn, persons, SEED).probabilities[count:][test]
    return told


def _folds(schools: np.ndarray) -> np.ndarray:
    names, place = np.unique(schools, return_inverse=True)
    return np.random.default_rng(SEED).permutation(len(names))[place] % SCHOOL_FOLDS


def _chances(points: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How often pupils with so many points were lost in the judged year itself: what the rule can say at best."""
    rates = {value: y[points == value].mean() for value in np.unique(points)}
    return np.array([rates[value] for value in points])


def _figures(y: np.ndarray, score: np.ndarray, chance: np.ndarray, k: int, drawn: dict) -> dict:
    return figures(y, chance, score, k) | {"intervals": {name: bounds(values) for name, values in drawn.items()}}


def _groups(judged: Cohort, y, score, chance, k: int, schools) -> dict:
    """Recall by sex, size of school, disadvantage and disability; groups that nobody recorded are left out."""
    coming = judged.still_coming
    size = np.where(judged.features["school_size"] <= SMALL_SCHOOL, "small", "larger").astype(object)
    found = {}
    for name, values in (judged.groups | {"school_size": size}).items():
        compared = column(name, values[coming])
        if sum(compared.counts > 0) > 1:
            found[name] = by_group(compared, y, [score], chance, k, schools, SEED)
    return found


def _schools(judged: Cohort, y: np.ndarray, told: dict, schools: np.ndarray) -> dict:
    """Of the lost, the share in the schools that come first, by each way of ranking schools."""
    ways = {name: told[name] for name in ("model", "rule") if name in told}
    before = judged.features["school_before"][judged.still_coming]
    if not np.isnan(before).all():
        ways["last_year"] = np.nan_to_num(before)
    return {name: _found_in_first(y, score, schools) for name, score in ways.items()} | {"share": FIRST_SCHOOLS}


def _found_in_first(y: np.ndarray, score: np.ndarray, schools: np.ndarray) -> float:
    _names, place = np.unique(schools, return_inverse=True)
    mean = np.bincount(place, weights=score) / np.bincount(place)
    return at_k(y, mean[place], max(1, round(FIRST_SCHOOLS * len(y))))[1]
