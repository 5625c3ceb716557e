"""Figures of a ranking against slow, obvious second versions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from khet.insight.earlywarning.evaluating.metrics import calibration
from khet.insight.earlywarning.evaluating.ranking import Ranking, at_k, auc, average_precision, chosen
from khet.insight.earlywarning.evaluating.repetition import bounds, weights

LISTS = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=40).filter(
    lambda rows: 0 < sum(y for y, _ in rows) < len(rows)
)


def columns(rows):
    return np.array([y for y, _ in rows], float), np.array([score for _, score in rows], float)


@settings(deadline=None)
@given(LISTS)
def test_auc_and_average_precision_are_those_of_the_library(rows):
    y, score = columns(rows)
    assert auc(y, score) == pytest.approx(roc_auc_score(y, score))
    assert average_precision(y, score) == pytest.approx(average_precision_score(y, score))


@settings(deadline=None)
@given(LISTS, st.integers(1, 40), st.integers(0, 9))
def test_ties_at_the_end_count_as_a_draw_among_them_would_on_average(rows, k, seed):
    y, score = columns(rows)
    k = min(k, len(y))
    rng = np.random.default_rng(seed)
    drawn = []
    for _turn in range(600):
        shuffled = rng.permutation(len(y))
        top = shuffled[np.argsort(-score[shuffled], kind="stable")][:k]
        drawn.append(y[top].sum())
    precision, recall = at_k(y, score, k)
    assert precision * k == pytest.approx(np.mean(drawn), abs=0.35)
    assert recall * y.sum() == pytest.approx(precision * k)
    assert chosen(score, k).sum() == pytest.approx(k)
    assert (chosen(score, k) * y).sum() == pytest.approx(precision * k)


@settings(deadline=None)
@given(LISTS, st.integers(1, 30), st.integers(0, 99))
def test_weights_count_rows_as_copies_would(rows, k, seed):
    y, score = columns(rows)
    times = np.random.default_rng(seed).integers(0, 4, len(y))
    if not 0 < (times * y).sum() < times.sum():
        return
    k = min(k, int(times.sum()))
    copies, ranking = np.repeat(np.arange(len(y)), times), Ranking(y, score)
    block = times[None].astype(float)
    assert ranking.auc(block)[0] == pytest.approx(auc(y[copies], score[copies]))
    assert ranking.average_precision(block)[0] == pytest.approx(average_precision(y[copies], score[copies]))
    found = ranking.at_k(block, np.array([float(k)]))
    assert (found[0][0], found[1][0]) == pytest.approx(at_k(y[copies], score[copies], k))


def test_whole_units_are_drawn():
    units = np.array([7, 7, 7, 3, 3, 9])
    for block in weights(units, 20, seed=1):
        assert (block[:, 0] == block[:, 2]).all()
        assert (block[:, 3] == block[:, 4]).all()
        assert (block[:, [0, 3, 5]].sum(axis=1) == 3).all()


def test_bounds_hold_the_true_figure_about_as_often_as_they_say():
    rng, held = np.random.default_rng(5), 0
    for turn in range(60):
        score = rng.normal(size=150)
        y = (rng.random(150) < 1 / (1 + np.exp(-score))).astype(float)
        drawn = np.concatenate([Ranking(y, score).auc(block) for block in weights(np.arange(150), 200, turn)])
        low, high = bounds(drawn)
        held += low <= 0.738 <= high  # AUC of this design, from ten million draws
    assert held >= 51


def test_calibration_is_1_and_0_for_honest_chances_and_shows_bold_ones():
    rng = np.random.default_rng(3)
    z = rng.normal(-1, 1.2, 20_000)
    y = (rng.random(20_000) < 1 / (1 + np.exp(-z))).astype(float)
    honest, bold = calibration(y, 1 / (1 + np.exp(-z))), calibration(y, 1 / (1 + np.exp(-2 * z)))
    assert honest["slope"] == pytest.approx(1, abs=0.05)
    assert honest["intercept"] == pytest.approx(0, abs=0.05)
    assert bold["slope"] == pytest.approx(0.5, abs=0.03)
    assert bold["brier"] > honest["brier"]


def test_chances_that_are_all_alike_have_no_slope():
    assert calibration(np.array([1.0, 0, 0]), np.full(3, 0.3))["slope"] is None
