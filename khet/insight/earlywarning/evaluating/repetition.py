"""Intervals by repetition (bootstrap): schools, or pupils, or rows drawn again, figures taken each time."""

import numpy as np

from khet.insight.earlywarning.evaluating.ranking import Ranking

TIMES = 400
AT_ONCE = 50
FIGURES = ("auc", "average_precision", "precision_at_k", "recall_at_k")


def weights(units: np.ndarray, times: int, seed: int):
    """Blocks of weightings: how often each row is drawn when whole units are drawn with replacement."""
    rng = np.random.default_rng(seed)
    _names, place = np.unique(units, return_inverse=True)
    count = place.max() + 1
    for start in range(0, times, AT_ONCE):
        drawn = rng.multinomial(count, np.full(count, 1 / count), size=min(AT_ONCE, times - start))
        yield drawn[:, place].astype(float)


def repeated(y: np.ndarray, scores: dict[str, list[np.ndarray]], k: int, units: np.ndarray, seed: int) -> dict:
    """{name: {figure: [value, …]}}: figures of each list under the same repetitions, averaged over its rounds.

    k grows and shrinks with the rows drawn, as an office's capacity is a share of its pupils.
    """
    ranked = {name: [Ranking(y, score) for score in rounds] for name, rounds in scores.items()}
    found = {
        name: {figure: [] for figure in ("auc", "average_precision", "precision_at_k", "recall_at_k")}
        for name in scores
    }
    for block in weights(units, TIMES, seed):
        limit = k * block.sum(axis=1) / len(y)
        for name, rounds in ranked.items():
            at_k = [one.at_k(block, limit) for one in rounds]
            found[name]["auc"].append(np.mean([one.auc(block) for one in rounds], axis=0))
            found[name]["average_precision"].append(np.mean([one.average_precision(block) for one in rounds], axis=0))
            found[name]["precision_at_k"].append(np.mean([one[0] for one in at_k], axis=0))
            found[name]["recall_at_k"].append(np.mean([one[1] for one in at_k], axis=0))
    return {name: {figure: np.concatenate(parts) for figure, parts in one.items()} for name, one in found.items()}


def bounds(values: np.ndarray) -> list[float]:
    """[low, high] of 95 in 100 repetitions."""
    low, high = np.nanquantile(values, [0.025, 0.975])
    return [float(low), float(high)]
