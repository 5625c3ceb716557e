"""School days of an academic year, and the days on which offices count.

Semester 1 runs 16 May to 11 October, semester 2 from 1 November to the end of March (regulation of B.E. 2549). Holidays
of fixed date are left out; those that follow the moon are not, which makes the year some three days too long.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

FIXED_HOLIDAYS = {(6, 3), (7, 28), (8, 12), (10, 13), (10, 23), (12, 5), (12, 10), (12, 31), (1, 1), (1, 2)}


@cache
def school_days(year: int) -> tuple[date, ...]:
    spans = (date(year, 5, 16), date(year, 10, 11)), (date(year, 11, 1), date(year + 1, 3, 31))
    return tuple(
        day
        for first, last in spans
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS
    )


def censuses(year: int) -> dict[int, date]:
    """The days as of which the three DMC rounds of an academic year are closed."""
    return {1: date(year, 6, 10), 2: date(year, 11, 10), 3: date(year + 1, 3, 31)}


def data_years(today: date, years: int) -> range:
    """The academic years a world covers: the last is that of the latest first round (10 June) with its export made."""
    latest = today.year if today >= date(today.year, 6, 25) else today.year - 1
    return range(latest - years + 1, latest + 1)


@dataclass(frozen=True)
class Openings:
    """Which school is open on which school day of a year: `open[school, day]`; days after today are closed."""

    year: int
    days: tuple[date, ...]
    open: np.ndarray

    @classmethod
    def draw(cls, year: int, schools: int, today: date, rng) -> "Openings":
        days = school_days(year)
        # Local closures: sports days, floods, polling stations. Nearly every school has two to five a year.
        is_open = rng.random((schools, len(days))) > 0.017
        is_open[:, [n for n, day in enumerate(days) if day > today]] = False
        return cls(year, days, is_open)

    def by_month(self) -> dict[tuple[int, int], np.ndarray]:
        """{(calendar year, month): days open of each school} for months that have begun."""
        months: dict[tuple[int, int], np.ndarray] = {}
        for n, day in enumerate(self.days):
            if self.open[:, n].any():
                key = day.year, day.month
                months[key] = months.get(key, 0) + self.open[:, n].astype(int)
        return months
