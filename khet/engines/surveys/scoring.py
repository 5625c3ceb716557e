"""From answers to scores: points, means, formulas side by side, intervals. Arrays in, numbers out; no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from khet.engines.surveys.definition.form import Form, Question
from khet.engines.surveys.schema import Formula, Scale, Survey

Z = {0.9: 1.6449, 0.95: 1.96, 0.99: 2.5758}


@dataclass(frozen=True)
class Ballot:
    """What one person answered; nothing of who it was."""

    answers: Mapping
    group: str = ""


@dataclass(frozen=True)
class Points:
    """The points of all scored answers: a row a ballot, a column a question; NaN where nothing counts."""

    values: np.ndarray
    questions: tuple[str, ...]
    lowest: np.ndarray
    highest: np.ndarray
    groups: np.ndarray
    dimension_of: np.ndarray  # index of the dimension of each column
    dimensions: int

    @cached_property
    def known(self) -> np.ndarray:
        return ~np.isnan(self.values)

    def of(self, rows: np.ndarray) -> "Points":
        return Points(
            self.values[rows], self.questions, self.lowest, self.highest, self.groups[rows], self.dimension_of,
            self.dimensions,
        )  # fmt: skip

    def only(self, columns: np.ndarray) -> "Points":
        questions = tuple(q for q, kept in zip(self.questions, columns, strict=True) if kept)
        return Points(
            self.values[:, columns], questions, self.lowest[columns], self.highest[columns], self.groups,
            self.dimension_of[columns], self.dimensions,
        )  # fmt: skip


@dataclass(frozen=True)
class Estimate:
    """A score from 0 to 100 with its 95 % interval; None where it cannot be said."""

    score: float | None
    low: float | None = None
    high: float | None = None


def scale_of(survey: Survey, question: Question) -> Scale | None:
    """What the options of a question count: the scale named like their list, else the points the form itself gives."""
    if question.list in survey.scales:
        return survey.scales[question.list]
    points = {option.code: option.points for option in question.options if option.points is not None}
    return Scale(title=question.title, points=points) if len(points) > 1 else None


def points(survey: Survey, form: Form, ballots: Sequence[Ballot], *, fewest: int = 1) -> Points:
    """The points of the survey's scored questions.

    fewest   a question that fewer people answered counts nowhere: its few answers could be worked out from the rest
    """
    columns = [(q, number) for number, part in enumerate(survey.dimensions) for q in part.questions]
    scales = [scale_of(survey, form.questions[name]) for name, _ in columns]
    flipped = {name for part in survey.dimensions for name in part.reversed}
    values = np.full((len(ballots), len(columns)), np.nan)
    for column, ((name, _), scale) in enumerate(zip(columns, scales, strict=True)):
        worth = {code: _worth(value, scale, name in flipped) for code, value in scale.points.items()}
        values[:, column] = [worth.get(ballot.answers.get(name), np.nan) for ballot in ballots]
    whole = Points(
        values,
        tuple(name for name, _ in columns),
        np.array([scale.lowest for scale in scales]),
        np.array([scale.highest for scale in scales]),
        np.array([ballot.group for ballot in ballots], dtype=object),
        np.array([number for _, number in columns], dtype=int),
        len(survey.dimensions),
    )
    return whole.only(whole.known.sum(axis=0) >= fewest) if fewest > 1 else whole


def _worth(value: float, scale: Scale, is_reversed: bool) -> float:
    return scale.lowest + scale.highest - value if is_reversed else value


def estimate(formula: Formula, page: Points, sizes: Mapping[str, int] | None = None) -> Estimate:
    """The score by a formula, with a jackknife interval over respondents.

    sizes   how many people each group has: needed by weighted formulas, and where all are known the interval is
            narrowed by the share of people who answered
    """
    sizes = {group: size for group, size in (sizes or {}).items() if size}
    scored = _scored(formula, page)
    if formula.weighted:
        present = [group for group in dict.fromkeys(page.groups) if group]
        if not present or any(group not in sizes for group in present):
            return Estimate(None)
        weights = {group: sizes[group] / sum(sizes[one] for one in present) for group in present}
    else:
        weights = {None: 1.0}
    total, spread = 0.0, 0.0
    for group, weight in weights.items():
        rows = np.ones(len(scored), bool) if group is None else page.groups == group
        whole, variance = _jackknife(formula, page, scored[rows])
        if whole is None:
            return Estimate(None)
        size = sizes.get(group) if group is not None else _whole_size(page, sizes)
        total += weight * whole
        spread += weight**2 * variance * _left_out(rows.sum(), size)
    return _with_interval(total, spread, len(scored))


def _whole_size(page: Points, sizes: Mapping[str, int]) -> int | None:
    return sum(sizes.values()) if sizes and all(group in sizes for group in set(page.groups)) else None


def _left_out(answered: int, size: int | None) -> float:
    """The share of people who did not answer: when all have, nothing is uncertain any more."""
    return max(0.0, 1 - answered / size) if size else 1.0


def _scored(formula: Formula, page: Points) -> np.ndarray:
    """What each answer counts in percent by the formula."""
    values = page.values
    match formula.of:
        case "index":
            return 100 * values / page.highest
        case "rescaled":
            return 100 * (values - page.lowest) / (page.highest - page.lowest)
        case "share":
            return np.where(page.known, 100.0 * (values >= formula.at_least), np.nan)
    return values


def _jackknife(formula: Formula, page: Points, scored: np.ndarray) -> tuple[float | None, float]:
    """(the score of these rows, its variance by leaving out one respondent after the other)."""
    known = ~np.isnan(scored)
    filled = np.where(known, scored, 0.0)
    sums, counts = filled.sum(axis=0), known.sum(axis=0)
    present = [n for n in range(page.dimensions) if counts[page.dimension_of == n].any()]
    whole = _average(formula, page, sums, counts, present)
    if np.isnan(whole):
        return None, 0.0
    n = int(known.any(axis=1).sum())
    if n < 2:
        return float(whole), 0.0
    without = _average(formula, page, sums - filled, counts - known, present)[known.any(axis=1)]
    if np.isnan(without).any():  # one person alone answered a whole dimension
        return float(whole), float("nan")
    return float(whole), float((n - 1) / n * ((without - without.mean()) ** 2).sum())


def _average(formula: Formula, page: Points, sums: np.ndarray, counts: np.ndarray, present: Sequence[int]):
    """The average of sums and counts by question (last axis), pooled or by dimension; NaN where there is nothing.

    present   the dimensions that somebody answered; the others are left out, not counted as nothing
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        if formula.averaged == "pooled":
            return sums.sum(axis=-1) / counts.sum(axis=-1)
        means, there = np.where(counts > 0, sums / counts, 0.0), counts > 0
        by_dimension = [
            means[..., columns].sum(axis=-1) / there[..., columns].sum(axis=-1)
            for columns in (page.dimension_of == number for number in present)
        ]
        return np.mean(by_dimension, axis=0) if by_dimension else np.nan


def _with_interval(score: float, variance: float, n: int) -> Estimate:
    if n < 2 or np.isnan(variance):
        return Estimate(score)
    reach = student(n - 1) * float(np.sqrt(variance))
    return Estimate(score, max(0.0, score - reach), min(100.0, score + reach))


def student(freedom: int, z: float = Z[0.95]) -> float:
    """The two-sided 95 % quantile of Student's t, by the expansion of Cornish and Fisher (fourth order)."""
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom ** (power + 1) for power, term in enumerate(terms))


def mean(page: Points) -> float | None:
    """The mean of the points of all answers, on the scale's own numbers."""
    return float(np.nanmean(page.values)) if page.known.any() else None


def word_for(scale: Scale | None, value: float | None):
    """The word a mean is read as, by the scale's bands; None without bands or value."""
    if scale is None or value is None:
        return None
    rounded = round(value + 1e-9, 2)
    held = [band for band in scale.bands if rounded >= band.at_least]
    return max(held, key=lambda band: band.at_least).title if held else None
