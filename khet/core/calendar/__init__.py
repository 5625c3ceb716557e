"""Working days, on which the clocks of cases and rounds run.

Reads the public holidays of Thailand and the office's own days; gives counts.
"""

from khet.core.calendar.days import add_working_days, holidays, is_working_day, working_days

__all__ = ["add_working_days", "holidays", "is_working_day", "working_days"]
