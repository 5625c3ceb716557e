"""The shape of a source: what a kind of file looks like, how its cells are cleaned and checked, where its rows go."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from khet.core.catalogue import Sourced, Strict, Text
from khet.kit.expressions import ExpressionError, compiled, names

Target = Literal["schools", "enrolments", "profiles", "absences", "marks", "staff", "residents", "figures"]
Severity = Literal["error", "warning", "note"]
Cleaner = Literal[
    "text", "name", "person_id", "school_code", "code", "date", "integer", "number", "percent", "flag", "yes_no",
    "grades", "period", "measure", "digits", "coordinate",
]  # fmt: skip
PeriodKind = Literal["academic_year", "semester", "fiscal_year", "month"]


def _pattern(text: str) -> str:
    re.compile(text)
    return text


def _expression(text: str) -> str:
    try:
        compiled(text)
    except ExpressionError as error:
        raise ValueError(str(error)) from None
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
Expression = Annotated[str, AfterValidator(_expression)]


class Files(Strict):
    """Which files hold it. `sheets`: pattern of sheet names that are read; every sheet with the headers when empty."""

    kinds: tuple[Literal["xlsx", "xls", "ods", "csv"], ...] = ("xlsx", "xls", "ods", "csv")
    names: tuple[Pattern, ...] = ()  # patterns of names that speak for it
    sheets: Pattern | None = None


class PeriodRule(Strict):
    """How the period of the rows is found; the first place that gives one counts.

    places   title: a date or year in the rows above the headers; file_name; as_of: the day given at the load, or today
             column: each row has its own (the field `period`)
    """

    kind: PeriodKind = "academic_year"
    places: tuple[Literal["title", "file_name", "as_of", "column"], ...] = ("title", "file_name", "as_of")


class Recognise(Strict):
    """What makes a file this source.

    fields       columns that must be found
    any_of       at least one column of each group must be found
    without      headers that tell another source
    minimum      share of all columns that must be found by header
    title_words  words above the headers that speak for it
    hint         where sources share their headers, the file's name or title (`files.names`, `title_words`) tells them
                 apart: optional, this one is taken without a hint, and says so; required, never without
    """

    fields: tuple[str, ...] = Field(min_length=1)
    any_of: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    minimum: float = 0.5
    title_words: tuple[str, ...] = ()
    hint: Literal["optional", "required"] | None = None


class Column(Strict):
    """A column and the field it fills.

    headers    spellings met in files, the usual one first (it stands in the template)
    position   1-based place in the usual layout; used when the header does not say it
    content    a cleaner nine in ten of whose cells must pass before a place or a drifted header is believed
    clean      how a cell becomes a value; `codes` names the list of the cleaner "code"
    required   a blank rejects the row
    severity   what a cell that cannot be cleaned does: error rejects the row, warning leaves the value empty
    sensitive  never shown in faults, previews and exports: masked
    sample     an example for the template
    """

    field: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text | None = None
    headers: tuple[str, ...] = Field(min_length=1)
    position: int | None = None
    content: Cleaner | None = None
    clean: Cleaner = "text"
    codes: str | None = None
    empty: tuple[str, ...] = ()
    required: bool = False
    severity: Severity = "error"
    sensitive: bool = False
    sample: str = ""

    @model_validator(mode="after")
    def codes_go_with_their_cleaner(self):
        if (self.clean == "code") != bool(self.codes):
            raise ValueError("'codes' names the list of the cleaner 'code'; give both or neither.")
        return self


class Skip(Strict):
    """Rows that are no data: those whose field matches the pattern (totals, notes, repeated headers)."""

    field: str
    matches: Pattern


class Check(Strict):
    """A named check of the vocabulary with its parameters, how grave a breach is, and what it says.

    message   may name {value}, {field} and what the check itself adds
    mend      what to do about it
    """

    check: str
    id: str | None = None
    fields: tuple[str, ...] = ()
    severity: Severity = "error"
    message: Text | None = None
    mend: Text | None = None
    parameters: dict[str, Any] = {}

    @property
    def code(self) -> str:
        return self.id or self.check


class Melt(Strict):
    """A figure made of a row of a wide file.

    measure   id of the measure; in `rows: school` at the row's school, `office` and `nation` at those rows' org
    value     expression over the row's number fields ("thai * takers")
    grade, sex, group   a constant, or {field} for the row's own value
    needs     the row gives the figure only when this field is filled
    """

    measure: str
    value: Expression
    rows: Literal["school", "office", "nation"] = "school"
    grade: str = ""
    sex: str = ""
    group: str = ""

    @property
    def fields(self) -> frozenset[str]:
        return names(self.value)


class Gone(Strict):
    """What it means that a record of the register is not in the file.

    scope   school: within the schools that the file holds; office: within the whole load's org
    act     leave: the pupil or person has left on the file's day; remove: the figure is withdrawn;
            propose: only shown, for a person to decide; nothing
    """

    scope: Literal["school", "office"] = "school"
    act: Literal["leave", "remove", "propose", "nothing"] = "nothing"


class Source(Sourced):
    """A kind of file an office has.

    order   in which several files of one load are taken: what others refer to comes first
    owner   who issues the file and where it is found
    grades  the grades it speaks of: a school that teaches none of them is not in it; none named: every grade
    """

    title: Text
    summary: Text
    owner: Text
    target: Target
    order: int = 50
    grades: tuple[str, ...] = ()
    files: Files = Files()
    period: PeriodRule = PeriodRule()
    header_rows: int = 12
    recognise: Recognise
    columns: tuple[Column, ...] = Field(min_length=1)
    wide_measures: bool = False
    skip: tuple[Skip, ...] = ()
    checks: tuple[Check, ...] = ()
    melt: tuple[Melt, ...] = ()
    gone: Gone = Gone()
    options: dict[str, Any] = {}

    @model_validator(mode="after")
    def fields_are_known(self):
        known = [column.field for column in self.columns]
        if twice := {field for field in known if known.count(field) > 1}:
            raise ValueError(f"fields filled by two columns: {', '.join(sorted(twice))}; keep one each.")
        named = {
            "recognise.fields": self.recognise.fields,
            "recognise.any_of": [field for group in self.recognise.any_of for field in group],
            "skip": [rule.field for rule in self.skip],
            "checks": [field for check in self.checks for field in check.fields],
            "melt": [field for rule in self.melt for field in rule.fields],
        }
        for place, fields in named.items():
            if unknown := sorted(set(fields) - set(known)):
                raise ValueError(f"{place}: no column fills {', '.join(unknown)}. Known: {', '.join(known)}.")
        return self

    @model_validator(mode="after")
    def checks_are_in_the_vocabulary(self):
        from khet.registers.intake.checking import VOCABULARY

        for check in self.checks:
            if check.check not in VOCABULARY:
                raise ValueError(f"'{check.check}' is no known check. Use one of: {', '.join(sorted(VOCABULARY))}.")
        return self

    @property
    def by_field(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns}
