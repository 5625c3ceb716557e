"""One page of the plain form: what stands on it, with the answers so far and their faults."""

from collections.abc import Mapping
from dataclasses import dataclass

from khet.engines.surveys.definition.answers import shown
from khet.engines.surveys.definition.form import LONGEST, Form, Question, Section
from khet.engines.surveys.definition.posting import as_fields, field_name


@dataclass(frozen=True)
class Field:
    """A question on the page. `value` is what was sent, a list where several may be chosen."""

    question: Question
    name: str
    value: object
    fault: str = ""

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")

    @property
    def described(self) -> str:
        """Ids of hint and fault, for screen readers."""
        parts = [(self.question.hint, f"{self.id}-hint"), (self.fault, f"{self.id}-fault")]
        return " ".join(id for there, id in parts if there)

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(code, words, whether it is chosen)."""
        chosen = self.value if isinstance(self.value, list) else [str(self.value)]
        return [(option.code, str(option.title), option.code in chosen) for option in self.question.options]

    @property
    def longest(self) -> int | None:
        return LONGEST.get(self.question.kind)


@dataclass(frozen=True)
class Page:
    """A page of the plain form: its fields by row (one row, several where the section repeats) and what it carries."""

    section: Section
    number: int
    count: int
    rows: tuple[tuple[Field, ...], ...]
    carried: tuple[tuple[str, str], ...]
    faults: Mapping[str, str]

    @property
    def is_first(self) -> bool:
        return self.number == 0

    @property
    def is_last(self) -> bool:
        return self.number == self.count - 1

    @property
    def seen(self) -> str:
        """The questions on the page, so that the next post can tell what has joined."""
        return " ".join(field.question.id for row in self.rows for field in row)


def page_of(form: Form, sent: Mapping, number: int, *, faults: Mapping[str, str] | None = None, rows: int = 1) -> Page:
    """The page with a number among those that are shown, given what was sent so far.

    rows   how many rows a repeated section shows at least
    """
    pages = shown(form, sent)
    number = max(0, min(number, len(pages) - 1))
    section, questions = pages[number]
    faults = faults or {}
    if section.repeats:
        there = sent.get(section.id) if isinstance(sent.get(section.id), list) else []
        count = min(section.most, max(rows, len(there)))
        lines = tuple(
            tuple(_in_row(section, question, there, at, faults) for question in questions) for at in range(count)
        )
    else:
        lines = (tuple(Field(q, field_name(q.id), sent.get(q.id, ""), faults.get(q.id, "")) for q in questions),)
    here = {field_name(q.id) for q in section.questions}
    carried = [
        pair for pair in as_fields(form, sent)
        if pair[0] not in here and not (section.repeats and pair[0].startswith(field_name(section.id) + "."))
    ]  # fmt: skip
    return Page(section, number, len(pages), lines, tuple(carried), faults)


def _in_row(section: Section, question: Question, there: list, at: int, faults: Mapping[str, str]) -> Field:
    row = there[at] if at < len(there) and isinstance(there[at], Mapping) else {}
    name = field_name(question.id, section, at)
    return Field(question, name, row.get(question.id, ""), faults.get(f"{section.id}.{at}.{question.id}", ""))
