"""Days that the list of public holidays lacks, or that offices work on all the same."""

from datetime import date

from khet.core.catalogue import Sourced, Strict, Text
from khet.core.catalogue.schema import MonthDay


class ExtraDay(Strict):
    """A day off by cabinet resolution or by order of the province or the office."""

    day: date
    title: Text


class Holidays(Sourced):
    """Corrections to the public holidays of the library.

    worked   days of the list on which government offices are open (Labour Day)
    extra    further days off, once each
    open_on  days that were made working days again
    """

    worked: tuple[MonthDay, ...] = ()
    extra: tuple[ExtraDay, ...] = ()
    open_on: tuple[date, ...] = ()
