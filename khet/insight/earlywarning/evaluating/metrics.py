"""How good a list is: figures of ranking, of the first k, of calibration; each with an interval where it is asked."""

from dataclasses import dataclass

import numpy as np

from khet.insight.earlywarning.evaluating.ranking import at_k, auc, average_precision

__all__ = ["Interval", "at_k", "auc", "average_precision", "calibration", "figures"]


@dataclass(frozen=True)
class Interval:
    """A figure with the bounds between which 95 of 100 repetitions fall."""

    low: float
    high: float


def figures(y: np.ndarray, p: np.ndarray, score: np.ndarray, k: int) -> dict:
    """The figures of one list: `score` ranks it, `p` says how probable the outcome is."""
    precision, recall = at_k(y, score, k)
    return {
        "auc": auc(y, score),
        "average_precision": average_precision(y, score),
        "precision_at_k": precision,
        "recall_at_k": recall,
        "calibration": calibration(y, p),
    }


def calibration(y: np.ndarray, p: np.ndarray) -> dict:
    """{slope, intercept, brier}: of the outcome on the logit of what was foretold; 1 and 0 are perfect.

    The intercept is that of the model with the slope held at 1 (calibration in the large): above 0, too few were
    foretold. Slope and intercept are None where the probabilities are all alike.
    """
    brier = float(np.mean((p - y) ** 2))
    z = np.log(np.clip(p, 1e-4, 1 - 1e-4) / (1 - np.clip(p, 1e-4, 1 - 1e-4)))
    if np.ptp(z) < 1e-9 or len(set(y)) < 2:
        return {"slope": None, "intercept": None, "brier": brier}
    shift, slope = _logistic(z, y)
    return {"slope": slope, "intercept": _large(z, y), "brier": brier, "intercept_at_slope": shift}


def _logistic(z: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Intercept and slope of a logistic regression on one input, by Newton's steps with a trace of ridge."""
    x = np.column_stack([np.ones_like(z), z])
    found = np.array([0.0, 1.0])
    for _turn in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ found, -30, 30)))
        w = np.maximum(p * (1 - p), 1e-9)
        step = np.linalg.solve((x * w[:, None]).T @ x + 1e-8 * np.eye(2), x.T @ (y - p))
        found = found + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    return float(found[0]), float(found[1])


def _large(z: np.ndarray, y: np.ndarray) -> float:
    shift = 0.0
    for _turn in range(50):
        p = 1 / (1 + np.exp(-np.clip(z + shift, -30, 30)))
        step = (y - p).sum() / max((p * (1 - p)).sum(), 1e-9)
        shift += float(np.clip(step, -2, 2))
        if abs(step) < 1e-9:
            break
    return shift
