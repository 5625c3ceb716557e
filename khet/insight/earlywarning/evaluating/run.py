"""The whole evaluation: from a table and a wish to one document of figures."""

from dataclasses import dataclass, field

import numpy as np

from khet.insight.earlywarning.evaluating import cohorts, leaks, models, roles
from khet.insight.earlywarning.evaluating.faults import EvaluationError
from khet.insight.earlywarning.evaluating.groups import by_group
from khet.insight.earlywarning.evaluating.metrics import figures
from khet.insight.earlywarning.evaluating.outcome import Outcome, read_outcome
from khet.insight.earlywarning.evaluating.repetition import bounds, repeated
from khet.insight.earlywarning.evaluating.rule import learn_rule
from khet.insight.earlywarning.evaluating.table import Column, Table

SEED = 2568
CAPACITY = 0.1  # of the judged rows, where the office's capacity is not given
LISTS = ("model", "baseline_rule", "logistic_regression", "gradient_boosting")
SMALL, MIDDLING = 1200, 4000  # rows below which the folds are drawn three and two times
FEWEST = 10


@dataclass
class Wish:
    """What was asked of the table."""

    outcome: str
    time: str | None = None
    groups: tuple[str, ...] = ()
    capacity: int | None = None
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    positive: str | None = None
    seed: int = SEED


@dataclass
class Found:
    """What was understood of the table, and what was noticed on the way."""

    table: Table
    outcome: Outcome
    y: np.ndarray
    inputs: list[Column] = field(default_factory=list)
    left_out: list[roles.LeftOut] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    time: Column | None = None
    school: Column | None = None
    pupil: Column | None = None


def evaluate(table: Table, outcome: str, **wish) -> dict:
    """How well the outcome is foreseen: by the model, the plain rule and two learners as shipped, at one caseload.

    Raises EvaluationError when a named column is missing or the table cannot be judged.
    """
    wish = Wish(outcome, **wish)
    found = understand(table, wish)
    split = _split(found, wish)
    lists = _lists(found, split, wish.seed)
    return _document(found, split, lists, wish)


def understand(table: Table, wish: Wish) -> Found:
    """Rows with a known outcome, what each column is for, and notices."""
    outcome = read_outcome(table, wish.outcome, wish.positive)
    for name in (*wish.groups, *((wish.time,) if wish.time else ())):
        table.column(name, "--time" if name == wish.time else "--group")
    dropped = {table.column(name, "--drop").name for name in wish.drop}
    kept = {table.column(name, "--keep").name for name in wish.keep}
    notices = [*table.notices, *([outcome.notice] if outcome.notice else [])]
    if unknown := int((~outcome.known).sum()):
        notices.append(f"{unknown:,} rows without an outcome were left out.")
    rows = table.rows(outcome.known)
    y = outcome.happened[outcome.known].astype(float)
    if min(y.sum(), (1 - y).sum()) < FEWEST:
        raise EvaluationError(f"'{outcome.positive}' holds in {int(y.sum())} of {len(y)} rows of {table.name}; at least "
                              f"{FEWEST} with and {FEWEST} without it are needed to judge anything.")  # fmt: skip
    found = Found(rows, outcome, y, notices=notices)
    found.time = rows.find(wish.time) if wish.time else roles.find_time(rows)
    if found.time is outcome.column or (found.time and found.time.name == outcome.column.name):
        found.time = None
    found.school, found.pupil = roles.find_school(rows), roles.find_pupil(rows)
    _choose_inputs(found, dropped, kept, wish)
    return found


def _choose_inputs(found: Found, dropped: set[str], kept: set[str], wish: Wish) -> None:
    for column in found.table.columns:
        why = _why_not(column, found, dropped, kept, wish)
        if why == "the outcome":
            continue
        if why:
            found.left_out.append(roles.LeftOut(column.name, why))
        else:
            found.inputs.append(column)
    found.notices += [f"'{one.column}' was left out: it {one.why}. Put it back with --keep." for one in found.left_out
                      if one.why.startswith("gives")]  # fmt: skip
    if not found.inputs:
        raise EvaluationError(f"{found.table.name}: no column is left to foresee '{found.outcome.positive}' with.")


def _why_not(column: Column, found: Found, dropped: set[str], kept: set[str], wish: Wish) -> str:
    if column.name == found.outcome.column.name:
        return "the outcome"
    if column.name in dropped:
        return "dropped as asked"
    if found.time is not None and column.name == found.time.name:
        return "says when: used to cut the table into cohorts"
    if found.school is not None and column.name == found.school.name:
        return "says which school: used to keep schools whole"
    nature = roles.left_out_by_nature(column)
    if nature and not (column.name in kept and "never an input" not in nature):
        return nature
    if column.name in kept:
        return ""
    return leaks.leak(column, found.y, np.ones(len(found.y), dtype=bool), wish.seed)


def _split(found: Found, wish: Wish) -> cohorts.Split:
    """By cohort where time exists, else by school, by pupil, by row; the automatic choice is a notice."""
    pupils = found.pupil.codes if found.pupil else None
    if found.time is not None:
        try:
            split = cohorts.by_cohort(found.time, found.y, pupils)
        except EvaluationError as error:
            if wish.time:
                raise
            found.notices.append(str(error).replace("--time: ", f"'{found.time.name}' was not used as time: "))
        else:
            if not wish.time:
                found.notices.append(f"'{found.time.name}' was taken as time; name another with --time.")
            return split
    unit = found.school or found.pupil
    kind = "schools" if found.school else "pupils" if found.pupil else "rows"
    rounds = 3 if len(found.y) < SMALL else 2 if len(found.y) < MIDDLING else 1
    return cohorts.by_folds(
        found.y, unit.codes if unit else None, kind, unit.name if unit else "", rounds=rounds, seed=wish.seed
    )


