"""The shape of a form in the catalogue."""

import json
from typing import Annotated, Literal

from pydantic import Field as Bound
from pydantic import model_validator

from khet.core.catalogue import Sourced, Strict, Text

Word = Annotated[str, Bound(pattern=r"^[a-z][a-z0-9_]*$")]
Kind = Literal[
    "text", "long_text", "integer", "number", "date", "time", "yes_no", "choice", "choices", "scale", "photo", "file",
    "heading",
]  # fmt: skip
CHOOSING = ("choice", "choices", "scale")
UPLOADS = ("photo", "file")


class Option(Strict):
    """One answer of a choice."""

    code: Annotated[str, Bound(pattern=r"^\S+$")]
    title: Text


class Field(Strict):
    """A question.

    options | codes    the answers of a choice: written here, or the id of a code list
    minimum, maximum   of a number; of a date in days from today (0: not in the future when it is the maximum)
    max_length         characters of a text
    show_if            asked only when other fields hold one of the given answers; else its answer is dropped
    sensitive          kept encrypted by the room that stores it, and left out of lists and exports
    """

    id: Word
    label: Text
    kind: Kind = "text"
    required: bool = False
    help: Text | None = None
    options: tuple[Option, ...] = ()
    codes: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    max_length: Annotated[int, Bound(ge=1, le=20_000)] | None = None
    show_if: dict[Word, tuple[str, ...]] = {}
    sensitive: bool = False

    @model_validator(mode="after")
    def a_choice_has_answers(self):
        if self.kind in CHOOSING and bool(self.options) == bool(self.codes):
            raise ValueError(f"'{self.id}' is a {self.kind}: give it 'options' or 'codes', one of them.")
        if self.kind not in CHOOSING and (self.options or self.codes):
            raise ValueError(f"'{self.id}' is a {self.kind}: 'options' and 'codes' belong to a choice.")
        return self

    @property
    def condition(self) -> str:
        """`show_if` as JSON, for the script that hides what is not asked."""
        return json.dumps(self.show_if)


class Form(Sourced):
    """What is asked, in order."""

    title: Text
    intro: Text | None = None
    fields: tuple[Field, ...] = Bound(min_length=1)

    @model_validator(mode="after")
    def conditions_look_back(self):
        seen: set[str] = set()
        for field in self.fields:
            if field.id in seen:
                raise ValueError(f"'{field.id}' is asked twice; give one of them another id.")
            if strange := set(field.show_if) - seen:
                raise ValueError(f"'{field.id}' depends on {', '.join(sorted(strange))}, which is not asked before it.")
            seen.add(field.id)
        return self
