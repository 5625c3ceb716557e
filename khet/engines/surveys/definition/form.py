"""The form as we hold it, whatever it was written in."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from khet.core.catalogue import Text
from khet.engines.surveys.definition.conditions import Condition

Kind = Literal["choice", "choices", "text", "long_text", "integer", "number", "date", "note"]
LONGEST = {"text": 300, "long_text": 4000}


class FormFault(ValueError):
    """A form that cannot be read; `faults` lists everything wrong with it, place and mend."""

    def __init__(self, faults: list[str]):
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Option:
    """An answer to choose. `points` is what it counts; None counts nothing ("not applicable")."""

    code: str
    title: Text
    points: float | None = None


@dataclass(frozen=True)
class Question:
    """A question, or a note that asks nothing.

    list       name of the list its options came from; questions of one list share a scale
    in_line    its options stand in one line, as a scale
    show_if    it is asked only when this holds; `check` must hold for its answer, else `check_words` is said
    """

    id: str
    kind: Kind
    title: Text
    hint: Text | None = None
    required: bool = False
    options: tuple[Option, ...] = ()
    list: str = ""
    in_line: bool = False
    show_if: Condition | None = None
    check: Condition | None = None
    check_words: Text | None = None
    minimum: float | None = None
    maximum: float | None = None

    @property
    def asks(self) -> bool:
        return self.kind != "note"

    @property
    def is_text(self) -> bool:
        return self.kind in LONGEST

    @cached_property
    def codes(self) -> dict[str, Option]:
        return {option.code: option for option in self.options}


@dataclass(frozen=True)
class Section:
    """Questions on one page. One that `repeats` is answered several times, at most `most` times."""

    id: str
    questions: tuple[Question, ...]
    title: Text | None = None
    show_if: Condition | None = None
    repeats: bool = False
    most: int = 10


@dataclass(frozen=True)
class Form:
    """A whole form."""

    title: Text
    sections: tuple[Section, ...]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """{id: question} of every section; ids are unique in a form."""
        return {question.id: question for section in self.sections for question in section.questions}

    @cached_property
    def section_of(self) -> dict[str, Section]:
        return {question.id: section for section in self.sections for question in section.questions}

    def asked(self) -> Iterator[Question]:
        """Questions that are no notes and stand in no repeated section: one answer a person."""
        for section in self.sections:
            if not section.repeats:
                yield from (question for question in section.questions if question.asks)
