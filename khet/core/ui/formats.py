"""Dates, numbers and ages as an office writes them, in the active language. Plain functions; the tags call them."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from khet.kit.periods import MONTHS_EN, Period, english_date, thai_date, to_be

NOTHING = "–"


def is_thai() -> bool:
    return (get_language() or "th").startswith("th")


def _day(value) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def be_date(value, form: str = "short") -> str:
    """19 พ.ค. 2567, or 19 May 2024 (2567) in English; "long" writes the month in full.

    value   date, datetime, ISO text or None (shown as –)
    """
    if (day := _day(value)) is None:
        return NOTHING
    if is_thai():
        return thai_date(day, short=form != "long")
    return (
        f"{day.day} {MONTHS_EN[day.month - 1]} {day.year} ({to_be(day.year)})" if form == "long" else english_date(day)
    )


def be_datetime(value) -> str:
    """19 พ.ค. 2567 14:05 น., or 19 May 2024 (2567) 14:05, in the office's time."""
    if value in (None, ""):
        return NOTHING
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return _("%(date)s %(time)s") % {"date": be_date(local), "time": f"{local:%H:%M}"}


def period(value, form: str = "long") -> str:
    """ปีการศึกษา 2567, ปีงบประมาณ 2568 …; takes a Period or its code; "short" leaves words out."""
    if value in (None, ""):
        return NOTHING
    found = value if isinstance(value, Period) else Period.parse(value)
    return found.label("th" if is_thai() else "en", short=form == "short")


def number(value, decimals: int | None = None) -> str:
    """1,234.5; whole when it is, else at most two decimals, or exactly as many as asked. None is –, never 0."""
    if value is None or value == "" or (isinstance(value, float) and value != value):
        return NOTHING
    exact = Decimal(str(value))
    step = Decimal(1).scaleb(-(2 if decimals is None else int(decimals)))
    rounded = exact.quantize(step, ROUND_HALF_UP)
    text = f"{rounded:,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def with_unit(value, unit: str = "", decimals: int | None = None) -> str:
    """85%, 14 คน; a value that is missing has no unit."""
    text = number(value, decimals)
    if text == NOTHING or not unit:
        return text
    return f"{text}{unit}" if str(unit) == "%" else f"{text} {unit}"


def percent(value, decimals: int | None = 1) -> str:
    """92.4%; the value is already in percent."""
    text = number(value, decimals)
    return text if text == NOTHING else f"{text}%"


def age(value) -> str:
    """How long ago, in words: today, yesterday, 3 days ago, 4 months ago, 2 years ago; empty without a date."""
    if (day := _day(value)) is None:
        return ""
    days = (timezone.localdate() - day).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 60:
        return _("%(count)s days ago") % {"count": days}
    if days < 730:
        return _("%(count)s months ago") % {"count": max(2, round(days / 30.44))}
    return _("%(count)s years ago") % {"count": days // 365}


def age_of(value) -> str:
    """ข้อมูลเมื่อ 3 วันก่อน; says so when there is no date."""
    if (day := _day(value)) is None:
        return _("No data yet")
    days = (timezone.localdate() - day).days
    if days <= 1:
        return _("Data from yesterday") if days == 1 else _("Data from today")
    return _("Data from %(age)s") % {"age": age(day)}


# As the ministry itself abbreviates them; a phone's bar has no room for the whole name.
_ABBREVIATIONS = {
    "สำนักงานเขตพื้นที่การศึกษาประถมศึกษา": "สพป.",
    "สำนักงานเขตพื้นที่การศึกษามัธยมศึกษา": "สพม.",
}


def short_office(org) -> str:
    """The office's name as letters abbreviate it: สพป.… เขต 1; other names as they are."""
    name = str(org)
    for long, short in _ABBREVIATIONS.items():
        name = name.replace(long, short)
    return name


def file_size(value) -> str:
    """12 kB, 3.4 MB."""
    if value is None:
        return NOTHING
    return f"{max(1, round(value / 1000)):,} kB" if value < 1_000_000 else f"{number(value / 1_000_000, 1)} MB"
