"""What a class page shows of cases, as the catalogue says it."""

from typing import Annotated

from pydantic import Field

from khet.core.catalogue import Sourced, Strict, Text
from khet.engines.cases.schema.levels import When, Word


class Results(Strict):
    """A contact whose scores are read in bands: its fields for the informant, the table of bands and the day."""

    contact: Word
    informant: Word
    table: Word
    day: Word


class Classroom(Sourced):
    """The family of cases that accompanies each pupil of a class through a year.

    screen    moves that record a screening, the first that is open; their form is asked for the whole class at once
    calm      the answer that needs no attention: what stands until somebody chooses another
    visit     contact that is a home visit; visited: answers that say the same
    letters   contacts that are letters on absence, in their order
    domains   code list whose notes explain the questions of the screening
    """

    title: Text
    family: Word
    screen: Annotated[tuple[Word, ...], Field(min_length=1)]
    calm: str
    visit: Word
    visited: When = {}
    letters: tuple[Word, ...] = ()
    domains: str | None = None
    results: Results | None = None
