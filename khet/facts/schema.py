"""The shape of `measures.yaml` and of the disclosure rules."""

from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from khet.core.catalogue.base import Sourced, Strict, Text

PeriodKind = Literal["academic_year", "semester", "fiscal_year", "quarter", "month", "census"]
Dimension = Literal["grade", "sex", "group"]
# Outlets of the rooms below (<room>/facts.py); figures are the outlet of whatever has no other.
FeedId = Literal[
    "enrolments", "staff", "absences", "marks", "residents", "orgs", "assessments", "surveys", "programmes",
    "cases", "logbooks",
]  # fmt: skip


class Derived(Strict):
    """How a measure follows from other measures of the same org and period; one of two forms.

    of, groups   the part of measure `of` whose group is among `groups`
    where        an expression over measures of one school: 1 where it is true, 0 where false,
                 nothing where a figure is missing; so schools can be counted by what they report
    """

    of: str | None = None
    groups: tuple[str, ...] = ()
    where: str | None = None

    @model_validator(mode="after")
    def one_form(self):
        if bool(self.of) == bool(self.where) or bool(self.of) != bool(self.groups):
            raise ValueError("write either 'of' with 'groups', or 'where'.")
        return self


class Measure(Sourced):
    """A kind of number that is kept: one row of facts is one measure, org, period and dims.

    definition   what is counted and what not, for whoever enters it
    aggregate    how parts of one org add up to their whole
    over_time    how shorter periods make a longer one: counts of events are summed, a state is the last one
    fills        it grows while its period runs, so that until the end it is a part of what it will be; left out: as
                 counts of events do (`over_time: sum`)
    period       the kind of period it is entered for
    dims         breakdowns it may carry; `groups` names the code list of the dim "group"
    counts_people  small numbers are hidden from those who may not see them
    feed         the register outlet that computes it; None: figures only. Where a feed gives nothing for an org
                 and period, figures typed or imported for it count; never both
    derived      computed from other measures instead of fed
    beside       an office may hold records of its schools without saying of which: they are added to its sums, and
                 of what else a formula needs they bring nothing
    part_of      it cannot be larger than this measure of the same org and period
    """

    title: Text
    definition: Text
    unit: Literal["person", "school", "office", "day", "point", "score", "incident", "answer", "room", "other"]
    aggregate: Literal["sum", "mean", "max", "min"] = "sum"
    over_time: Literal["sum", "last"] = "last"
    fills: bool | None = None
    period: PeriodKind
    minimum: float | None = 0
    maximum: float | None = None
    dims: tuple[Dimension, ...] = ()
    groups: str | None = None
    counts_people: bool = False
    feed: FeedId | None = None
    derived: Derived | None = None
    beside: bool = False
    part_of: str | None = None

    @model_validator(mode="after")
    def holds_together(self):
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum:g} is above maximum {self.maximum:g}; swap them.")
        if self.feed and self.derived:
            raise ValueError("a measure is fed or derived; remove 'feed' or 'derived'.")
        if self.groups and "group" not in self.dims:
            raise ValueError("'groups' names a code list, so 'group' must stand in dims.")
        return self

    @property
    def fills_up(self) -> bool:
        """Whether it grows while its period runs."""
        return self.over_time == "sum" if self.fills is None else self.fills

    @property
    def may_be_typed(self) -> bool:
        """Whether an officer may enter it: what a register holds is never typed; an engine's result may be."""
        return self.feed in (None, "assessments", "surveys", "programmes", "cases", "logbooks")

    def refuses(self, value: float, org_kind: str | None = None) -> str | None:
        """Why a value cannot be right ("below 0", "above 500"), or None. A school counts itself once at most."""
        maximum = 1 if self.unit == "school" and org_kind == "school" else self.maximum
        if self.minimum is not None and value < self.minimum:
            return _("below %(limit)s") % {"limit": f"{self.minimum:g}"}
        if maximum is not None and value > maximum:
            return _("above %(limit)s") % {"limit": f"{maximum:g}"}
        return None


class Suppression(Sourced):
    """What is hidden from those who are not in the circle that may see small numbers.

    threshold            counts of people from 1 to threshold − 1 are hidden
    sensitive_threshold  the same where the topic is sensitive (see `sensitive_measures`, `sensitive_codes`)
    complementary        where one cell of a total is hidden, a second one is too, so that it cannot be worked out
    show_zero            a 0 stays
    round_to             published counts are rounded to a multiple of this; 0: not rounded
    smallest_base        a rate over fewer people than this is hidden
    warn_base            a rate over fewer than this is shown with a warning
    sees_small           permission words of which one, at the place, opens small numbers
    """

    title: Text
    words: Text
    threshold: Annotated[int, Field(ge=2)]
    sensitive_threshold: Annotated[int, Field(ge=2)]
    complementary: bool
    show_zero: bool
    round_to: Annotated[int, Field(ge=0)]
    smallest_base: Annotated[int, Field(ge=1)]
    warn_base: Annotated[int, Field(ge=1)]
    sees_small: tuple[str, ...]
    sensitive_measures: tuple[str, ...] = ()
    sensitive_codes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def sensitive_is_stricter(self):
        if self.sensitive_threshold < self.threshold:
            raise ValueError("sensitive_threshold must not be below threshold.")
        return self

    def limit(self, measure: str) -> int:
        """The smallest count of this measure that may be shown."""
        return self.sensitive_threshold if measure in self.sensitive_measures else self.threshold
