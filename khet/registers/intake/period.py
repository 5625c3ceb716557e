"""The day and the period a file speaks of: from its title, its name, or what the user said."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from khet.kit.periods import Period, PeriodError, academic_year, from_be, parse_date, period_of
from khet.kit.thai import arabic_digits, tidy
from khet.registers.intake.schema import PeriodRule

_DATES = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\s*[ก-๙.]+\s*(?:พ\.?ศ\.?\s*)?\d{4}")
_SEMESTER = re.compile(r"([12])\s*[/_\-]\s*(2[45]\d\d)|(2[45]\d\d)\s*[/_\-]\s*([12])(?!\d)")
_YEAR = re.compile(r"(?<!\d)(2[45]\d\d)(?!\d)")


@dataclass(frozen=True)
class When:
    """`place` says where it was found: given | title | file_name | assumed."""

    as_of: date
    period: Period
    place: str


def find(rule: PeriodRule, *, given: date | None, titles: list[str], names: list[str]) -> When:
    """The first day or year that the places of the rule give; today where none does."""
    if given:
        return When(given, _period(rule, given), "given")
    for place in rule.places:
        texts = {"title": titles, "file_name": names}.get(place, [])
        for text in texts:
            if found := _in_text(rule, arabic_digits(tidy(text))):
                return When(*found, place)
    today = timezone.localdate()
    return When(today, _period(rule, today), "assumed")


def _in_text(rule: PeriodRule, text: str) -> tuple[date, Period] | None:
    for written in _DATES.findall(text):
        try:
            day = parse_date(written)
        except ValueError:
            continue
        if date(1990, 1, 1) <= day <= timezone.localdate():
            return day, _period(rule, day)
    if found := _SEMESTER.search(text):
        part, year = (found[1], found[2]) if found[1] else (found[4], found[3])
        return _closing(rule, Period("semester", from_be(int(year)), int(part)))
    if found := _YEAR.search(text):
        kind = "fiscal_year" if rule.kind == "fiscal_year" else "academic_year"
        return _closing(rule, Period(kind, from_be(int(found[1]))))
    return None


def _closing(rule: PeriodRule, period: Period) -> tuple[date, Period]:
    """A year or semester without a day: the day its pupils are counted (10 June, 10 November), else its last day.

    Never a day to come.
    """
    counted = {"academic_year": (6, 10), "semester": (6, 10) if period.part == 1 else (11, 10)}.get(period.kind)
    day = date(period.year, *counted) if counted else period.end
    return min(day, timezone.localdate()), period if period.kind == rule.kind else _period(rule, period.start)


def _period(rule: PeriodRule, day: date) -> Period:
    return period_of(day, rule.kind)


def year_of(period: Period) -> int:
    """The academic year (C.E. start) rows of a period belong to."""
    return period.year if period.kind in ("academic_year", "semester") else academic_year(period.start).year


def parse_as_of(text: str) -> date:
    """A day given on the command line or a form: ISO or Buddhist. Raises ValueError with the forms understood."""
    try:
        return parse_date(text)
    except ValueError:
        try:
            return _closing(PeriodRule(), Period.parse(text))[0]
        except (PeriodError, ValueError):
            raise ValueError(f"'{text}' is no date. Write 2024-06-10 or 10/06/2567.") from None


__all__ = ["When", "find", "parse_as_of", "year_of"]
