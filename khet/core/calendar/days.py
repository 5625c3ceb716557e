"""Which days offices work, and counting along them."""

from datetime import date, timedelta
from functools import lru_cache

import holidays as library

from khet.core.calendar.schema import Holidays
from khet.core.catalogue import Text, catalogue

WEEKEND = (5, 6)


def holidays(year: int) -> dict[date, Text]:
    """The days off of a year (C.E.) that are not merely weekends, with their names."""
    return _holidays(year, catalogue().find("holidays", "holidays"))


@lru_cache(maxsize=64)
def _holidays(year: int, own: Holidays | None) -> dict[date, Text]:
    kinds = (library.PUBLIC, library.GOVERNMENT)
    th = library.country_holidays("TH", years=year, language="th", categories=kinds)
    en = library.country_holidays("TH", years=year, language="en_US", categories=kinds)
    days = {day: Text(th=name, en=en.get(day, name)) for day, name in th.items()}
    if own is None:
        return days
    days |= {extra.day: extra.title for extra in own.extra if extra.day.year == year}
    return {day: name for day, name in days.items() if f"{day:%m-%d}" not in own.worked and day not in own.open_on}


def is_working_day(day: date) -> bool:
    return day.weekday() not in WEEKEND and day not in holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The day that lies so many working days after (or, when negative, before) a day; 0 gives the day itself."""
    step = timedelta(days=1 if count >= 0 else -1)
    for _number in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days(first: date, last: date) -> int:
    """How many working days lie after the first day up to and including the last; negative when it lies before."""
    if last < first:
        return -working_days(last, first)
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
