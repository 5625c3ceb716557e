"""What columns and checks of a source ask for, in the words of the office."""

from django.utils.translation import gettext_lazy

from khet.core.catalogue import catalogue
from khet.registers.intake.schema import Check, Column, Source

# name of a cleaner: how such a cell is written
WRITTEN = {
    "text": gettext_lazy("text"), "name": gettext_lazy("text"), "person_id": gettext_lazy("13 digits, or a G-code"),
    "school_code": gettext_lazy("8 digits"), "date": gettext_lazy("day/month/year, for example 16/05/2567"),
    "integer": gettext_lazy("whole number"), "number": gettext_lazy("number"), "percent": gettext_lazy("percent"),
    "flag": gettext_lazy("any mark means yes; empty or - means no"), "yes_no": gettext_lazy("yes or no"),
    "grades": gettext_lazy("lowest and highest grade, for example อ.2-ป.6"),
    "period": gettext_lazy("2567, 1/2567 or ปีงบ 2568"), "measure": gettext_lazy("name or id of a measure"),
    "digits": gettext_lazy("digits"), "coordinate": gettext_lazy("decimal degrees"),
}  # fmt: skip
# What a register calls a field for which files have no column of that name.
KEPT = {
    "left": gettext_lazy("left on"), "leave_reason": gettext_lazy("reason for leaving"),
    "until": gettext_lazy("post until"),
    "closed": gettext_lazy("closed on"), "value": gettext_lazy("value"), "name": gettext_lazy("name"),
    "name_en": gettext_lazy("English name"), "disadvantaged": gettext_lazy("disadvantage"),
    "disabled": gettext_lazy("disability"), "details": gettext_lazy("other details"), "status": gettext_lazy("status"),
    "hanging": gettext_lazy("cannot be struck off yet"), "appointed": gettext_lazy("appointed on"),
    "licence_expires": gettext_lazy("licence until"), "pa_passed": gettext_lazy("performance agreement"),
    "guardian": gettext_lazy("guardian"), "father": gettext_lazy("father"), "mother": gettext_lazy("mother"),
    "address": gettext_lazy("address"),
}  # fmt: skip
# name of a check: what it asks
ASKED = {
    "unique": gettext_lazy("no row stands twice (told by: %(fields)s)"),
    "one_row_a_school": gettext_lazy("no school has two rows"),
    "range_of": gettext_lazy("%(fields)s: between %(low)s and %(high)s"),
    "date_range": gettext_lazy("%(fields)s: a day that can be right"),
    "not_future": gettext_lazy("%(fields)s: not a day to come"),
    "in_codes": gettext_lazy("%(fields)s: a word of the list"),
    "age_fits_grade": gettext_lazy("the age fits the grade"),
    "prefix_fits_sex": gettext_lazy("the title before the name fits the sex"),
    "total_matches": gettext_lazy("the parts add up to the total (%(fields)s)"),
    "at_most": gettext_lazy("the first is not more than the second (%(fields)s)"),
    "rooms_where_pupils": gettext_lazy("where there are pupils there are rooms"),
    "grade_is_taught": gettext_lazy("the school teaches the grade"),
    "no_twin": gettext_lazy("no two pupils with the same name and birth date"),
    "looks_like_a_name": gettext_lazy("%(fields)s: looks like a name"),
    "filled": gettext_lazy("filled: %(fields)s"),
    "form": gettext_lazy("%(fields)s: written in the usual form"),
    "in_order": gettext_lazy("the days are in order (%(fields)s)"),
}  # fmt: skip


def cleaner_words(column: Column) -> str:
    """How the cells of a column are written."""
    if column.clean == "code":
        known = catalogue().find("codes", column.codes)
        some = [str(value.title) if value.code.isascii() else value.code for value in known.values[:6]] if known else []
        return ", ".join(some) + (" …" if known and len(known.values) > 6 else "")
    return str(WRITTEN[column.clean])


def field_title(source: Source | None, name: str) -> str:
    """What a field is called: its title, else its usual header, else the measure's title."""
    column = source.by_field.get(name) if source else None
    if column is not None:
        return str(column.title) if column.title else column.headers[0]
    measure = catalogue().find("measure", name.removeprefix("measure:")) if name else None
    return str(measure.title) if measure else str(KEPT.get(name, name))


def check_words(source: Source, rule: Check) -> str:
    """What a check asks of the rows."""
    names = ", ".join(field_title(source, name) for name in rule.fields)
    low, high = rule.parameters.get("low", "–"), rule.parameters.get("high", "–")
    return ASKED[rule.check] % {"fields": names, "low": low, "high": high}
