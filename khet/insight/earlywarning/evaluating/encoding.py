"""Columns as matrices for models; what is learnt from the cells is learnt from the rows a model may see, no others."""

from dataclasses import dataclass

import numpy as np

from khet.insight.earlywarning.evaluating.table import Column

ONE_COLUMN_EACH = 15  # a text with more levels also gets its past rate, and only frequent levels a column of their own
FEWEST = 8  # rows a level needs for a column of its own
BENDS = (0.2, 0.4, 0.6, 0.8)  # shares of the learnt rows at which a number's effect may bend
SMOOTHING = 20  # rows of the overall rate mixed into a level's own
CODES_AT_MOST = 60
INNER_FOLDS = 5


@dataclass(eq=False)
class Inputs:
    """Inputs of all rows, learnt from some of them.

    plain    standardised numbers, a column for each frequent level and for empty cells: what a linear model is given
    bent     the same and where each number lies among its bends: a curve instead of a line
    trees    numbers as they are and codes of levels, nan where empty: what trees are given
    """

    plain: np.ndarray
    bent: np.ndarray
    trees: np.ndarray


def encode(columns: list[Column], y: np.ndarray, learn: np.ndarray, seed: int) -> Inputs:
    """The inputs of every row of the columns, with means, levels and rates taken from the rows of `learn`."""
    plain, bends, trees = [], [], []
    for column in columns:
        if not _differs(column, learn):
            continue
        if column.numbers is not None:
            plain += _number(column, learn)
            bends += _bent(column.numbers, learn)
            trees.append(_for_trees(column.numbers, learn))
        if column.numbers is None or _is_code(column):
            levels = _levels(column, learn)
            plain += levels
            if column.distinct > ONE_COLUMN_EACH:
                rate = _past_rate(column, y, learn, seed)
                plain.append(_standard(rate, learn))
                trees.append(rate)
            elif column.numbers is None:
                trees.append(_by_rate(column, y, learn))
    rows = len(y)
    made = np.column_stack(plain) if plain else np.zeros((rows, 1))
    return Inputs(
        plain=made,
        bent=np.column_stack([made, *bends]) if bends else made,
        trees=np.column_stack(trees) if trees else np.zeros((rows, 1)),
    )


def _differs(column: Column, learn: np.ndarray) -> bool:
    """True when the learnt rows hold more than one value, an empty cell being one."""
    return bool((column.codes[learn] != column.codes[learn[0]]).any())


def _for_trees(values: np.ndarray, learn: np.ndarray) -> np.ndarray:
    """The numbers as they are; where the learnt rows know only one, whether there is any."""
    known = values[learn][~np.isnan(values[learn])]
    return values if len(np.unique(known)) > 1 else (~np.isnan(values)).astype(float)


def _standard(values: np.ndarray, learn: np.ndarray) -> np.ndarray:
    """Around 0 with spread 1 on the learnt rows, empty cells at the middle, far values cut."""
    known = values[learn][~np.isnan(values[learn])]
    middle, spread = (np.median(known), known.std()) if len(known) else (0.0, 1.0)
    centre = known.mean() if len(known) else 0.0
    return np.clip((np.where(np.isnan(values), middle, values) - centre) / (spread or 1.0), -6, 6)


def _number(column: Column, learn: np.ndarray) -> list[np.ndarray]:
    made = [_standard(column.numbers, learn)]
    empty = np.isnan(column.numbers)
    if FEWEST <= empty[learn].sum() <= len(learn) - FEWEST:
        made.append(empty.astype(float))
    return made


def _bent(values: np.ndarray, learn: np.ndarray) -> list[np.ndarray]:
    """How far each value lies beyond each bend, in spreads; bends that fall together are one."""
    known = values[learn][~np.isnan(values[learn])]
    if len(known) < 5 * FEWEST or len(np.unique(known)) < 4:
        return []
    bends = np.unique(np.quantile(known, BENDS))
    bends = bends[(bends > known.min()) & (bends < known.max())]
    filled = np.where(np.isnan(values), np.median(known), values)
    return [np.clip(filled - bend, 0, None) / (known.std() or 1.0) for bend in bends]


def _is_code(column: Column) -> bool:
    """A number that is a name: whole, few, and with gaps (course 33, 171, 9254)."""
    numbers = column.level_numbers[column.counts > 0]
    numbers = numbers[~np.isnan(numbers)]
    if not 3 <= len(numbers) <= CODES_AT_MOST or np.abs(numbers % 1).max() > 0:
        return False
    return bool(numbers.max() - numbers.min() + 1 > 2 * len(numbers))


def _levels(column: Column, learn: np.ndarray) -> list[np.ndarray]:
    """A column for each level frequent enough in the learnt rows, and one for empty cells."""
    counts = np.bincount(column.codes[learn] + 1, minlength=len(column.levels) + 1)
    frequent = [code - 1 for code in np.argsort(-counts) if counts[code] >= FEWEST][:CODES_AT_MOST]
    return [(column.codes == code).astype(float) for code in frequent]


def _by_rate(column: Column, y: np.ndarray, learn: np.ndarray) -> np.ndarray:
    """Levels numbered by their past rate, so that one cut of a tree parts the bad from the good."""
    rates = _smoothed(column.codes[learn], y[learn], len(column.levels))
    rank = np.argsort(np.argsort(rates)).astype(float)
    return rank[column.codes]


def _smoothed(codes: np.ndarray, y: np.ndarray, levels: int) -> np.ndarray:
    """Past rate of each level (the last entry: of empty cells), drawn to the overall rate where rows are few."""
    places = np.where(codes < 0, levels, codes)
    n = np.bincount(places, minlength=levels + 1)
    happened = np.bincount(places, weights=y, minlength=levels + 1)
    return (happened + SMOOTHING * y.mean()) / (n + SMOOTHING)


def _past_rate(column: Column, y: np.ndarray, learn: np.ndarray, seed: int) -> np.ndarray:
    """The past rate of a row's level; for learnt rows from the other folds, so that no row tells its own outcome."""
    levels = len(column.levels)
    rates = _smoothed(column.codes[learn], y[learn], levels)[column.codes]
    fold = np.random.default_rng(seed).integers(0, INNER_FOLDS, len(learn))
    for turn in range(INNER_FOLDS):
        inside, outside = learn[fold == turn], learn[fold != turn]
        if len(inside) and len(outside):
            rates[inside] = _smoothed(column.codes[outside], y[outside], levels)[column.codes[inside]]
    return rates
