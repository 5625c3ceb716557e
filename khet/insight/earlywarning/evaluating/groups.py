"""Whether a list finds those who need it equally well in every group (equal opportunity)."""

import numpy as np

from khet.insight.earlywarning.evaluating.metrics import auc
from khet.insight.earlywarning.evaluating.ranking import chosen
from khet.insight.earlywarning.evaluating.repetition import TIMES, bounds, weights
from khet.insight.earlywarning.evaluating.table import Column

FEWEST = 10  # rows with the outcome below which a recall says nothing
LEVELS_AT_MOST = 12


def by_group(column: Column, y: np.ndarray, rounds: list[np.ndarray], p: np.ndarray, k: int, units, seed: int) -> dict:
    """{group: {n, positives, rate, recall_at_k, gap, gap_interval, …}} for the judged rows.

    gap   recall in the group minus recall among all others; its interval by drawing units again. None where either
          side has fewer than ten rows with the outcome.
    """
    inside = np.mean([chosen(score, k) for score in rounds], axis=0)
    found = {}
    for name, rows in _groups(column).items():
        positives = int(y[rows].sum())
        found[name] = {
            "n": int(rows.sum()),
            "positives": positives,
            "rate": float(y[rows].mean()),
            "recall_at_k": _share(inside, y * rows),
            "precision_at_k": _share(y, inside * rows),
            "selected": float(inside[rows].mean()),
            "foretold": float(p[rows].mean()),
            "auc": float(np.mean([auc(y[rows], score[rows]) for score in rounds]))
            if 0 < positives < rows.sum()
            else None,
            "gap": None,
            "gap_interval": None,
        }
        if min(positives, y.sum() - positives) >= FEWEST:
            found[name] |= _gap(inside, y, rows, units, seed)
    return found


def _auc(y: np.ndarray, rounds: list[np.ndarray]) -> float | None:
    return float(np.mean([auc(y, score) for score in rounds])) if 0 < y.sum() < len(y) else None


def _share(of: np.ndarray, among: np.ndarray) -> float | None:
    total = among.sum()
    return float((of * among).sum() / total) if total > 0 else None


def _gap(inside: np.ndarray, y: np.ndarray, rows: np.ndarray, units: np.ndarray, seed: int) -> dict:
    caught, missed = inside * y, y
    own, rest = rows.astype(float), (~rows).astype(float)
    gap = (caught @ own) / (missed @ own) - (caught @ rest) / (missed @ rest)
    drawn = []
    for block in weights(units, TIMES, seed):
        with np.errstate(invalid="ignore", divide="ignore"):
            drawn.append(
                block @ (caught * own) / (block @ (missed * own)) - block @ (caught * rest) / (block @ (missed * rest))
            )
    return {"gap": float(gap), "gap_interval": bounds(np.concatenate(drawn))}


def _groups(column: Column) -> dict[str, np.ndarray]:
    """The rows of each group: levels, thirds of a number with many values, "(empty)" for cells without one."""
    missing = {"(empty)": column.missing} if column.missing.any() else {}
    if column.numbers is not None and column.distinct > LEVELS_AT_MOST:
        return _thirds(column) | missing
    present = [(int((column.codes == code).sum()), code) for code in range(len(column.levels))]
    largest = [code for count, code in sorted(present, reverse=True) if count][:LEVELS_AT_MOST]
    found = {column.levels[code]: column.codes == code for code in sorted(largest)}
    others = ~column.missing & ~np.isin(column.codes, largest)
    return found | ({"(others)": others} if others.any() else {}) | missing


def _thirds(column: Column) -> dict[str, np.ndarray]:
    low, high = np.nanquantile(column.numbers, [1 / 3, 2 / 3])
    with np.errstate(invalid="ignore"):
        found = {
            f"{low:g} or less": column.numbers <= low,
            f"{low:g} to {high:g}": (column.numbers > low) & (column.numbers <= high),
            f"over {high:g}": column.numbers > high,
        }
    return {name: rows for name, rows in found.items() if rows.any()}
