"""The vocabulary of checks: each looks over whole columns and says which records break it.

A check yields (record, field, arguments of its message). Source files name checks, give them parameters and say how
grave a breach is; what a check says by default stands in MESSAGES.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

from django.utils.translation import gettext_noop as n

from khet.core.catalogue import catalogue
from khet.kit.periods import to_be
from khet.kit.thai import name_key, without_prefix
from khet.registers.intake.faults import MESSAGES
from khet.registers.intake.records import Records
from khet.registers.intake.schema import Check
from khet.registers.intake.targets.base import Context

Breach = tuple[int, str, dict]
Function = Callable[[Records, Check, Context], Iterator[Breach]]
VOCABULARY: dict[str, Function] = {}


def check(message: str, mend: str = ""):
    """Add a function to the vocabulary under its own name, with what it says by default."""

    def add(function: Function) -> Function:
        VOCABULARY[function.__name__] = function
        MESSAGES[function.__name__] = (message, mend)
        return function

    return add


def run(records: Records, context: Context) -> None:
    """All checks of the source, each breach as a fault of the records."""
    for rule in records.source.checks:
        texts = (rule.message.model_dump() if rule.message else None, rule.mend.model_dump() if rule.mend else None)
        for index, field, arguments in VOCABULARY[rule.check](records, rule, context):
            column = records.source.by_field.get(field)
            if column and column.sensitive and "value" in arguments:
                arguments["value"] = "•••"
            code = rule.check if texts[0] is None else rule.code
            records.fault(rule.severity, index, field, code, *texts, **arguments)


@check(n("the same as row %(row)s"), n("Keep one of the two rows."))
def unique(records: Records, rule: Check, context: Context):
    """No two records have the same values in the fields (records with a blank among them are left aside)."""
    columns = [records.column(name) for name in rule.fields]
    first: dict[tuple, int] = {}
    for index, key in enumerate(zip(*columns, strict=True)):
        if None in key or index in records.rejected or index in records.held:
            continue
        if (before := first.setdefault(key, index)) != index:
            yield index, rule.fields[-1], {"row": records.rows[before]}


@check(n("the school stands in row %(row)s already"), n("Keep one of the two rows."))
def one_row_a_school(records: Records, rule: Check, context: Context):
    """No school has two rows, whatever they call it."""
    first: dict[tuple, int] = {}
    for index in list(records.good()):
        key = (context.orgs[index], context.about.get(index))
        if (before := first.setdefault(key, index)) != index:
            yield index, rule.fields[0], {"row": records.rows[before]}


@check(n("%(value)s is not between %(low)s and %(high)s"), n("Correct the number, or leave it empty."))
def range_of(records: Records, rule: Check, context: Context):
    """A number lies between `low` and `high`, both included."""
    low, high = rule.parameters.get("low", float("-inf")), rule.parameters.get("high", float("inf"))
    for name in rule.fields:
        for index, value in enumerate(records.column(name)):
            if value is not None and not low <= value <= high:
                yield index, name, {"value": f"{value:g}", "low": low, "high": high}


@check(n("the date %(value)s lies outside %(low)s to %(high)s"), n("Check the year (Buddhist or Christian)."))
def date_range(records: Records, rule: Check, context: Context):
    """A date lies between so many years before the day of the data and so many after."""
    low = _years_from(context.as_of, -rule.parameters.get("years_before", 120))
    high = _years_from(context.as_of, rule.parameters.get("years_after", 0))
    bounds = {"low": _written(low), "high": _written(high)}
    for name in rule.fields:
        for index, value in enumerate(records.column(name)):
            if value is not None and not low <= value <= high:
                yield index, name, {"value": _written(value), **bounds}


def _written(day: date) -> str:
    """A date as the files write it, readable in both languages."""
    return f"{day.day:02}/{day.month:02}/{to_be(day.year)}"


def _years_from(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))


@check(n("the date %(value)s lies after the day of the data"), n("Check the year (Buddhist or Christian)."))
def not_future(records: Records, rule: Check, context: Context):
    """A date is not after the day the data speak of."""
    for name in rule.fields:
        for index, value in enumerate(records.column(name)):
            if value is not None and value > context.as_of:
                yield index, name, {"value": _written(value)}


@check(n("“%(value)s” is not in the list"), n("Use a value of the list."))
def in_codes(records: Records, rule: Check, context: Context):
    """A text is a spelling of the list `codes`; the value itself is kept as it is."""
    known = catalogue().get("codes", rule.parameters["codes"])
    for name in rule.fields:
        bad = {v for v in set(records.column(name)) if v is not None and not known.find(v) and not known.is_empty(v)}
        if bad:
            yield from ((i, name, {"value": v}) for i, v in enumerate(records.column(name)) if v in bad)


@check(n("%(age)s years old does not fit the grade %(grade)s"), n("Check the birth date and the grade."))
def age_fits_grade(records: Records, rule: Check, context: Context):
    """Academic year − year of birth fits the grade: `grade` at `age`, one more a grade; `younger`, `older` are allowed.

    fields   birth date, grade
    """
    births, grades = (records.column(name) for name in rule.fields)
    order = {value.code: value.order for value in catalogue().get("codes", "grades").values}
    base = order[rule.parameters.get("grade", "ป.1")] - rule.parameters.get("age", 7)
    younger, older = rule.parameters.get("younger", 1), rule.parameters.get("older", 3)
    for index, (birth, grade) in enumerate(zip(births, grades, strict=True)):
        if birth is None or order.get(grade) is None:
            continue
        age = context.year - birth.year
        if not -younger <= age - (order[grade] - base) <= older:
            yield index, rule.fields[0], {"age": age, "grade": grade}


@check(n("the prefix “%(value)s” does not fit the sex"), n("Correct the prefix or the sex."))
def prefix_fits_sex(records: Records, rule: Check, context: Context):
    """The prefix of a name is one of the person's sex. Fields: prefix, sex."""
    known = catalogue().get("codes", "prefixes")

    @cache
    def sex_of(prefix: str) -> str | None:
        entry = known.find(prefix)
        return entry.sex if entry else None

    for index, (prefix, sex) in enumerate(zip(*(records.column(name) for name in rule.fields), strict=True)):
        if prefix and sex and (expected := sex_of(prefix)) and expected != sex:
            yield index, rule.fields[0], {"value": prefix}


