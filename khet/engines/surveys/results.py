"""What a closed round says: scores by every formula, dimensions, questions, groups, words. Small groups stay hidden."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from django.utils.translation import get_language

from khet.core.catalogue import Text
from khet.engines.surveys import queries
from khet.engines.surveys.definition.files import form_of
from khet.engines.surveys.definition.form import Form, Question
from khet.engines.surveys.disclosure import hidden_cells, pooled
from khet.engines.surveys.models import Round
from khet.engines.surveys.schema import Formula, Survey
from khet.engines.surveys.scoring import Ballot, Estimate, Points, estimate, mean, points, scale_of, word_for


@dataclass(frozen=True)
class Score:
    """A formula with what it gives; `used` marks the round's own."""

    formula: Formula
    estimate: Estimate
    used: bool


@dataclass(frozen=True)
class Cell:
    """An option and how many chose it; None where the number is hidden."""

    title: str
    count: int | None
    share: float | None


@dataclass(frozen=True)
class QuestionResult:
    """Answers to one question. `hidden`: so few people answered it that nothing is shown."""

    question: Question
    title: str
    answered: int
    mean: float | None = None
    word: Text | None = None
    score: Estimate | None = None
    cells: tuple[Cell, ...] = ()
    numbers: tuple[float, float, float] | None = None  # lowest quarter, middle, highest quarter
    hidden: bool = False


@dataclass(frozen=True)
class PartResult:
    """A dimension or a group of respondents."""

    title: str
    answered: int
    mean: float | None
    word: Text | None
    score: Estimate | None


@dataclass(frozen=True)
class Result:
    """A round's result. `too_few`: fewer people answered than may be shown, and nothing else is filled."""

    round: Round
    survey: Survey
    answered: int
    too_few: bool = False
    thin: bool = False  # fewer than the edition warns below
    mean: float | None = None
    word: Text | None = None
    scores: tuple[Score, ...] = ()
    dimensions: tuple[PartResult, ...] = ()
    groups: tuple[PartResult, ...] = ()
    together: tuple[str, ...] = ()  # titles of groups too small to stand alone
    named: tuple[PartResult, ...] = ()
    questions: tuple[QuestionResult, ...] = ()
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def own(self) -> Score | None:
        return next((score for score in self.scores if score.used), None)


def result(round: Round) -> Result:
    """The result of a closed round, worked out once: a closed round does not change.

    raises  ValueError for a round that is still open: seeing results come in would tell who has just answered what
    """
    if not round.closed_at or round.discarded:
        raise ValueError(f"round {round.ref} is not closed")
    sizes = tuple(sorted(queries.sizes(round).items()))
    # The edition's text is part of the key: an office may mend a title of its own edition
    return _result(round.ref, round.formula, sizes, round.edition.model_dump_json(), get_language())


@lru_cache(maxsize=64)
def _result(ref, formula: str, sizes: tuple, _edition: str, _language: str) -> Result:
    round = Round.objects.select_related("org").get(ref=ref)
    survey = round.edition
    return work_out(round, survey, form_of(survey), queries.ballots([round]), dict(sizes), formula)


def work_out(round, survey: Survey, form: Form, cast: Sequence[Ballot], sizes: dict, formula: str = "") -> Result:
    """The result of some answers."""
    work = _Work(survey, form, cast, sizes, formula or survey.formula)
    if work.too_few:
        return Result(round, survey, len(work.ballots), too_few=True)
    shown, together = work.split
    return Result(
        round,
        survey,
        len(work.ballots),
        thin=len(work.ballots) < survey.warn_below,
        mean=mean(work.page) if work.one_scale else None,
        word=word_for(work.scale, mean(work.page)) if work.one_scale else None,
        scores=tuple(Score(f, estimate(f, work.page, work.sizes), f.id == work.formula) for f in survey.formulas),
        dimensions=tuple(work.dimension(number) for number in range(len(survey.dimensions))),
        groups=tuple(work.group(group) for group in shown) if len(shown) + bool(together) > 1 else (),
        together=tuple(work.title_of(group) for group in together) if shown else (),
        named=tuple(work.named_group(group.code) for group in work.named),
        questions=tuple(work.question(question) for question in form.asked() if not question.is_text),
        texts=work.texts(),
    )


