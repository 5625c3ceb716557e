"""How old each school's result is where results come once in several years, and when the next is due."""

from collections.abc import Iterable
from dataclasses import dataclass

from khet.facts import queries as facts
from khet.insight.indicators.schema import Renewed
from khet.kit.periods import Period

NEVER = 0  # sorts before every year


@dataclass(frozen=True)
class Renewal:
    """The last result of a school and the period by whose end a new one is due; None: it has none yet."""

    last: Period | None = None
    due: Period | None = None
    is_late: bool = True

    @property
    def order(self) -> int:
        return self.due.year if self.due else NEVER


def renewals(renewed: Renewed, schools: Iterable[str], now: Period) -> dict[str, Renewal]:
    """{school code: its renewal} as known in a period."""
    schools = set(schools)
    known = [period for period in facts.periods_with([renewed.measure], now.kind) if period <= now]
    table = facts.summed([renewed.measure], periods=known, kinds=("school",))
    last: dict[str, Period] = {}
    for org, code, value in zip(*(table[name].to_pylist() for name in ("org", "period", "value")), strict=True):
        period = Period.parse(code)
        if value and org in schools and (org not in last or last[org] < period):
            last[org] = period
    return {org: _renewal(last.get(org), renewed.years, now) for org in schools}


def _renewal(last: Period | None, years: int, now: Period) -> Renewal:
    if last is None:
        return Renewal()
    due = last
    for _year in range(years):
        due = due.next()
    return Renewal(last, due, due < now)
