"""The shape of `warning-*.yaml`: signs, what a model may be given, and what is to be done with the list."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from khet.core.catalogue import Sourced, Strict, Text
from khet.insight.earlywarning.vocabulary import FEATURES

Letter = Literal["absence", "behaviour", "course", "transition"]
Feature = Annotated[str, Field(pattern=r"^[a-z_]+$")]


class Entry(Strict):
    """A word to choose: a way to act, an outcome, a reason to overrule."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    title: Text


class Ending(Entry):
    """How it went. `good` tells whether the pupil is at school again; None where that is not the question."""

    good: bool | None = None


class Sign(Sourced):
    """A warning sign: a feature that reaches a bound.

    weight   how much it counts; 2 is enough to act by itself where `levels.act` is 2
    reason   what it says of a pupil, with {value} where the feature's value belongs
    """

    letter: Letter
    title: Text
    feature: Feature
    at_least: float | None = None
    at_most: float | None = None
    weight: Annotated[int, Field(ge=1, le=3)] = 1
    reason: Text

    @model_validator(mode="after")
    def has_one_bound(self):
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError(f"sign '{self.id}' needs one bound: at_least or at_most.")
        return self

    def shown_by(self, value: float | None) -> bool:
        """True when a pupil's value reaches the bound; an unknown value shows nothing."""
        if value is None:
            return False
        return value >= self.at_least if self.at_least is not None else value <= self.at_most


class Input(Strict):
    """A feature a model may be given, and how it is put in words ({value}) where it raised a pupil's chance."""

    feature: Feature
    words: Text


class Levels(Strict):
    """The sum of weights from which a pupil is to be watched, and from which somebody acts."""

    watch: Annotated[int, Field(ge=1)]
    act: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def acting_needs_no_less_than_watching(self):
        if self.act < self.watch:
            raise ValueError("levels: act must not be lower than watch.")
        return self


class Guide(Strict):
    """What to do for pupils with signs of some letters; the steps in their order."""

    letter: Letter
    title: Text
    steps: tuple[Text, ...] = Field(min_length=1)


class WarningRules(Sourced):
    """An edition of the early warning; the newest by `since` is used for new runs.

    system              the system it belongs to
    outcome             what is foreseen, in words
    never               what is never an input, in words, for the page that explains the list
    capacity_share      of the pupils, where the office has not said how many it can help
    least_history       past outcomes below which no model is tried
    remind_after_days   after which a listed pupil whom nobody has met is called to mind
    """

    system: str
    title: Text
    since: str
    outcome: Text
    never: Text
    signs: tuple[Sign, ...] = Field(min_length=1)
    levels: Levels
    inputs: tuple[Input, ...] = Field(min_length=1)
    guide: tuple[Guide, ...] = Field(min_length=1)
    actions: tuple[Entry, ...] = Field(min_length=1)
    endings: tuple[Ending, ...] = Field(min_length=1)
    overrules: tuple[Entry, ...] = Field(min_length=1)
    capacity_share: Annotated[float, Field(gt=0, le=0.5)] = 0.03
    least_history: Annotated[int, Field(ge=30)] = 30
    remind_after_days: Annotated[int, Field(ge=1)] = 14

    @model_validator(mode="after")
    def names_what_is_known(self):
        named = [*(sign.feature for sign in self.signs), *(one.feature for one in self.inputs)]
        if unknown := sorted(set(named) - set(FEATURES)):
            raise ValueError(f"'{unknown[0]}' is no feature of a pupil. Use one of: {', '.join(FEATURES)}.")
        guided = {guide.letter for guide in self.guide}
        if missing := sorted({sign.letter for sign in self.signs} - guided):
            raise ValueError(f"guide: nothing says what to do for signs of '{missing[0]}'.")
        for kind in ("signs", "actions", "endings", "overrules"):
            ids = [entry.id for entry in getattr(self, kind)]
            if len(ids) != len(set(ids)):
                raise ValueError(f"{kind}: an id is used twice.")
        return self

    def sign(self, id: str) -> Sign | None:
        return next((sign for sign in self.signs if sign.id == id), None)


class Case(Strict):
    """A pupil made up for an example: features, and what the rules must make of them."""

    name: str
    pupil: dict[str, float]
    signs: tuple[str, ...] = ()
    level: Literal["none", "watch", "act"]


class Examples(Sourced):
    """Worked examples of an edition; they run as tests and in `khet check`. `id` is that of the edition."""

    cases: tuple[Case, ...] = Field(min_length=1)
