"""The shape of `logbook-*.yaml`."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from khet.core.catalogue import Catalogue, Dated, Fault, Strict, Text

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Gift(Strict):
    """A count that a measure takes of the entries of a school.

    take     entries    those whose day lies in the period (drills held)
             standing   those that stand in the book on the last day of the period, as they read then (risks)
    where    {field: answers} that an entry has to have
    bands    only entries whose weight lies in one of these bands of the book
    """

    measure: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    take: Literal["entries", "standing"] = "entries"
    where: dict[Word, tuple[str, ...]] = {}
    bands: tuple[Word, ...] = ()


class Logbook(Dated):
    """An edition of a book that a school keeps.

    form       what an entry asks; without sensitive fields, since whoever sees the school sees the book
    write      permission word that lets somebody write at a place
    shown      fields in the list
    day        date field that is the day of an entry (else the day it was written)
    due        date field until when something is to be done
    open_when  {field: answers} by which an entry still asks for something; empty: while it has a day it is due
    each       field of which the newest entry of every answer stands for the older ones (kinds of drill)
    weigh      number fields multiplied into the weight of an entry; `bands` is the code list that names weights
    a_year     entries wanted in an academic year; a school with fewer is pointed out
    beside     systems of the catalogue whose work at the school is linked
    gives      what entries give to measures: numbers of entries, and nothing of what they say
    """

    family: Word
    system: str
    since: date
    title: Text
    one: Text
    intro: Text
    form: str
    write: Literal["assess.fill", "notes.write", "figures.write"]
    shown: tuple[Word, ...] = Field(min_length=1)
    day: Word | None = None
    due: Word | None = None
    open_when: dict[Word, tuple[str, ...]] = {}
    each: Word | None = None
    weigh: tuple[Word, ...] = ()
    bands: str | None = None
    a_year: Annotated[int, Field(ge=0)] = 0
    beside: tuple[str, ...] = ()
    gives: tuple[Gift, ...] = ()

    @model_validator(mode="after")
    def weights_have_names(self):
        if bool(self.weigh) != bool(self.bands):
            raise ValueError("'weigh' needs 'bands', the code list that names the weights, and the other way round.")
        return self


def problems(content: Catalogue) -> list[Fault]:
    """Every fault between logbooks, forms, code lists and systems; [] when all is well."""
    return [
        Fault(content.origin.get(("logbook", book.id), "logbook"), book.id, words)
        for book in content.all("logbook")
        for words in _faults(book, content)
    ]


def _faults(book: Logbook, content: Catalogue):
    for system in (book.system, *book.beside):
        if content.find("system", system) is None:
            yield f"'{system}' is no system of the catalogue"
    if book.bands and content.find("codes", book.bands) is None:
        yield f"bands: there is no code list '{book.bands}'"
    form = content.find("form", book.form)
    if form is None:
        yield f"form: there is no form '{book.form}'"
        return
    fields = {field.id: field for field in form.fields}
    if secret := [id for id, field in fields.items() if field.sensitive]:
        yield f"form: {', '.join(secret)} is sensitive; a logbook is read by whoever sees the school"
    dates = {name for name in (book.day, book.due) if name}
    yield from _gift_faults(book, fields, content)
    for name in sorted({*book.shown, *book.weigh, *book.open_when, *dates} | ({book.each} if book.each else set())):
        if name not in fields:
            yield f"'{name}' is no field of the form {book.form}. Use one of: {', '.join(fields)}"
        elif name in dates and fields[name].kind != "date":
            yield f"'{name}' is no date"


def _gift_faults(book: Logbook, fields: dict, content: Catalogue):
    for gift in book.gives:
        measure = content.find("measure", gift.measure)
        if measure is None or measure.feed != "logbooks":
            yield f"gives: '{gift.measure}' must be a measure that says 'feed: logbooks'"
        for name in sorted(set(gift.where) - set(fields)):
            yield f"gives: '{name}' is no field of the form {book.form}. Use one of: {', '.join(fields)}"
        codes = content.find("codes", book.bands) if book.bands else None
        known = {value.code for value in codes.values} if codes else set()
        if strange := sorted(set(gift.bands) - known):
            listed = ", ".join(sorted(known)) or "none"
            yield f"gives: {', '.join(strange)} is no band of the book. Use one of: {listed}"
