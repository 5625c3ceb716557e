"""The plain rules over a whole cohort: points of every pupil, and the order they make."""

import numpy as np

from khet.insight.earlywarning.cohort import Cohort
from khet.insight.earlywarning.schema import WarningRules


def points_of(rules: WarningRules, cohort: Cohort) -> np.ndarray:
    """The sum of weights of every pupil; the same as `signs.points` of each, for all at once."""
    heaviest = {sign.feature: np.zeros(len(cohort)) for sign in rules.signs}
    for sign in rules.signs:
        with np.errstate(invalid="ignore"):
            values = cohort.features[sign.feature]
            shown = values >= sign.at_least if sign.at_least is not None else values <= sign.at_most
        heaviest[sign.feature] = np.maximum(heaviest[sign.feature], np.where(shown, sign.weight, 0))
    return np.sum(list(heaviest.values()), axis=0)


def by_rule(rules: WarningRules, cohort: Cohort) -> np.ndarray:
    """What orders pupils under the plain rules: points, and among equals the share of days lost."""
    absent = np.nan_to_num(cohort.features["absent_share"])
    return points_of(rules, cohort) + np.clip(absent, 0, 100) / 1000
