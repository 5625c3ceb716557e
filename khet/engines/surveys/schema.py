"""The shape of `survey-*.yaml` and of its worked examples."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from khet.core.catalogue import Citation, Dated, Sourced, Strict, Text

Access = Literal["open", "codes", "staff"]


class Band(Strict):
    """A word for a mean from a value up ("มากที่สุด" from 4.51)."""

    at_least: float
    title: Text


class Scale(Strict):
    """What the options of a list count, and the words for a mean. An option that is not named counts nothing."""

    title: Text
    points: dict[str, float] = Field(min_length=2)
    bands: tuple[Band, ...] = ()

    @property
    def lowest(self) -> float:
        return min(self.points.values())

    @property
    def highest(self) -> float:
        return max(self.points.values())


class Dimension(Strict):
    """Questions that measure one thing. The points of `reversed` ones count from the other end."""

    id: str
    title: Text
    questions: tuple[str, ...] = Field(min_length=1)
    reversed: tuple[str, ...] = ()


class Formula(Sourced):
    """One of the ways to make a score from 0 to 100.

    of         what an answer counts: index (points ÷ highest), share (1 when points are at least `at_least`),
               rescaled (points from lowest to highest as 0 to 100), points (as they are)
    averaged   pooled: over all answers; by_dimension: mean of the dimensions' means of their questions' means
    weighted   groups count by their size, not by how many of them answered
    """

    title: Text
    words: Text
    of: Literal["index", "share", "rescaled", "points"]
    at_least: float | None = None
    averaged: Literal["pooled", "by_dimension"] = "pooled"
    weighted: bool = False

    @model_validator(mode="after")
    def a_share_says_from_where(self):
        if (self.of == "share") != (self.at_least is not None):
            raise ValueError("'at_least' belongs to 'share', and a share needs it.")
        return self


class Group(Strict):
    """A group of respondents. One that is `named` answers under its name and is told so (the own view in a review)."""

    code: str
    title: Text
    named: bool = False


class Groups(Strict):
    """Who answers. `question` is the one that tells the group; without it the sheet with the code does."""

    of: tuple[Group, ...] = Field(min_length=1)
    question: str | None = None


class Sample(Strict):
    """How many answers are wanted of a group.

    rule   share: a share of the group, not under `floor`, not over `cap`, never more than there are;
           finite: for a margin of error at a confidence, with the correction for a finite group; everyone
    """

    rule: Literal["share", "finite", "everyone"] = "finite"
    share: Annotated[float, Field(gt=0, le=1)] = 0.1
    floor: int = 30
    cap: int | None = None
    margin: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    confidence: Literal[0.9, 0.95, 0.99] = 0.95

    @property
    def percent(self) -> float:
        return 100 * self.share

    @property
    def margin_percent(self) -> float:
        return 100 * self.margin

    @property
    def confidence_percent(self) -> float:
        return 100 * self.confidence


class Gives(Strict):
    """A measure that closed rounds feed.

    take    respondents, answers (to scored questions), points (their sum), answers_at (those of the named points),
            respondents_with (who gave one of `codes` to `question`), asked (who answered `question`),
            score (of `formula`)
    group   where the measure is broken down by groups of respondents
    at      only rounds for an org of these kinds feed it; none named: all do
    """

    measure: str
    take: Literal["respondents", "answers", "points", "answers_at", "respondents_with", "asked", "score"]
    points: tuple[float, ...] = ()
    question: str | None = None
    codes: tuple[str, ...] = ()
    formula: str | None = None
    group: bool = False
    at: tuple[Literal["office", "cluster", "school"], ...] = ()

    @model_validator(mode="after")
    def says_what_it_takes(self):
        needs = {
            "answers_at": ("points",), "respondents_with": ("question", "codes"), "asked": ("question",),
            "score": ("formula",),
        }.get(self.take, ())  # fmt: skip
        if missing := [name for name in needs if not getattr(self, name)]:
            raise ValueError(f"'{self.take}' needs {' and '.join(missing)}.")
        return self


class Survey(Dated):
    """An edition of a survey. A round keeps the edition it was opened with.

    form          the file beside this one that holds the questions (.xlsx .csv .md XLSForm, .json SurveyJS)
    access        how its rounds may be answered: by anybody with the link, by one-time codes, by staff signed in
    targets       kinds of thing a round may be about
    small         fewest answers of a group that may be shown
    warn_below    with fewer answers in all the result is shown with a warning
    confidential  counts within a question are hidden too where they are small, and single answers never leave
    about_person  rounds are about one person: results are for that person and those who may open records of persons
    voluntary     said on the form
    notice        what the form says about purpose and use, in plain words
    """

    title: Text
    summary: Text
    system: str
    since: date
    edition: str | None = None
    family: str | None = None
    form: Annotated[str, Field(pattern=r"^[\w.-]+\.(xlsx|csv|md|json)$")]
    access: tuple[Access, ...] = ("open", "codes")
    targets: tuple[str, ...] = ("office", "school")
    groups: Groups | None = None
    scales: dict[str, Scale] = {}
    dimensions: tuple[Dimension, ...] = ()
    formulas: tuple[Formula, ...] = ()
    formula: str | None = None
    sample: Sample = Sample()
    small: Annotated[int, Field(ge=3)] = 5
    warn_below: int = 30
    confidential: bool = False
    about_person: bool = False
    voluntary: bool = True
    notice: Text | None = None
    gives: tuple[Gives, ...] = ()

    @model_validator(mode="after")
    def holds_together(self):
        known = [formula.id for formula in self.formulas]
        if self.formulas and self.formula not in known:
            raise ValueError(f"formula: name the one in use. Use one of: {', '.join(known)}.")
        for one in self.gives:
            if one.formula and one.formula not in known:
                raise ValueError(f"gives {one.measure}: '{one.formula}' is no formula of this survey.")
        if self.dimensions and not self.formulas:
            raise ValueError("dimensions are scored, so 'formulas' must say how.")
        if twice := _twice([q for dimension in self.dimensions for q in dimension.questions]):
            raise ValueError(f"'{twice}' stands in two dimensions; keep it in one.")
        return self

    @property
    def kin(self) -> str:
        """What editions of one survey share: their rounds are compared."""
        return self.family or self.id


def _twice(names: list[str]) -> str | None:
    return next((name for name in names if names.count(name) > 1), None)


class SurveyExample(Strict):
    """A worked example: answers, and what comes out by each formula. Run as a test and by `khet check`.

    answers   [{answers: {question: code}, group: code, times: how many answered so}]
    counts    instead: {points: how many answers}, all to one question on the survey's first scale
    gives     {measure: value} the round would feed
    """

    id: str
    name: str
    survey: str
    source: Citation
    certainty: str = "design"
    answers: tuple[dict, ...] = ()
    counts: dict[str, int] = {}
    sizes: dict[str, int] = {}
    scores: dict[str, float | None] = {}
    gives: dict[str, float | None] = {}
