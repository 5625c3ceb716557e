"""Cohorts as the table a model learns from: the inputs of an edition, and nothing else of a pupil."""

import numpy as np

from khet.insight.earlywarning.cohort import Cohort
from khet.insight.earlywarning.evaluating.table import Column
from khet.insight.earlywarning.schema import WarningRules


def inputs_of(rules: WarningRules, cohorts: list[Cohort]) -> list[Column]:
    """The inputs of the pupils who were still coming, cohort after cohort; those that never differ are left out."""
    made = []
    for one in rules.inputs:
        values = np.concatenate([cohort.features[one.feature][cohort.still_coming] for cohort in cohorts])
        if len(np.unique(values[~np.isnan(values)])) > 1:
            made.append(column(one.feature, values))
    return made


def column(name: str, values: np.ndarray) -> Column:
    """Numbers, or words, as a column; nan and None are empty."""
    if values.dtype == object:
        texts = ["" if value is None else str(value) for value in values]
        levels = sorted(set(texts) - {""})
        places = {text: code for code, text in enumerate(levels)} | {"": -1}
        return Column(name, np.array([places[text] for text in texts]), levels)
    found, codes = np.unique(values, return_inverse=True)
    known = ~np.isnan(found)
    return Column(name, np.where(np.isnan(values), -1, codes), [f"{value:.12g}" for value in found[known]])
