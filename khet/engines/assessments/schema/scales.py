"""How a criterion is answered: scales, numbers asked for, texts and questions."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from khet.core.catalogue import Sourced, Strict, Text
from khet.engines.assessments.schema.base import Expression
from khet.kit import expressions


class Option(Strict):
    """One answer of a scale: its code, its words, what it counts. `rubric` says in general when it is deserved."""

    code: Annotated[str, Field(pattern=r"^\S+$", max_length=20), BeforeValidator(str)]
    title: Text
    points: float
    rubric: Text | None = None


class Scale(Strict):
    """How a criterion is answered: one of `options`, or a number.

    options            the answers, lowest first: levels, yes and no, 1 to 5, rubric levels
    minimum, maximum   bounds of a number (without options)
    decimals           of a number typed in
    unit               what the number is (ร้อยละ, คะแนน)
    points             what a number x counts, as an expression over x; x itself when left out
    best               the most points a number can count; `maximum` when left out
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    title: Text
    options: tuple[Option, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    decimals: Annotated[int, Field(ge=0, le=4)] = 2
    unit: Text | None = None
    points: Expression | None = None
    best: float | None = None

    @model_validator(mode="after")
    def options_or_number(self):
        codes = [option.code for option in self.options]
        if len(set(codes)) < len(codes):
            raise ValueError("two options share a code; give each its own.")
        if self.options and (self.points or self.minimum is not None or self.maximum is not None):
            raise ValueError("has options, so a number's minimum, maximum and points do not belong here.")
        if len(self.options) == 1:
            raise ValueError("one option is no choice; add another.")
        if self.points and (strange := expressions.names(self.points) - {"x"}):
            raise ValueError(f"points may speak of x only, not of {', '.join(sorted(strange))}.")
        if not self.options and self.top is None:
            raise ValueError("a number needs 'maximum', or 'best' where its points differ from it.")
        return self

    @property
    def top(self) -> float | None:
        """The most it can count."""
        if self.options:
            return max(option.points for option in self.options)
        return self.best if self.best is not None else self.maximum

    @property
    def bottom(self) -> float:
        """The least it can count."""
        return min((option.points for option in self.options), default=min(0, self.minimum or 0))

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)


class CommonScale(Scale, Sourced):
    """A scale of `common/scales.yaml`, for any framework to name."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]


class Ask(Strict):
    """A number asked for when a criterion is made of several: result and target, passed and assessed."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    minimum: float | None = 0
    maximum: float | None = None


class Note(Strict):
    """A text asked for beside a node's score: strengths, points to develop, how it is done."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    help: Text | None = None
    required: bool = False


class Choice(Strict):
    code: Annotated[str, Field(pattern=r"^\S+$"), BeforeValidator(str)]
    title: Text


class Question(Strict):
    """Something asked once an assessment: date and minutes of a lesson, the profile of an organisation."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    kind: Literal["text", "long_text", "number", "date", "choice"] = "text"
    options: tuple[Choice, ...] = ()
    required: bool = False
    help: Text | None = None
    group: Text | None = None

    @model_validator(mode="after")
    def a_choice_has_options(self):
        if (self.kind == "choice") != bool(self.options):
            raise ValueError("a choice needs 'options', and nothing else has them.")
        return self
