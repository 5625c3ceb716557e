"""The shape of `system.yaml`, of code lists and of the calendar."""

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from khet.core.catalogue.base import Sourced, Strict, Text
from khet.kit.thai import fold

Engine = Literal[
    "plan", "assessments", "surveys", "cases", "programmes", "governance", "earlywarning", "learning",
    "schools", "people", "residents", "figures", "facts", "publicsite", "opendata",
]  # fmt: skip


class PlanWords(Strict):
    """Words by which a plan's sentence is known: one of every group in `all`, and nothing of `none`."""

    all: tuple[tuple[str, ...], ...] = Field(min_length=1)
    none: tuple[str, ...] = ()


class System(Sourced):
    """A government system the office works in; its folder bears its id.

    strategy   strategy and tactic of the plan Khet was made for ("3.2"); "0" is the plan itself
    rows       rows of the project's table of systems that it covers ("1.4a")
    engine     the engines and registers that carry it, the main one first
    state      live: its engine works | register: computed from imported records
               | values: figures typed or imported from a sheet | planned: nothing yet
    plan_words by which a tactic of a plan is known to be carried by it
    """

    title: Text
    summary: Text
    strategy: Annotated[str, Field(pattern=r"^\d(\.\d)?$")]
    rows: tuple[str, ...] = Field(min_length=1)
    engine: tuple[Engine, ...] = Field(min_length=1)
    state: Literal["live", "register", "values", "planned"]
    plan_words: tuple[PlanWords, ...] = ()


class CodeValue(Strict):
    """One entry of a code list.

    aliases    other spellings met in files; they mean the same
    order      rank of a level, or place in the list; never compare levels of two lists by their words
    sensitive  not shown in lists, maps, exports or logs
    since, until  first and last day of validity; open where empty

    The rest is filled only where the list needs it: `group` (a wider code: level of a grade, system of a position),
    `sex`, `compulsory` (grade of compulsory schooling), `outcome` and `points` (marks, results of assessments),
    `minimum` (the smallest number of a band, which reaches up to the next band).
    """

    code: Annotated[str, Field(pattern=r"^\S+$")]
    title: Text
    aliases: tuple[str, ...] = ()
    order: int | None = None
    sensitive: bool = False
    since: date | None = None
    until: date | None = None
    note: Text | None = None
    group: str | None = None
    sex: Literal["m", "f"] | None = None
    compulsory: bool | None = None
    outcome: Literal["pass", "fail", "open"] | None = None
    points: float | None = None
    minimum: float | None = None

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything the value may be called in a file."""
        return (self.code, self.title.th, self.title.en, *self.aliases)


class CodeList(Sourced):
    """An edition of a list of codes.

    sensitive  every value of the list is
    empty      marks that mean "nothing entered" in files ("-", "ไม่ระบุ")
    other      the code that takes what is not in the list; without it such a value is a fault
    edition    what tells lists of one family apart ("round 4", "B.E. 2561"); the family is `family`
    """

    title: Text
    values: tuple[CodeValue, ...] = Field(min_length=1)
    sensitive: bool = False
    empty: tuple[str, ...] = ("-", "")
    other: str | None = None
    family: str | None = None
    edition: Text | None = None

    @model_validator(mode="after")
    def codes_and_spellings_are_unique(self):
        codes = [value.code for value in self.values]
        if twice := {code for code in codes if codes.count(code) > 1}:
            raise ValueError(f"codes used twice: {', '.join(sorted(twice))}; keep one each.")
        if self.other and self.other not in codes:
            raise ValueError(f"other: '{self.other}' is not a code of this list. Use one of: {', '.join(codes)}.")
        seen: dict[str, str] = {}
        for value in self.values:
            for spelling in value.spellings:
                if (first := seen.setdefault(fold(spelling), value.code)) != value.code:
                    raise ValueError(f"'{spelling}' stands for both {first} and {value.code}; take it from one.")
        return self

    @cached_property
    def _by_spelling(self) -> dict[str, CodeValue]:
        return {fold(spelling): value for value in self.values for spelling in value.spellings}

    @cached_property
    def _by_code(self) -> dict[str, CodeValue]:
        return {value.code: value for value in self.values}

    def value(self, code: str) -> CodeValue | None:
        """The entry of a code, or None."""
        return self._by_code.get(code)

    def find(self, text: str) -> CodeValue | None:
        """The entry a file's spelling means, or None; blanks, dots, case and Thai digits do not matter."""
        key = fold(text)
        return self._by_spelling.get(key) if key else None

    def is_empty(self, text: str) -> bool:
        """True for a blank and for the marks that mean "nothing entered"."""
        return text.strip() in self.empty or fold(text) in {fold(mark) for mark in self.empty}

    def band(self, number: float) -> CodeValue | None:
        """The entry whose band holds the number (school sizes, levels by score), or None."""
        reached = [value for value in self.values if value.minimum is not None and value.minimum <= number]
        return max(reached, key=lambda value: value.minimum, default=None)


def _month_and_day(text: str) -> str:
    date.fromisoformat(f"2000-{text}")  # a leap year, so that 29 February passes
    return text


MonthDay = Annotated[str, Field(pattern=r"^\d\d-\d\d$"), AfterValidator(_month_and_day)]


class Semester(Strict):
    """A semester: first and last day of lessons, as month-day. `ends_next_year` when that is in the next year."""

    number: Literal[1, 2]
    title: Text
    starts: MonthDay
    ends: MonthDay
    ends_next_year: bool = False


class CensusDay(Strict):
    """A day of the year on which pupils are counted for the whole country."""

    id: str
    title: Text
    day: MonthDay
    semester: Literal[1, 2]


class CompulsoryAge(Strict):
    """Who is of compulsory school age: k = academic year − year of birth, day and month left aside.

    youngest, oldest   bounds of k, both included
    last_grade         who has passed it is free, whatever the age
    """

    youngest: int
    oldest: int
    last_grade: str


class Calendar(Sourced):
    """The year of schools and of the budget."""

    academic_year_starts: MonthDay
    semesters: tuple[Semester, ...]
    fiscal_year_starts: MonthDay
    census: tuple[CensusDay, ...]
    compulsory_age: CompulsoryAge
