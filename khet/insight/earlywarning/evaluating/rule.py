"""The plain rule a model must beat: how many warning signs a pupil shows.

Two rules are learnt, and the better one on the learnt rows stands: `abc`, signs of absence, behaviour and course
results where the table has such columns; `signs`, the few columns that tell most. Each sign is a cut anybody can read:
"absences in the highest fifth".
"""

from dataclasses import dataclass

import numpy as np

from khet.insight.earlywarning.evaluating.metrics import auc
from khet.insight.earlywarning.evaluating.table import Column
from khet.insight.earlywarning.evaluating.words import says

WORST = 0.2  # the share of pupils a sign may point at
SIGNS = 5
TELLS = 0.53  # a sign must part the learnt rows at least so well (AUC)
BAD_LEVEL, FEWEST = 1.3, 15  # a level is a sign when its past rate is so many times the whole's, on so many rows


@dataclass(frozen=True, eq=False)
class Sign:
    """A warning sign: the column, what is a sign in words, and the rows that show it."""

    column: str
    words: str
    shown: np.ndarray
    strength: float


@dataclass(frozen=True, eq=False)
class Rule:
    """Signs counted for every row, and how often each count was followed by the outcome in the learnt rows."""

    kind: str
    signs: list[Sign]
    count: np.ndarray
    chances: np.ndarray


def learn_rule(columns: list[Column], y: np.ndarray, learn: np.ndarray) -> Rule:
    """The better of the two rules on the learnt rows, applied to every row."""
    signs = {column.name: sign for column in columns if (sign := _sign(column, y, learn))}
    best = sorted(signs.values(), key=lambda sign: -sign.strength)[:SIGNS]
    found = [("signs", best)]
    letters = {letter: [signs[c.name] for c in columns if c.name in signs and says(c.words, letter)]
               for letter in ("absence", "behaviour", "course")}  # fmt: skip
    if sum(bool(named) for named in letters.values()) >= 2:
        found.append(("abc", [sign for named in letters.values() for sign in named]))
    rules = [_rule(kind, chosen, y, learn) for kind, chosen in found]
    return max(rules, key=lambda rule: auc(y[learn], rule.count[learn]))


def _rule(kind: str, signs: list[Sign], y: np.ndarray, learn: np.ndarray) -> Rule:
    from sklearn.isotonic import IsotonicRegression

    count = np.sum([sign.shown for sign in signs], axis=0) if signs else np.zeros(len(y))
    fitted = IsotonicRegression(y_min=1e-4, y_max=1 - 1e-4, out_of_bounds="clip").fit(count[learn], y[learn])
    return Rule(kind, signs, count.astype(float), fitted.predict(count))


def _sign(column: Column, y: np.ndarray, learn: np.ndarray) -> Sign | None:
    words, shown = _number_sign(column, y, learn) if column.numbers is not None else _level_sign(column, y, learn)
    if not words:
        return None
    strength = auc(y[learn], shown[learn].astype(float))
    return Sign(column.name, words, shown, strength) if strength >= TELLS else None


def _number_sign(column: Column, y: np.ndarray, learn: np.ndarray) -> tuple[str, np.ndarray]:
    """The worst fifth of a number, on the side where the outcome was more frequent."""
    values = column.numbers
    known = learn[~np.isnan(values[learn])]
    if len(known) < 2 * FEWEST or len(set(values[known])) < 2 or len(set(y[known])) < 2:
        return "", values
    if auc(y[known], values[known]) >= 0.5:
        cut = _cut(values[known])
        return f"{column.name} {cut:g} or more", np.nan_to_num(values, nan=-np.inf) >= cut
    cut = -_cut(-values[known])
    return f"{column.name} {cut:g} or less", np.nan_to_num(values, nan=np.inf) <= cut


def _cut(values: np.ndarray) -> float:
    """The smallest value such that not much more than the worst share reaches it."""
    found, counts = np.unique(values, return_counts=True)
    reach = counts[::-1].cumsum()[::-1] / len(values)
    fitting = found[reach <= 1.5 * WORST]
    return float(fitting[0] if len(fitting) else found[-1])


def _level_sign(column: Column, y: np.ndarray, learn: np.ndarray) -> tuple[str, np.ndarray]:
    """The levels whose past rate was clearly above the whole's."""
    rows = learn[column.codes[learn] >= 0]
    n = np.bincount(column.codes[rows], minlength=len(column.levels))
    happened = np.bincount(column.codes[rows], weights=y[rows], minlength=len(column.levels))
    bad = np.flatnonzero((n >= FEWEST) & (happened >= BAD_LEVEL * y[learn].mean() * np.maximum(n, 1)))
    shown = np.isin(column.codes, bad)
    return (f"{column.name}: {', '.join(column.levels[code] for code in bad[:6])}" if len(bad) else ""), shown
