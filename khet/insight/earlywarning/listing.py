"""Who is on the list and in which order, and which schools come first. Nothing is written here."""

from dataclasses import dataclass

import numpy as np

from khet.insight.earlywarning.cohort import Cohort
from khet.insight.earlywarning.columns import inputs_of
from khet.insight.earlywarning.explaining import raised
from khet.insight.earlywarning.order import by_rule, points_of
from khet.insight.earlywarning.schema import WarningRules
from khet.insight.earlywarning.signs import level_of, points, signs_of
from khet.insight.earlywarning.validation import fitted, lost, to_learn_from

SMOOTHING = 20  # pupils at the office's share added to each school's own, so that a tiny school does not lead by one


@dataclass(frozen=True)
class Listed:
    """A pupil on the list, with everything that put them there."""

    enrolment: int
    school: int
    level: str
    detail: dict


@dataclass(frozen=True)
class MadeList:
    """Pupils, most pressing first; schools likewise, as rows of WarningRun.schools."""

    listed: list[Listed]
    schools: list[dict]
    by_model: bool


def made_list(
    rules: WarningRules, cohorts: list[Cohort], capacity: int, *, overruled: set[int], use_model: bool
) -> MadeList:
    """The list of the last cohort.

    Those who have stopped coming stand first and take no place of the capacity: they are to be fetched, whatever else.
    Then come those who show signs or, by the model, the greatest chances; whom the school has overruled is passed over.
    """
    now = cohorts[-1]
    chance, reasons = _by_model(rules, cohorts) if use_model else (None, {})
    order = by_rule(rules, now) if chance is None else chance
    total, coming = points_of(rules, now), now.still_coming
    open_ = ~np.isin(now.enrolments, list(overruled))
    wanted = coming & open_ & (np.ones(len(now), bool) if chance is not None else total >= rules.levels.watch)
    stopped = np.flatnonzero(~coming & open_)
    first = np.flatnonzero(wanted)[np.argsort(-order[wanted], kind="stable")][:capacity]
    rows = [*stopped[np.argsort(-order[stopped], kind="stable")], *first]
    listed = [_listed(rules, now, int(row), chance, reasons.get(int(row), [])) for row in rows]
    return MadeList(listed, _schools(rules, now, total, chance, np.array(rows, dtype=int)), chance is not None)


def _by_model(rules: WarningRules, cohorts: list[Cohort]) -> tuple[np.ndarray | None, dict[int, list[str]]]:
    """(chance of every pupil, inputs that raised it by row); (None, {}) where too little has been learnt."""
    now = cohorts[-1]
    learn, _gap = to_learn_from(cohorts[:-1], now.year, rules.least_history)
    if not learn or not now.still_coming.any():
        return None, {}
    rows = np.flatnonzero(now.still_coming)
    chance = np.full(len(now), np.nan)
    chance[rows] = fitted(rules, learn, now).probabilities[-len(rows) :]
    columns = inputs_of(rules, [*learn, now])
    y = np.concatenate([*(lost(cohort) for cohort in learn), np.zeros(len(rows))])
    count = len(y) - len(rows)
    named = raised(columns, y, np.arange(count), np.arange(count, len(y)))
    return np.nan_to_num(chance, nan=1.0), dict(zip(rows.tolist(), named, strict=True))


def _listed(rules: WarningRules, now: Cohort, row: int, chance: np.ndarray | None, inputs: list[str]) -> Listed:
    pupil = now.pupil(row)
    signs = signs_of(rules, pupil)
    total = points(signs)
    stopped = not now.still_coming[row]
    level = "stopped" if stopped else "act" if level_of(rules, total) == "act" else "watch"
    detail = {
        "signs": [[sign.id, pupil[sign.feature]] for sign in signs],
        "inputs": [[name, pupil[name]] for name in inputs if pupil[name] is not None],
        "chance": None if chance is None or stopped else round(float(chance[row]), 4),
        "points": total,
        "letters": sorted({sign.letter for sign in signs}),
    }
    return Listed(int(now.enrolments[row]), int(now.schools[row]), level, detail)


def _schools(rules: WarningRules, now: Cohort, total: np.ndarray, chance, rows: np.ndarray) -> list[dict]:
    """Counts of each school. `share`: expected lost among its pupils in percent by the model, else those to act for."""
    names, place = np.unique(now.schools, return_inverse=True)
    pupils = np.bincount(place)
    weight = (total >= rules.levels.act).astype(float) if chance is None else chance
    summed, mean = np.bincount(place, weights=weight), weight.mean() if len(weight) else 0.0
    share = 100 * (summed + SMOOTHING * mean) / (pupils + SMOOTHING)
    coming = now.still_coming
    counts = {
        "act": coming & (total >= rules.levels.act),
        "watch": coming & (total >= rules.levels.watch) & (total < rules.levels.act),
        "stopped": ~coming,
        "listed": np.isin(np.arange(len(now)), rows),
    }
    counted = {name: np.bincount(place, weights=which) for name, which in counts.items()}
    return [
        {"school": int(names[n]), "pupils": int(pupils[n]), "share": round(float(share[n]), 2)}
        | {name: int(values[n]) for name, values in counted.items()}
        for n in np.argsort(-share, kind="stable")
    ]
