"""A workflow edition: what states there are, which moves lead where, who may make them and by when."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from khet.core.catalogue import FullText, Sourced, Strict, Text

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Escalation(Strict):
    """What happens when a clock has run out: who is told, and so many days later again."""

    to: tuple[Word, ...] = Field(min_length=1)
    again_after: Annotated[int, Field(ge=1)] | None = None


class State(Strict):
    """Where a record can stand.

    final         it is over; such a state needs no way out
    due_days      days it may stay here, counted as `working_days` says; None: no clock
    pauses        its days do not count for the clock of the whole
    escalate      who is told when the days have passed
    unhurried     why no clock runs here, or nobody is told when it has run out; asked where the public begins cases
    certainty     whether the number of days stands in the source or is our proposal
    """

    title: Text
    final: bool = False
    due_days: Annotated[int, Field(ge=0)] | None = None
    working_days: bool = True
    pauses: bool = False
    escalate: Escalation | None = None
    unhurried: FullText | None = None
    certainty: str | None = None
    guidance: Text | None = None


class Move(Strict):
    """A step from one of the `start` states to another.

    by       roles that may make it: roles of the catalogue, or roles in the record itself (owner, reporter …)
    form     id of a form that is filled in with it
    reason   a reason in words is asked for
    undo     it takes a step back (re-open, return): shown apart from those that lead on
    """

    title: Text
    start: tuple[Word, ...] = Field(min_length=1)
    to: Word
    by: tuple[Word, ...] = Field(min_length=1)
    form: str | None = None
    reason: bool = False
    undo: bool = False
    guidance: Text | None = None


class Workflow(Sourced):
    """An edition. `family` is what its editions share; a record keeps the edition it began under."""

    family: Word
    system: str
    title: Text
    since: date | None = None
    start: Word
    states: dict[Word, State] = Field(min_length=2)
    moves: dict[Word, Move] = Field(min_length=1)

    @model_validator(mode="after")
    def every_name_is_a_state(self):
        named = {self.start: "start"}
        for id, move in self.moves.items():
            named |= {move.to: f"moves.{id}.to"} | dict.fromkeys(move.start, f"moves.{id}.start")
        if strange := {f"{where}: '{name}'" for name, where in named.items() if name not in self.states}:
            raise ValueError(f"{'; '.join(sorted(strange))} is no state. Use one of: {', '.join(self.states)}.")
        return self

    @model_validator(mode="after")
    def no_state_is_lost_or_a_trap(self):
        ahead: dict[str, set[str]] = {state: set() for state in self.states}
        for move in self.moves.values():
            for state in move.start:
                ahead[state].add(move.to)
        if lost := set(self.states) - _reached(self.start, ahead):
            raise ValueError(f"no move leads to: {', '.join(sorted(lost))}. Add one, or remove the state.")
        final = {id for id, state in self.states.items() if state.final}
        if traps := {id for id in self.states if not _reached(id, ahead) & final}:
            raise ValueError(f"no way to an end from: {', '.join(sorted(traps))}. Add a move, or make the state final.")
        return self


def _reached(start: str, ahead: dict[str, set[str]]) -> set[str]:
    found, open_ones = {start}, [start]
    while open_ones:
        for state in ahead[open_ones.pop()] - found:
            found.add(state)
            open_ones.append(state)
    return found
