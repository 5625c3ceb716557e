"""The shape of `indicators.yaml` and of the worked examples beside it."""

from datetime import date
from math import isclose
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from khet.core.catalogue.base import Certainty, Citation, Dated, Sourced, Strict, Text
from khet.core.catalogue.schema import PlanWords
from khet.facts.schema import Dimension, PeriodKind
from khet.kit import expressions

_FORMULA = ("value", "numerator", "denominator")
_WORDS = ("words", "unit", "unit_word", "decimals")  # what a reading may say in place of the indicator
Unit = Literal["percent", "count", "per_1000", "score", "level", "ratio"]
# Lists of schools, children or persons that somebody can act on; pages know them by these names.
WorkList = Literal[
    "residents_unmatched", "pupils_gone", "schools_not_good", "schools_not_active", "schools_not_sufficient",
    "staff_not_competent", "incidents",
]  # fmt: skip


def _readable(expression: str | int) -> str:
    expressions.compiled(str(expression))  # its error says what cannot be read and what can be used
    return str(expression)


Expression = Annotated[str, BeforeValidator(_readable)]


class Reading(Strict):
    """One published or possible way to count an indicator; what it leaves empty is as in the indicator."""

    id: str
    title: Text
    value: Expression
    words: Text | None = None
    unit: Unit | None = None
    unit_word: Text | None = None
    decimals: Annotated[int, Field(ge=0, le=4)] | None = None
    numerator: Expression | None = None
    denominator: Expression | None = None
    source: Citation
    certainty: Certainty


class Renewed(Strict):
    """How long a result holds: `measure` is 1 in the year in which one came, the next is due `years` later."""

    measure: str
    years: Annotated[int, Field(ge=1, le=20)]


class Indicator(Dated):
    """A number of the plan: a formula over measures, from a day on. Several editions may share an id.

    value        expression over measures; None while a measure is missing, never 0
    words        the formula in words
    numerator, denominator   parts and wholes, where there are such
    grain        the smallest org and the period it is worked out for; larger orgs add up before dividing
    by           breakdowns that make sense
    readings     other ways to count it, the chosen one included; `reading` is the one used unless a plan chooses
    unit_word    what a count counts (คน, เรื่อง)
    scale        code list that names levels, when the unit is "level"
    act          the next act when it is red; `list` is the work-list behind it
    owner        working group (code list `working_groups`) that usually answers for it
    renewed      where results come once in several years: what tells of a new one, and how long it holds
    fed_by       said beside the number while its measures are typed or imported by hand
    plan_words   how a plan's sentence is bound to it; any of the rules
    since, until first and last day of the edition; the last day of a period chooses
    """

    system: str
    title: Text
    words: Text
    unit: Unit
    unit_word: Text | None = None
    better: Literal["higher", "lower"]
    grain: tuple[Literal["school", "office"], PeriodKind]
    value: Expression
    numerator: Expression | None = None
    denominator: Expression | None = None
    by: tuple[Dimension, ...] = ()
    readings: tuple[Reading, ...] = ()
    reading: str | None = None
    scale: str | None = None
    decimals: Annotated[int, Field(ge=0, le=4)] = 2
    act: Text
    list: WorkList | None = None
    owner: str
    renewed: Renewed | None = None
    fed_by: Text | None = None
    plan_words: tuple[PlanWords, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def value_of_the_chosen_reading(cls, data):
        """With readings, the value is written once: in the reading that is chosen."""
        if not isinstance(data, dict) or not data.get("readings") or "value" in data:
            return data
        chosen = [r for r in data["readings"] if isinstance(r, dict) and r.get("id") == data.get("reading")]
        return {**data, **{key: chosen[0][key] for key in _FORMULA if key in chosen[0]}} if chosen else data

    @model_validator(mode="after")
    def readings_hold_together(self):
        ids = [reading.id for reading in self.readings]
        if len(set(ids)) < len(ids):
            raise ValueError("two readings share an id; give each its own.")
        if bool(ids) != bool(self.reading) or (self.reading and self.reading not in ids):
            raise ValueError(f"reading: must name one of the readings ({', '.join(ids) or 'there are none'}).")
        if self.reading and self.value != self.reading_of(self.reading).value:
            raise ValueError("value differs from that of the chosen reading; leave 'value' out.")
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"until {self.until} lies before since {self.since}.")
        if (self.unit == "level") != bool(self.scale):
            raise ValueError("a level needs 'scale', the code list that names it; other units have none.")
        return self

    @property
    def org_kind(self) -> str:
        """The smallest kind of org it is worked out for."""
        return self.grain[0]

    @property
    def period(self) -> str:
        """The kind of period it is worked out for."""
        return self.grain[1]

    @property
    def measures(self) -> frozenset[str]:
        """Every measure its value speaks of (not those of the other readings)."""
        return expressions.names(self.value)

    @property
    def parts(self) -> tuple[str, ...]:
        """The measures of the value, in the order in which they are written."""
        return tuple(sorted(self.measures, key=lambda name: self.value.index(name)))

    def reading_of(self, id: str) -> Reading:
        """The reading with this id. Raises LookupError that names the readings there are."""
        for reading in self.readings:
            if reading.id == id:
                return reading
        raise LookupError(f"'{id}' is no reading of {self.id}. Use one of: {', '.join(r.id for r in self.readings)}.")

    def read_as(self, id: str | None) -> "Indicator":
        """The indicator counted by one of its readings; itself when none is asked for."""
        if id is None or id == self.reading:
            return self
        reading = self.reading_of(id)
        formula = {key: getattr(reading, key) for key in _FORMULA}  # never half of another reading's formula
        rest = {key: got for key in _WORDS if (got := getattr(reading, key)) is not None}
        return self.model_copy(update={"reading": id, **formula, **rest})

    def of(self, figures) -> float | None:
        """The value from {measure: number or None}."""
        return expressions.evaluate(self.value, figures)


