"""How pressing a case is, and the clocks that follow from it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from khet.core.catalogue import Strict, Text

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
When = dict[Word, tuple[str, ...]]  # {field of the case: any of these answers}; all fields must hold


class Clock(Strict):
    """How long a case of a level may stay in a state: minutes and hours run day and night, days are working days.

    from_receipt   counts from the moment the case was received, not from the moment it came into the state
    certainty      whether the limit stands in the source or is our proposal
    """

    minutes: Annotated[int, Field(ge=1)] | None = None
    hours: Annotated[int, Field(ge=1)] | None = None
    days: Annotated[int, Field(ge=1)] | None = None
    from_receipt: bool = False
    certainty: Literal["verified", "knowledge", "unsure", "design"] = "design"

    @model_validator(mode="after")
    def has_one_length(self):
        if sum(length is not None for length in (self.minutes, self.hours, self.days)) != 1:
            raise ValueError("give a clock one of 'minutes', 'hours' and 'days'.")
        return self


class Level(Strict):
    """A level of urgency; the first whose `when` holds is proposed, `when: []` never by itself.

    rank     the higher the more pressing
    when     alternatives: the level holds when any of them does
    clocks   {state: clock}; a state without one takes its own `due_days`
    tell     roles at the office that are told at once when a case comes to this level
    second   closing needs the word of a second person
    """

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")]
    title: Text
    rank: int
    when: tuple[When, ...] = ()
    clocks: dict[Word, Clock] = {}
    tell: tuple[Word, ...] = ()
    second: bool = False
    guidance: Text | None = None


def holds(when: When, answers: dict) -> bool:
    """True when every field of a condition has one of the answers named; a field without an answer never has."""
    return all(_given(answers.get(field)) & set(wanted) for field, wanted in when.items())


def _given(answer) -> set[str]:
    many = answer if isinstance(answer, list) else [answer]
    return {("yes" if one else "no") if isinstance(one, bool) else str(one) for one in many if one is not None}