@check(n("the total is %(value)s, the parts give %(expected)s"), n("Check the parts or the total."))
def total_matches(records: Records, rule: Check, context: Context):
    """The last field is the sum (or `how: mean`) of the fields before it, within `tolerance`."""
    *parts, total = (records.column(name) for name in rule.fields)
    tolerance = rule.parameters.get("tolerance", 0)
    mean = rule.parameters.get("how") == "mean"
    for index, (said, *values) in enumerate(zip(total, *parts, strict=True)):
        if said is None or None in values:
            continue
        expected = sum(values) / (len(values) if mean else 1)
        if abs(expected - said) > tolerance:
            yield index, rule.fields[-1], {"value": f"{said:g}", "expected": f"{expected:.2f}"}


@check(n("%(value)s is more than %(limit)s"), n("Correct one of the two numbers."))
def at_most(records: Records, rule: Check, context: Context):
    """The first field is not larger than the second."""
    small, large = (records.column(name) for name in rule.fields)
    for index, (a, b) in enumerate(zip(small, large, strict=True)):
        if a is not None and b is not None and a > b:
            yield index, rule.fields[0], {"value": f"{a:g}", "limit": f"{b:g}"}


@check(
    n("there are pupils but no classroom"),
    n("A combined class counts once, in one of its grades; else enter the rooms."),
)
def rooms_where_pupils(records: Records, rule: Check, context: Context):
    """Where the first fields add up to more than 0, the last one is above 0."""
    *parts, rooms = (records.column(name) for name in rule.fields)
    for index, (room, *counts) in enumerate(zip(rooms, *parts, strict=True)):
        if room == 0 and sum(count or 0 for count in counts) > 0:
            yield index, rule.fields[-1], {}


@check(
    n("the grade %(value)s is not among those the school teaches (%(grades)s)"),
    n("Check the grade, or renew the school register."),
)
def grade_is_taught(records: Records, rule: Check, context: Context):
    """The grade is one the school register lists for the school (schools without a list are passed over)."""
    from khet.registers.schools.models import School

    taught = {org: grades for org, grades in School.objects.values_list("org_id", "grades") if grades}
    for index, (org, grade) in enumerate(zip(context.orgs, records.column(rule.fields[0]), strict=True)):
        if grade and (known := taught.get(org)) and grade not in known:
            yield index, rule.fields[0], {"value": grade, "grades": f"{known[0]}–{known[-1]}"}


@check(
    n("same name and birth date as row %(row)s, but another ID"), n("Check whether this is one person entered twice.")
)
def no_twin(records: Records, rule: Check, context: Context):
    """Two records of one school with the same name and birth date carry the same ID. Fields: ID, first, last, birth."""
    ids, firsts, lasts, births = (records.column(name) for name in rule.fields)
    first: dict[tuple, int] = {}
    for index, (id, given, family, birth) in enumerate(zip(ids, firsts, lasts, births, strict=True)):
        if not (id and given and birth):
            continue
        key = (context.orgs[index] if context.orgs else None, name_key(given, family or ""), birth)
        before = first.setdefault(key, index)
        if before != index and ids[before] != id:
            yield index, rule.fields[0], {"row": records.rows[before]}


@check(n("the name holds signs that are no letters"), n("Correct the name at its source."))
def looks_like_a_name(records: Records, rule: Check, context: Context):
    """A name holds letters, spaces, dots and hyphens only."""
    odd = re.compile(r"[^\u0e01-\u0e3a\u0e40-\u0e4eA-Za-z .\-'()]")
    for name in rule.fields:
        values = records.column(name)
        bad = {value for value in set(values) if value and odd.search(without_prefix(value))}
        if bad:
            yield from ((index, name, {}) for index, value in enumerate(values) if value in bad)


@check(n("“%(field)s” is empty"), n("Fill it in at the source and export again."))
def filled(records: Records, rule: Check, context: Context):
    """At least one of the fields is filled."""
    columns = [records.column(name) for name in rule.fields]
    for index, values in enumerate(zip(*columns, strict=True)):
        if index not in records.rejected and not any(value not in (None, "") for value in values):
            yield index, rule.fields[0], {}


@check(n("the text does not have the usual form"), n("Correct it at its source."))
def form(records: Records, rule: Check, context: Context):
    """A text matches the pattern `matches`."""
    pattern = re.compile(rule.parameters["matches"])
    for name in rule.fields:
        values = records.column(name)
        bad = {value for value in set(values) if value is not None and not pattern.fullmatch(str(value))}
        if bad:
            yield from ((index, name, {"value": value}) for index, value in enumerate(values) if value in bad)


@check(n("%(value)s lies before %(limit)s"), n("Check the two dates."))
def in_order(records: Records, rule: Check, context: Context):
    """The second date is not before the first."""
    earlier, later = (records.column(name) for name in rule.fields)
    for index, (a, b) in enumerate(zip(earlier, later, strict=True)):
        if a is not None and b is not None and b < a:
            yield index, rule.fields[1], {"value": _written(b), "limit": _written(a)}
