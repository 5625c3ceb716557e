"""The shape of `table-*.yaml` and `equity.yaml`."""

from pydantic import Field

from khet.core.catalogue import Sourced, Text
from khet.engines.cases.schema.levels import Word


class CaseTable(Sourced):
    """A list of cases of a family with open answers as columns.

    by        open field with choices by which the list is narrowed and counted
    columns   open fields shown; a sensitive one is never shown here
    sums      numbers added up below the list
    ceilings  code list of dated limits, told beside it (`points` is the number)
    """

    system: str
    family: Word
    title: Text
    intro: Text | None = None
    by: Word | None = None
    columns: tuple[Word, ...] = Field(min_length=1)
    sums: tuple[Word, ...] = ()
    ceilings: str | None = None


class Equity(Sourced):
    """Which share of each group of pupils has a case in some states.

    states   what counts as reached
    measure  the measure whose rule of small numbers holds for it
    sizes    code list of bands of school size
    """

    system: str
    family: Word
    states: tuple[Word, ...] = Field(min_length=1)
    measure: Word
    title: Text
    intro: Text | None = None
    sizes: str | None = None
