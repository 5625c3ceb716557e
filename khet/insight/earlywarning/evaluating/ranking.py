"""Figures of a ranking, ties counted fairly; written for many repetitions at once (bootstrap weights)."""

import numpy as np


def auc(y: np.ndarray, score: np.ndarray) -> float:
    """How often a row with the outcome stands above one without; a tie counts half. 0.5 where one kind is missing."""
    return float(Ranking(y, score).auc(np.ones((1, len(y))))[0])


def average_precision(y: np.ndarray, score: np.ndarray) -> float:
    return float(Ranking(y, score).average_precision(np.ones((1, len(y))))[0])


def at_k(y: np.ndarray, score: np.ndarray, k: int) -> tuple[float, float]:
    """(precision, recall) of the first k rows; of rows that tie at the end, the share that still fits is counted."""
    precision, recall = Ranking(y, score).at_k(np.ones((1, len(y))), np.array([float(k)]))
    return float(precision[0]), float(recall[0])


class Ranking:
    """A list in its order, from which figures are taken under many weightings of its rows."""

    def __init__(self, y: np.ndarray, score: np.ndarray):
        self.order = np.argsort(-score, kind="stable")
        ordered = score[self.order]
        self.y = y[self.order].astype(float)
        self.ends = np.append(np.flatnonzero(np.diff(ordered) != 0), len(ordered) - 1)  # last row of each tie

    def _sums(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weight and weight of outcomes down to the end of each tie, one row a weighting."""
        weights = weights[:, self.order]
        total = np.cumsum(weights, axis=1)[:, self.ends]
        happened = np.cumsum(weights * self.y, axis=1)[:, self.ends]
        return total, happened

    def auc(self, weights: np.ndarray) -> np.ndarray:
        total, happened = self._sums(weights)
        other = total - happened
        true, false = happened[:, -1], other[:, -1]
        steps = np.diff(np.pad(other, ((0, 0), (1, 0))), axis=1)
        area = (steps * (np.pad(happened, ((0, 0), (1, 0)))[:, :-1] + happened) / 2).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(true * false > 0, area / (true * false), 0.5)

    def average_precision(self, weights: np.ndarray) -> np.ndarray:
        total, happened = self._sums(weights)
        gained = np.diff(np.pad(happened, ((0, 0), (1, 0))), axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.where(total > 0, happened / total, 0.0)
            return np.where(happened[:, -1] > 0, (gained * precision).sum(axis=1) / happened[:, -1], 0.0)

    def at_k(self, weights: np.ndarray, k: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Precision and recall of the first k (one k a weighting)."""
        caught = self._caught(weights, k)
        happened = (weights[:, self.order] * self.y).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(k > 0, caught / k, 0.0), np.where(happened > 0, caught / happened, 0.0)

    def _caught(self, weights: np.ndarray, k: np.ndarray) -> np.ndarray:
        total, happened = self._sums(weights)
        places = np.array([np.searchsorted(row, limit - 1e-9) for row, limit in zip(total, k, strict=True)])
        places = np.minimum(places, total.shape[1] - 1)
        rows = np.arange(len(k))
        before_n = np.where(places > 0, total[rows, places - 1], 0.0)
        before_y = np.where(places > 0, happened[rows, places - 1], 0.0)
        inside_n = total[rows, places] - before_n
        share = np.clip(np.where(inside_n > 0, (k - before_n) / np.where(inside_n > 0, inside_n, 1), 0.0), 0, 1)
        return before_y + share * (happened[rows, places] - before_y)


def chosen(score: np.ndarray, k: int) -> np.ndarray:
    """How far each row is in the first k: 1 inside, 0 outside, the fitting share for rows that tie at the end."""
    order = np.sort(score)[::-1]
    if k >= len(score):
        return np.ones(len(score))
    cut = order[k - 1]
    above, at = score > cut, score == cut
    return np.where(above, 1.0, np.where(at, (k - above.sum()) / at.sum(), 0.0))
