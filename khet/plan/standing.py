"""How a value stands against a year's targets, and in words what it was compared with while its period runs."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from khet.core.ui.formats import be_date
from khet.core.ui.formats import period as period_words
from khet.insight.indicators.running import day_before
from khet.insight.indicators.values import Value
from khet.plan.targets import NO_DATA, NO_TARGET, RUNNING, status
from khet.plan.words import value_words


@dataclass(frozen=True)
class Standing:
    """A value as the plan sees it. `note`: of a period that runs, what was compared with what; '' of a whole one."""

    status: str
    note: str = ""


def standing(value: Value | None, targets, before: Value | None, same_days: Value | None) -> Standing:
    """How a value of an office stands.

    before      of the whole period before
    same_days   of its same days, where the value's period runs and they are known
    """
    previous = before.value if before else None
    if value is None or value.running is None:
        return Standing(status(value.value if value else None, targets, previous=previous))
    then = same_days.value if same_days else None
    found = status(value.value, targets, previous=previous, way=value.running.way, same_days=then)
    return Standing(found, _note(value, found, same_days))


def _note(value: Value, found: str, same_days: Value | None) -> str:
    known, ends = so_far(value, same_days), {"ends": be_date(value.running.ends)}
    if found == RUNNING:
        words = _("It is not judged before the period is over, on %(ends)s.")
    elif found in (NO_DATA, NO_TARGET) or same_days is not None:
        return known
    else:
        words = _("What comes in until %(ends)s cannot change how it stands.")
    return f"{known} {words % ends}"


def so_far(value: Value, same_days: Value | None) -> str:
    """What a value of a period that still runs is, beside the same days of the period before; '' of a whole one."""
    if value.running is None:
        return ""
    today = be_date(value.running.until)
    if same_days is None:
        return _("The period still runs: this is what is known up to %(today)s.") % {"today": today}
    return _("Up to %(today)s: %(now)s. In the same days of %(before)s, up to %(day)s: %(then)s.") % {
        "today": today,
        "now": value_words(value.value, value.edition),
        "before": period_words(same_days.period),
        "day": be_date(day_before(value)),
        "then": value_words(same_days.value, same_days.edition),
    }
