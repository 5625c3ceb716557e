"""The shape of `behind-*.yaml`: by which signs a pupil's results say that the pupil fell behind."""

from typing import Annotated

from pydantic import Field, model_validator

from khet.core.catalogue import Dated, Sourced, Text
from khet.engines.cases.schema.levels import Word


class Sign(Sourced):
    """One reason to stand on the list: results of some codes, or a fall of the grade average.

    results   codes of mark_results that are the sign where they are a subject's newest result
    falls_by  the least fall of the average from the pupil's term before to the newest
    subjects  how many subjects with points both terms must have for the fall to say anything
    """

    title: Text
    results: tuple[str, ...] = ()
    falls_by: Annotated[float, Field(gt=0)] | None = None
    subjects: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def is_one_of_both(self):
        if bool(self.results) == (self.falls_by is not None):
            raise ValueError(f"sign '{self.id}' needs either 'results' or 'falls_by', not both.")
        return self


class Behind(Dated):
    """The list of pupils who fell behind.

    family    the family of programmes whose groups help them
    years     academic years before the current one whose results are read
    signs     in the order in which they are told
    field     question asked on joining a group that says what is learnt there
    areas     {answer to it: learning area whose results are compared before and after}; others: all results
    """

    system: str
    family: Word
    title: Text
    intro: Text
    years: Annotated[int, Field(ge=1, le=6)] = 2
    signs: tuple[Sign, ...] = Field(min_length=1)
    field: Word | None = None
    areas: dict[str, str] = {}