class _Work:
    """One working out; named groups (an own view) are kept out of everything but their own line."""

    def __init__(self, survey: Survey, form: Form, cast: Sequence[Ballot], sizes: dict, formula: str | None):
        self.survey, self.form, self.sizes, self.formula = survey, form, sizes, formula
        groups = survey.groups.of if survey.groups else ()
        self.named = [group for group in groups if group.named]
        named = {group.code for group in self.named}
        self.own = [ballot for ballot in cast if ballot.group in named]
        self.ballots = [ballot for ballot in cast if ballot.group not in named]
        self.titles = {group.code: str(group.title) for group in groups}
        self.too_few = len(self.ballots) < survey.small
        self.page = points(survey, form, self.ballots, fewest=survey.small)
        self.split = pooled(Counter(ballot.group for ballot in self.ballots if ballot.group), survey.small)
        scales = {(low, high) for low, high in zip(self.page.lowest, self.page.highest, strict=True)}
        self.one_scale = len(scales) == 1
        first = next(iter(self.page.questions), None)
        self.scale = scale_of(survey, form.questions[first]) if first else None

    def title_of(self, group: str) -> str:
        return self.titles.get(group, group)

    def used(self, page: Points) -> Estimate | None:
        """The score of a part by the round's own formula; a weighted one has no parts, so its answers are pooled."""
        formula = next((f for f in self.survey.formulas if f.id == self.formula), None)
        if formula is None:
            return None
        return estimate(formula.model_copy(update={"weighted": False}), page)

    def part(self, title: str, page: Points) -> PartResult:
        middle = mean(page) if self.one_scale else None
        return PartResult(
            title, int(page.known.any(axis=1).sum()), middle, word_for(self.scale, middle), self.used(page)
        )

    def dimension(self, number: int) -> PartResult:
        page = self.page.only(self.page.dimension_of == number)
        # Alone, a dimension is averaged by itself
        alone = Points(
            page.values, page.questions, page.lowest, page.highest, page.groups,
            np.zeros(len(page.questions), int), 1,
        )  # fmt: skip
        return self.part(str(self.survey.dimensions[number].title), alone)

    def group(self, group: str) -> PartResult:
        page = self.page.of(self.page.groups == group)
        # A question that few of the group answered would be worked out from the group's sums
        kept = page.only(page.known.sum(axis=0) >= self.survey.small)
        return self.part(self.title_of(group), kept)

    def named_group(self, group: str) -> PartResult:
        return self.part(
            self.title_of(group), points(self.survey, self.form, [b for b in self.own if b.group == group])
        )

    def question(self, question: Question) -> QuestionResult:
        given = [ballot.answers[question.id] for ballot in self.ballots if question.id in ballot.answers]
        title = str(question.title)
        if 0 < len(given) < self.survey.small:
            return QuestionResult(question, title, len(given), hidden=True)
        if question.options:
            return self._options(question, title, given)
        quarters = None
        if given and question.kind in ("integer", "number") and not self.survey.confidential:
            quarters = tuple(float(value) for value in np.percentile(given, [25, 50, 75]))
        return QuestionResult(question, title, len(given), numbers=quarters)

    def _options(self, question: Question, title: str, given: list) -> QuestionResult:
        counted = Counter(code for value in given for code in (value if isinstance(value, list) else [value]))
        counts = [counted[option.code] for option in question.options]
        is_group = self.survey.groups and question.id == self.survey.groups.question
        hide = self.survey.confidential or is_group
        hidden = hidden_cells(counts, self.survey.small) if hide else [False] * len(counts)
        cells = tuple(
            Cell(str(option.title), None if gone else count, None if gone else 100 * count / (len(given) or 1))
            for option, count, gone in zip(question.options, counts, hidden, strict=True)
        )
        if question.id not in self.page.questions:
            return QuestionResult(question, title, len(given), cells=cells)
        page = self.page.only(np.array([name == question.id for name in self.page.questions]))
        middle = mean(page)
        word = word_for(scale_of(self.survey, question), middle)
        alone = Points(page.values, page.questions, page.lowest, page.highest, page.groups, np.zeros(1, int), 1)
        return QuestionResult(question, title, len(given), middle, word, self.used(alone), cells)

    def texts(self) -> dict[str, tuple[str, ...]]:
        """{question: what was written}, in an order drawn by lot; never of a confidential survey."""
        if self.survey.confidential:
            return {}
        found = {}
        for question in self.form.asked():
            written = [b.answers[question.id] for b in self.ballots if question.is_text and question.id in b.answers]
            if question.is_text:
                random.SystemRandom().shuffle(written)
                found[question.id] = tuple(written)
        return found


@dataclass(frozen=True)
class Compared:
    """A round beside the one before. `verdict`: better | worse | same (no more than chance) | None (not comparable)."""

    round: Round
    answered: int
    score: Estimate | None
    change: float | None = None
    verdict: str | None = None


def over_rounds(viewer, round: Round) -> list[Compared]:
    """Closed rounds of the same survey, org and target, oldest first, by the formula of the round asked about."""
    kin = round.edition.kin
    rows = (
        queries.rounds(viewer).counted().filter(org=round.org, target_kind=round.target_kind, target_id=round.target_id)
    )
    found, before = [], None
    for one in sorted(rows, key=lambda row: (row.closes, row.pk)):
        if not one.edition or one.edition.kin != kin or not queries.may_see_results(viewer, one):
            continue
        said = result(one)
        score = next((s.estimate for s in said.scores if s.formula.id == round.formula), None)
        change = score.score - before.score if _both(score, before) else None
        found.append(Compared(one, said.answered, score, change, _verdict(score, before)))
        before = score or before
    return found


def _both(now: Estimate | None, before: Estimate | None) -> bool:
    return bool(now and before and now.score is not None and before.score is not None)


def _verdict(now: Estimate | None, before: Estimate | None) -> str | None:
    """Whether a change is more than chance, by the two intervals' half widths."""
    if not _both(now, before) or now.low is None or before.low is None:
        return None
    reach = (((now.high - now.low) / 2) ** 2 + ((before.high - before.low) / 2) ** 2) ** 0.5
    change = now.score - before.score
    return "same" if abs(change) <= reach else "better" if change > 0 else "worse"
