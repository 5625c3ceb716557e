"""What a kind of case gives to measures."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from khet.core.catalogue import Strict
from khet.engines.cases.schema.levels import When, Word


class Gift(Strict):
    """A count that a measure takes.

    take     cases       how many cases
             persons     how many different children
             repeated    how many different children have more than one case; whom a case names nobody of counts in none
             waited      calendar days from receipt to the first of the states `reached`, added up: divided by the
                         cases that are `once_in` them it is the mean of any area. A case that never came there adds
                         nothing
             days        mean calendar days from receipt to the end (a school without ended cases gives nothing)
             listed      children of the civil-registration list on no roll whose case stands in one of `states`:
                         the lawful grounds by which a child who is on no roll is not out of school
    on       the day that puts a case in a period: received | closed | the id of a date field |
             standing (every period in which it was open, or in one of `states`, on the last day)
    states   only cases that stand in one of these (empty: any)
    without  only cases that stand in none of these: merged, found to be none
    where    only cases with these answers or, by the field `level`, of these levels; alternatives
    once_in  only cases that have ever been in this state
    overdue  only cases that missed a clock
    asked    only cases of which this prompt asks something, whether it was done or not
    within_days  with `asked`: only those of which it was done no later than so many calendar days after receipt
    group    the field whose answer is the group of the fact; `groups` turns an answer into a group, or
             `groups_of` names the code list whose values say their group, so that an office can add to the list
    zero_from  from when on it is known of a school without a case that there was none: from the period of the
             office's first such case (`first`), or from the `next` one, so that what was typed for the schools in the
             year in which the office began counts on. A school whose own people have begun such a case tells what
             befalls it: of it none is none from the first period that begins later, and of the other groups already in
             the one in which it told of one
    """

    measure: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    take: Literal["cases", "persons", "repeated", "waited", "days", "listed"] = "cases"
    on: str = "received"
    states: tuple[Word, ...] = ()
    without: tuple[Word, ...] = ()
    where: tuple[When, ...] = ()
    once_in: tuple[Word, ...] = ()
    reached: tuple[Word, ...] = ()
    overdue: bool = False
    asked: Word | None = None
    within_days: Annotated[int, Field(ge=0)] | None = None
    group: Word | None = None
    groups: dict[str, str] = {}
    groups_of: str | None = None
    zero_from: Literal["first", "next"] = "first"

    @property
    def is_of_a_day(self) -> bool:
        """Whether it is known of each case on which day it began to count: not what came of it later."""
        later = self.states or self.once_in or self.reached or self.overdue or self.on == "standing"
        done_later = self.within_days is not None
        return self.take in ("cases", "persons", "repeated") and not (later or done_later)

    @model_validator(mode="after")
    def only_listed_children_have_no_day(self):
        if self.take == "listed" and not self.states:
            raise ValueError(f"'{self.measure}' takes listed children: name the 'states' that are a lawful ground.")
        return self

    @model_validator(mode="after")
    def words_that_belong_together(self):
        if self.within_days is not None and self.asked is None:
            raise ValueError(f"'{self.measure}': 'within_days' counts what a prompt asks for; name it in 'asked'.")
        if (self.take == "waited") != bool(self.reached):
            raise ValueError(
                f"'{self.measure}': 'waited' counts days until the states of 'reached'; give both or none."
            )
        if self.groups_of and (self.groups or not self.group):
            raise ValueError(f"'{self.measure}': 'groups_of' goes with 'group' and takes the place of 'groups'.")
        return self
