"""The model: several kinds of learner, each tried on rows it has not seen, weighed together and calibrated by them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from khet.insight.earlywarning.evaluating.cohorts import folds_of
from khet.insight.earlywarning.evaluating.encoding import Inputs, encode
from khet.insight.earlywarning.evaluating.table import Column

INNER_FOLDS = 5
PULL = 20  # how strongly learners are drawn towards equal weight; from 10 to 100 the figures hardly differ
# How strongly the shift is drawn towards none. What was not seen holds as many outcomes as what was, by chance a few
# more or less: following that chance puts the parts of one list on different footings and blurs its order.
PULL_OF_SHIFT = 50
LEARN_AT_MOST = 30_000  # rows; beyond it more rows without the outcome teach hardly more
SURE = 1e-4  # no probability nearer to 0 or 1 than this is believed


@dataclass(frozen=True)
class Learner:
    """A kind of model: what it is given (`plain`, `bent`, `trees`) and how it is made from a seed and the rows."""

    name: str
    inputs: str
    make: Callable


@dataclass(frozen=True, eq=False)
class Fitted:
    """Probabilities of every row of a table, and how much each learner weighed."""

    probabilities: np.ndarray
    weights: dict[str, float]


def learners(rows: int) -> list[Learner]:
    """The learners tried; small and strongly held back where rows are few."""
    from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    leaf = 5 if rows < 2000 else 10 if rows < 10_000 else 20
    found = [
        Learner(f"linear, C={c:g}", "plain", lambda seed, c=c: LogisticRegression(C=c, max_iter=300))
        for c in (0.01, 0.1, 1.0)
    ]
    found += [
        Learner(f"curved, C={c:g}", "bent", lambda seed, c=c: LogisticRegression(C=c, max_iter=300))
        for c in (0.003, 0.03)
    ]
    found.append(Learner("boosting, small trees", "trees", lambda seed: HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=150, max_leaf_nodes=6, min_samples_leaf=2 * leaf, l2_regularization=2.0,
        max_features=0.5, early_stopping=False, random_state=seed)))  # fmt: skip
    if rows >= 1500:
        found.append(Learner("boosting, larger trees", "trees", lambda seed: HistGradientBoostingClassifier(
            learning_rate=0.04, max_iter=200, max_leaf_nodes=16, min_samples_leaf=2 * leaf, l2_regularization=5.0,
            max_features=0.4, early_stopping=False, random_state=seed)))  # fmt: skip
    trees = 120 if rows < 5000 else 60
    found.append(Learner("forest", "trees", lambda seed: ExtraTreesClassifier(
        n_estimators=trees, min_samples_leaf=leaf, max_features=0.4, random_state=seed)))  # fmt: skip
    return found


def fit(columns: list[Column], y: np.ndarray, learn: np.ndarray, units: np.ndarray | None, seed: int) -> Fitted:
    """Probabilities for every row, learnt from the rows of `learn` alone.

    Each learner is fitted on each inner fold (schools and pupils whole, where `units` names them). What it says of the
    fold it has not seen decides its weight and calibrates the whole; what the fitted ones say of a row is averaged.
    """
    learn, rarer = _sample(learn, y, seed)
    folds = min(INNER_FOLDS, int(min(y[learn].sum(), (1 - y[learn]).sum())))
    tried = learners(len(learn))
    told, unseen = np.zeros((len(tried), len(y))), np.zeros((len(tried), len(learn)))
    cut = folds_of(y[learn], None if units is None else units[learn], folds, seed)
    # One after the other: the library swaps the warning filters of the process as it fits; threads would mix them up.
    for inside, outside in cut:
        logits = _fit_all(tried, columns, y, learn[inside], seed)
        told += logits / len(cut)
        unseen[:, outside] = logits[:, learn[outside]]
    weights, shift = _weigh(unseen, y[learn])
    probabilities = sigmoid(weights @ told + shift + rarer)
    total = weights.sum() or 1.0
    shares = {one.name: round(float(w / total), 3) for one, w in zip(tried, weights, strict=True) if w / total > 0.005}
    return Fitted(probabilities, shares)


def fit_default(kind: str, columns: list[Column], y: np.ndarray, learn: np.ndarray, seed: int) -> np.ndarray:
    """Probabilities of every row by a learner as its library ships it: logistic_regression or gradient_boosting."""
    learn, rarer = _sample(learn, y, seed)
    with threadpool_limits(1):
        told = _default(kind, encode(columns, y, learn, seed), y, learn, seed)
    return sigmoid(logit(told) + rarer) if rarer else told


def _default(kind: str, inputs: Inputs, y: np.ndarray, learn: np.ndarray, seed: int) -> np.ndarray:
    from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    if kind == "logistic_regression":
        return LogisticRegression(max_iter=1000).fit(inputs.plain[learn], y[learn]).predict_proba(inputs.plain)[:, 1]
    if len(learn) > 10_000:  # the library's own advice for many rows
        model = HistGradientBoostingClassifier(random_state=seed)
        return model.fit(inputs.trees[learn], y[learn]).predict_proba(inputs.trees)[:, 1]
    filled = np.nan_to_num(inputs.trees, nan=-1e6)  # it takes no empty cells
    return GradientBoostingClassifier(random_state=seed).fit(filled[learn], y[learn]).predict_proba(filled)[:, 1]


def _sample(learn: np.ndarray, y: np.ndarray, seed: int) -> tuple[np.ndarray, float]:
    """(rows, shift): all rows with the outcome and, of very many others, a part; what to add to logits for the rest."""
    if len(learn) <= LEARN_AT_MOST:
        return learn, 0.0
    rng = np.random.default_rng(seed)
    happened, others = learn[y[learn] > 0], learn[y[learn] == 0]
    kept = rng.permutation(others)[: max(LEARN_AT_MOST // 2, LEARN_AT_MOST - len(happened))]
    happened_kept = rng.permutation(happened)[: LEARN_AT_MOST // 2]
    shift = np.log(len(kept) / len(others)) - np.log(len(happened_kept) / len(happened))
    return np.sort(np.concatenate([happened_kept, kept])), float(shift)


def _fit_all(tried: list[Learner], columns: list[Column], y: np.ndarray, learn: np.ndarray, seed: int) -> np.ndarray:
    """The logits of every row, one line a learner."""
    with threadpool_limits(1):  # small fits in many threads wait for each other most of the time
        inputs = encode(columns, y, learn, seed)
        found = []
        for learner in tried:
            matrix = getattr(inputs, learner.inputs)
            model = learner.make(seed).fit(matrix[learn], y[learn])
            found.append(logit(model.predict_proba(matrix)[:, 1]))
    return np.array(found)


def logit(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, SURE, 1 - SURE)
    return np.log(p / (1 - p))


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.clip(1 / (1 + np.exp(-np.clip(z, -30, 30))), SURE, 1 - SURE)


def _weigh(unseen: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights (none below 0) and a shift that make the learners' logits fit the outcomes they had not seen best.

    Drawn towards equal weights and no shift, the more so the fewer outcomes there are; the sum of the weights is free,
    and that is the calibration.
    """
    from scipy.optimize import minimize

    def loss(found):
        weights, shift = found[:-1], found[-1]
        z = np.clip(weights @ unseen + shift, -30, 30)
        p = 1 / (1 + np.exp(-z))
        apart = weights - weights.mean()
        value = np.sum(np.logaddexp(0, z) - y * z) + PULL * np.sum(apart**2) + PULL_OF_SHIFT * shift**2
        slope = np.append(unseen @ (p - y) + 2 * PULL * apart, np.sum(p - y) + 2 * PULL_OF_SHIFT * shift)
        return value, slope

    bounds = [(0, None)] * len(unseen) + [(None, None)]
    found = minimize(
        loss, np.append(np.full(len(unseen), 1 / len(unseen)), 0.0), jac=True, bounds=bounds, method="L-BFGS-B"
    )
    return found.x[:-1], float(found.x[-1])
