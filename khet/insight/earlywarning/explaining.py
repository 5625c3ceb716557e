"""Which inputs raised a pupil's chance: how often pupils with such a value were lost before, against all pupils."""

import numpy as np

from khet.insight.earlywarning.evaluating.table import Column

BINS = 5
SMOOTHING = 5  # pupils at the overall rate added to each bin
RAISED = 0.3  # of the log odds: about a third more than usual
MOST = 3


def raised(columns: list[Column], y: np.ndarray, learn: np.ndarray, rows: np.ndarray) -> list[list[str]]:
    """For each row the names of the at most three inputs whose value was worst in the past, worst first."""
    weights = np.array([_evidence(column, y, learn)[rows] for column in columns])
    found = []
    for place in range(len(rows)):
        order = np.argsort(-weights[:, place], kind="stable")[:MOST]
        found.append([columns[n].name for n in order if weights[n, place] >= RAISED])
    return found


def _evidence(column: Column, y: np.ndarray, learn: np.ndarray) -> np.ndarray:
    """Log odds of the outcome among learnt rows with a like value, less those of all; 0 where nothing is known."""
    values = column.numbers
    known = values[learn][~np.isnan(values[learn])]
    cuts = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else np.zeros(0)
    place = np.where(np.isnan(values), len(cuts) + 1, np.searchsorted(cuts, np.nan_to_num(values), side="right"))
    n = np.bincount(place[learn], minlength=len(cuts) + 2)
    happened = np.bincount(place[learn], weights=y[learn], minlength=len(cuts) + 2)
    rate = y[learn].mean()
    share = (happened + SMOOTHING * rate) / (n + SMOOTHING)
    evidence = np.log(share / (1 - share)) - np.log(rate / (1 - rate))
    evidence[-1] = 0.0
    return evidence[place]
