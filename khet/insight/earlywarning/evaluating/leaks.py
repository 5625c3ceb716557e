"""Columns that could only be filled in once the outcome was known: they would make any list look perfect."""

import numpy as np

from khet.insight.earlywarning.evaluating.metrics import auc
from khet.insight.earlywarning.evaluating.table import Column
from khet.insight.earlywarning.evaluating.words import says

# Above this a single column tells the outcome by itself. The strongest honest column we know, the grade of the term
# before for failing this term, stands at 0.96 to 0.98.
TELLS_ALL = 0.985
TELLS_ALL_BY_NAME = 0.9  # where the name also speaks of leaving or of a result
PURE = 0.98  # share of the outcome among rows of a value (or of filled cells) that makes them certain
GIVES_AWAY = "gives the outcome away"
SHARE_EMPTY = 0.4  # a column as empty as this may be one that is filled at leaving only
SHARE_TOLD, SHARE_TOLD_BY_NAME = 0.3, 0.1  # of the rows with the outcome, told by such cells
FEWEST, BINS, FOLDS = 5, 30, 5


def leak(column: Column, y: np.ndarray, seed: int) -> str:
    """Why a column gives the outcome away; "" when it does not."""
    codes = _binned(column)
    named = says(column.words, "afterwards")
    strength = _alone(codes, y, seed)
    if strength >= (TELLS_ALL_BY_NAME if named else TELLS_ALL):
        return f"{GIVES_AWAY}: alone it reaches AUC {strength:.3f}" + (
            f", and its name says '{named}'" if named else ""
        )
    empty = codes < 0
    told = SHARE_TOLD_BY_NAME if named else SHARE_TOLD
    for words, rows in (("filled in", ~empty), ("empty", empty)):
        if empty.mean() >= SHARE_EMPTY * (words == "filled in") and _certain([rows], y, told):
            return f"{GIVES_AWAY}: where it is {words}, the outcome has nearly always happened"
    if column.numbers is None and _certain([codes == code for code in range(codes.max() + 1)], y, told):
        return f"{GIVES_AWAY}: some of its values occur with the outcome only"
    return ""


def _certain(sets: list[np.ndarray], y: np.ndarray, told: float) -> bool:
    """True when the sets that hold (nearly) nothing but the outcome hold a good share of it."""
    sure = [rows for rows in sets if rows.sum() >= FEWEST and y[rows].mean() >= PURE]
    return sum(y[rows].sum() for rows in sure) >= max(told * y.sum(), 2 * FEWEST)


def _binned(column: Column) -> np.ndarray:
    """Levels as they are; numbers with many values in bins of equal weight; -1 where empty."""
    if column.numbers is None or column.distinct <= BINS:
        return column.codes
    known = column.numbers[~np.isnan(column.numbers)]
    cuts = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1]))
    return np.where(np.isnan(column.numbers), -1, np.searchsorted(cuts, np.nan_to_num(column.numbers)))


def _alone(codes: np.ndarray, y: np.ndarray, seed: int) -> float:
    """AUC of the past rate of each value, for rows that were not counted in it."""
    places, size = codes + 1, codes.max() + 2
    fold = np.random.default_rng(seed).integers(0, FOLDS, len(y))
    told = np.zeros(len(y))
    for turn in range(FOLDS):
        inside = fold == turn
        n = np.bincount(places[~inside], minlength=size)
        happened = np.bincount(places[~inside], weights=y[~inside], minlength=size)
        told[inside] = ((happened + y.mean()) / (n + 1))[places[inside]]
    return auc(y, told)