def _lists(found: Found, split: cohorts.Split, seed: int) -> dict:
    """{list: [(probabilities, scores) of the judged rows, one a round]}, with the rule's signs and the model's parts."""
    judged = np.sort(np.concatenate([test for _learn, test in split.rounds[0]]))
    place = np.full(len(found.y), -1)
    place[judged] = np.arange(len(judged))
    units = _units(found)
    lists = {name: [] for name in LISTS}
    weights, signs, kinds = [], [], []
    for turn, cut in enumerate(split.rounds):
        told = {name: np.zeros((2, len(judged))) for name in LISTS}
        for learn, test in cut:
            at = place[test]
            model = models.fit(found.inputs, found.y, learn, units, seed + turn)
            rule = learn_rule(found.inputs, found.y, learn)
            told["model"][:, at] = model.probabilities[test]
            told["baseline_rule"][:, at] = rule.probabilities[test], rule.count[test]
            for name in LISTS[2:]:
                told[name][:, at] = models.fit_default(name, found.inputs, found.y, learn, seed + turn)[test]
            weights.append(model.weights)
            signs.append([sign.words for sign in rule.signs])
            kinds.append(rule.kind)
        for name in LISTS:
            lists[name].append((told[name][0], told[name][1]))
    return {"judged": judged, "lists": lists, "weights": weights, "signs": signs, "kinds": kinds}


def _units(found: Found) -> np.ndarray | None:
    unit = found.school or found.pupil
    return unit.codes if unit else None


def _document(found: Found, split: cohorts.Split, lists: dict, wish: Wish) -> dict:
    judged, y = lists["judged"], found.y[lists["judged"]]
    k = _capacity(wish.capacity, len(judged), found.notices)
    units = _units(found)
    units = np.arange(len(judged)) if units is None else _apart(units[judged])
    scores = {name: [score for _p, score in rounds] for name, rounds in lists["lists"].items()}
    drawn = repeated(y, scores, k, units, wish.seed)
    told = {}
    for name, rounds in lists["lists"].items():
        told[name] = _mean([figures(y, p, score, k) for p, score in rounds])
        told[name]["intervals"] = {figure: bounds(values) for figure, values in drawn[name].items()}
    model = told.pop("model")
    p = np.mean([one for one, _score in lists["lists"]["model"]], axis=0)
    kind = max(set(lists["kinds"]), key=lists["kinds"].count)
    told["baseline_rule"] |= {"kind": kind, "signs": lists["signs"][lists["kinds"].index(kind)]}
    enough = int(found.y.sum()) >= cohorts.ENOUGH_POSITIVES
    if not enough:
        found.notices.append(f"Only {int(found.y.sum())} rows hold the outcome; under {cohorts.ENOUGH_POSITIVES} no score "
                             "should be shown.")  # fmt: skip
    return {
        **model,
        "k": k,
        "n": len(judged),
        "positives": int(y.sum()),
        "rate": float(y.mean()),
        **told,
        "against_rule": _against(told["baseline_rule"], model, drawn, enough),
        "groups": {
            name: by_group(found.table.find(name).rows(judged), y, scores["model"], p, k, units, wish.seed)
            for name in wish.groups
        },  # fmt: skip
        "outcome": {"column": found.outcome.column.name, "positive": found.outcome.positive},
        "split": {"kind": split.kind, "words": split.words, **split.detail},
        "model": {"parts": _average(lists["weights"])},
        "columns": {
            "used": [column.name for column in found.inputs],
            "left_out": [{"column": one.column, "why": one.why} for one in found.left_out],
            "school": found.school.name if found.school else None,
            "pupil": found.pupil.name if found.pupil else None,
        },
        "enough_history": enough,
        "notices": [*found.notices, *split.notices],
        "seed": wish.seed,
    }


def _apart(units: np.ndarray) -> np.ndarray:
    """Rows without a unit stand each for themselves."""
    return np.where(units < 0, units.max() + 1 + np.arange(len(units)), units)


def _capacity(wanted: int | None, rows: int, notices: list[str]) -> int:
    if wanted is None:
        return max(1, round(CAPACITY * rows))
    if wanted > rows:
        notices.append(f"--capacity {wanted} is more than the {rows} judged rows; all of them are taken.")
    return min(wanted, rows)


def _mean(rounds: list[dict]) -> dict:
    """The figures of several rounds, each averaged; None where a round has none."""
    first = rounds[0]
    return {
        key: _mean([one[key] for one in rounds]) if isinstance(value, dict)
        else None if any(one[key] is None for one in rounds) else float(np.mean([one[key] for one in rounds]))
        for key, value in first.items()
    }  # fmt: skip


def _against(rule: dict, model: dict, drawn: dict, enough: bool) -> dict:
    """The model less the rule at the same caseload, and whether the difference is more than chance."""
    found = {}
    for figure in ("auc", "precision_at_k", "recall_at_k"):
        low, high = bounds(drawn["model"][figure] - drawn["baseline_rule"][figure])
        found[figure] = {"difference": model[figure] - rule[figure], "interval": [low, high]}
    recall = found["recall_at_k"]
    found["model_beats_rule"] = bool(recall["difference"] > 0 and recall["interval"][0] > 0)
    found["shown"] = enough and found["model_beats_rule"]
    return found


def _average(weights: list[dict[str, float]]) -> dict[str, float]:
    names = sorted({name for one in weights for name in one})
    shares = {name: sum(one.get(name, 0) for one in weights) / len(weights) for name in names}
    return {name: round(share, 3) for name, share in sorted(shares.items(), key=lambda item: -item[1]) if share > 0.005}
