"""Cohorts in their order: years, terms, presentations, days."""

import re

import numpy as np

from khet.insight.earlywarning.evaluating.numbers import arabic, day
from khet.insight.earlywarning.evaluating.table import Column

YEARS = range(1950, 2700)  # Christian and Buddhist
COHORTS_AT_MOST = 60
PARTS = 10


def cohort_key(text: str) -> tuple:
    """What puts cohorts in order: 2013J after 2013B, 1/2567 before 2/2567, 2566-2567 by its first year."""
    numbers = [int(part) for part in re.findall(r"\d+", arabic(text).removesuffix(".0"))]
    years = [value for value in numbers if value in YEARS]
    if years:
        numbers.remove(years[0])
    elif numbers and 1950_00 <= numbers[0] < 2700_00:  # 201401: year and month
        years = [numbers[0] // 100]
        numbers[0] %= 100
    return (years[0] if years else -1, *numbers, text)


def holds_years(column: Column) -> bool:
    """True when every value names a year, and there are at least two and not too many of them."""
    if not 2 <= column.distinct <= COHORTS_AT_MOST:
        return False
    keys = [cohort_key(level) for level, count in zip(column.levels, column.counts, strict=True) if count]
    return all(key[0] in YEARS for key in keys)


def as_cohorts(column: Column) -> Column:
    """The column itself when it has few values; days by their year, other numbers in ten parts of equal size."""
    if column.distinct <= COHORTS_AT_MOST or column.numbers is None:
        return column
    days = [day(level) for level in column.levels]
    if sum(one is not None for one in days) > len(days) / 2:
        names = [str(_year(one)) if one is not None else "" for one in days]
    else:
        cuts = np.nanquantile(column.numbers, np.linspace(0, 1, PARTS + 1)[1:-1])
        names = [f"part {1 + np.searchsorted(cuts, one):02}" if one == one else "" for one in column.level_numbers]
    levels = sorted(set(names) - {""})
    place = np.array([levels.index(name) if name else -1 for name in names] + [-1])
    return Column(column.name, place[column.codes], levels)


def _year(ordinal: float) -> int:
    from datetime import date

    return date.fromordinal(int(ordinal)).year