class Example(Sourced):
    """A worked example of an indicator: figures given, value expected.

    edition   a day on which the edition meant is in force; the newest edition when left out
    reading   the reading meant; the chosen one when left out
    given     {measure: number or null}, or a list of those, one an org: added up before the formula is applied
    value     what must come out, to two decimals; null: no value
    """

    name: str
    indicator: str
    edition: date | None = None
    reading: str | None = None
    given: tuple[dict[str, float | None], ...] = Field(min_length=1)
    value: float | None

    @model_validator(mode="before")
    @classmethod
    def one_org_needs_no_list(cls, data):
        if isinstance(data, dict) and isinstance(data.get("given"), dict):
            return {**data, "given": [data["given"]]}
        return data

    def outcome(self, indicator: Indicator) -> float | None:
        """What the indicator makes of the figures given."""
        indicator = indicator.read_as(self.reading)
        return indicator.of(added_up(self.given, indicator.measures))

    def fault(self, indicator: Indicator) -> str | None:
        """Why the example does not hold, or None."""
        got = self.outcome(indicator)
        same = got is None if self.value is None else got is not None and isclose(got, self.value, abs_tol=0.005)
        return None if same else f"expected {_show(self.value)}, worked out {_show(got)}"


def added_up(orgs, measures) -> dict[str, float | None]:
    """{measure: sum} over orgs that know all of the measures.

    An org with a part missing is left out of every sum: its whole without its part would make the rate too small.
    """
    known = [org for org in orgs if all(org.get(measure) is not None for measure in measures)]
    if not known:
        # one org alone may lack a part: the expression decides what may be missing ("no" needs one broken condition)
        return dict(orgs[0]) if len(orgs) == 1 else {}
    return {measure: sum(org[measure] for org in known) for measure in measures}


def _show(value: float | None) -> str:
    return "no value" if value is None else f"{value:g}"
