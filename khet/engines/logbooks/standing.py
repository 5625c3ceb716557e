"""Pure reading of an entry: its day, until when it asks for something, what it weighs, what it stands for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import prod

from khet.core.forms.build import is_asked
from khet.core.forms.schema import Field
from khet.engines.logbooks.schema import Logbook


@dataclass(frozen=True)
class Read:
    """What the list of a book needs of the answers of an entry."""

    day: date
    due: date | None
    stands: str
    weight: int | None


def read(book: Logbook, answers: dict, written: date) -> Read:
    """An entry as its book reads it."""
    return Read(
        day=_date(answers, book.day) or written,
        due=_date(answers, book.due) if asks(book, answers) else None,
        stands=str(answers.get(book.each, "")) if book.each else "",
        weight=prod(int(answers.get(name, 0)) for name in book.weigh) if book.weigh else None,
    )


def asks(book: Logbook, answers: dict) -> bool:
    """True while an entry still asks for something."""
    return all(is_asked(Field(id="x", label=_NO_WORDS, show_if={name: wanted}), answers) for name, wanted in
               book.open_when.items())  # fmt: skip


def newest(entries: Iterable) -> list:
    """The entries that stand for the others: of each thing they stand for the latest, and those that stand alone."""
    found: dict = {}
    for entry in sorted(entries, key=lambda entry: (entry.day, entry.pk)):
        found[entry.stands or ("alone", entry.pk)] = entry
    return list(found.values())


def _date(answers: dict, name: str | None) -> date | None:
    return date.fromisoformat(answers[name]) if name and answers.get(name) else None


_NO_WORDS = {"th": "-", "en": "-"}
