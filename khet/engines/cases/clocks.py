"""When a case must have left its state."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from khet.core.calendar import add_working_days
from khet.engines.cases.schema import CaseKind, Clock
from khet.engines.cases.schema.kept import Kept

END_OF_DAY = time(16, 30)  # when offices close


def due(rules: Kept, state: str, level: str, since: datetime, received: datetime) -> datetime | None:
    """The moment at which a clock runs out; None for a state without one, a final one and one that pauses."""
    where = rules.workflow.states[state]
    if where.final or where.pauses:
        return None
    clock = _clock(rules.kind, state, level)
    if clock is not None:
        return _after(clock, received if clock.from_receipt else since)
    if where.due_days is None:
        return None
    start = timezone.localtime(since).date()
    day = add_working_days(start, where.due_days) if where.working_days else start + timedelta(days=where.due_days)
    return _close_of(day)


def _clock(kind: CaseKind, state: str, level: str) -> Clock | None:
    found = kind.level(level)
    return found.clocks.get(state) if found else None


def _after(clock: Clock, start: datetime) -> datetime:
    if clock.days is not None:
        return _close_of(add_working_days(timezone.localtime(start).date(), clock.days))
    return start + timedelta(minutes=clock.minutes or 0, hours=clock.hours or 0)


def _close_of(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, END_OF_DAY))
