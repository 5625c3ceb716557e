"""Marks for the facts: what a change of a day may move."""

from datetime import date

from khet.core.changes.services import touch
from khet.kit.periods import academic_year


def touch_from(*days: date | None) -> None:
    """Have the facts looked at anew from the year of the earliest day on.

    A fiscal year begins in the academic year before that of its summer days, so one year earlier is meant.
    """
    known = [day for day in days if day]
    touch("programmes", years=[academic_year(min(known)).year - 1] if known else ())
