"""Pure counting: what cases give to a measure in a period."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from khet.core.catalogue import Catalogue
from khet.engines.cases.schema import Gift, Prompt
from khet.engines.cases.schema.levels import When, holds


@dataclass(frozen=True)
class Known:
    """A case as counting knows it.

    org     code of the place the case is about
    who     what makes two cases be of one person (None: nobody)
    path    (day, state) of every state it came to, oldest first
    done    {kind of contact: the first day on which it was recorded as done}
    """

    id: int
    org: str
    state: str
    received: date
    who: object = None
    closed: date | None = None
    level: str = ""
    overdue: bool = False
    answers: dict = field(default_factory=dict)
    path: tuple[tuple[date, str], ...] = ()
    done: dict[str, date] = field(default_factory=dict)


def counted(gift: Gift, cases: Iterable[Known], first: date, last: date, prompt: Prompt | None = None) -> list[Known]:
    """The cases that a gift counts between two days, both included. `prompt`: the one that the gift says is asked."""
    return [case for case in cases if _fits(gift, case, prompt) and _falls(gift, case, first, last)]


def totals(
    gift: Gift, cases: Iterable[Known], first: date, last: date, prompt: Prompt | None = None
) -> dict[tuple[str, str], float]:
    """{(org, group): value} of a gift between two days; "" is the group of what is not broken down."""
    places: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for case in counted(gift, cases, first, last, prompt):
        places[case.org, group_of(gift, case)].append(case)
    found = {place: _value(gift, rows) for place, rows in places.items()}
    return {place: value for place, value in found.items() if value is not None}


def with_groups(gift: Gift, content: Catalogue) -> Gift:
    """The gift with the groups that the values of its code list say; itself when it names no list."""
    if gift.groups_of is None:
        return gift
    values = content.get("codes", gift.groups_of).values
    groups = {value.code: value.group for value in values if value.group}
    return gift.model_copy(update={"groups": groups, "groups_of": None})


def group_of(gift: Gift, case: Known) -> str:
    """The group a case is counted in: "" without groups, "?" when the case does not say."""
    if gift.group is None:
        return ""
    answer = case.answers.get(gift.group)
    return gift.groups.get(str(answer), "" if gift.groups else str(answer)) or "?" if answer is not None else "?"


def state_on(case: Known, day: date) -> str | None:
    """The state in which a case stood at the end of a day; None before it came in."""
    if case.received > day:
        return None
    return next((state for moved, state in reversed(case.path) if moved <= day), None)


def first_in(case: Known, states: Iterable[str]) -> date | None:
    """The day on which a case first came into one of these states; None when it never did."""
    return next((day for day, state in case.path if state in states), None)


def _fits(gift: Gift, case: Known, prompt: Prompt | None) -> bool:
    if gift.asked and not (prompt and _answers(gift, case, prompt)):
        return False
    if gift.on != "standing" and gift.states and case.state not in gift.states:
        return False
    if case.state in gift.without or (gift.overdue and not case.overdue):
        return False
    if gift.once_in and not {state for _day, state in case.path} & set(gift.once_in):
        return False
    known = case.answers | {"level": case.level or None}
    return not gift.where or any(_holds(when, known) for when in gift.where)


def _answers(gift: Gift, case: Known, prompt: Prompt) -> bool:
    """Whether a prompt asks something of a case and, where the gift says so, it was done in time."""
    known = case.answers | {"level": case.level or None}
    if prompt.when and not any(_holds(when, known) for when in prompt.when):
        return False
    done = case.done.get(prompt.done_by)
    return gift.within_days is None or (done is not None and (done - case.received).days <= gift.within_days)


def _holds(when: When, known: dict) -> bool:
    return holds(when, known)


def _falls(gift: Gift, case: Known, first: date, last: date) -> bool:
    if gift.on == "standing":
        state = state_on(case, last)
        if state is None:
            return False
        return state in gift.states if gift.states else case.closed is None or case.closed > last
    day = _day(gift, case)
    return day is not None and first <= day <= last


def _day(gift: Gift, case: Known) -> date | None:
    if gift.on == "received":
        return case.received
    if gift.on == "closed":
        return case.closed
    answer = case.answers.get(gift.on)
    return date.fromisoformat(answer) if answer else case.received


def _value(gift: Gift, rows: list[Known]) -> float | None:
    if gift.take == "persons":
        return float(len({row.who if row.who is not None else ("case", row.id) for row in rows}))
    if gift.take == "repeated":
        times = Counter(row.who for row in rows if row.who is not None)
        return float(sum(many > 1 for many in times.values()))
    if gift.take == "waited":
        waits = [(day - row.received).days for row in rows if (day := first_in(row, gift.reached))]
        return float(sum(waits)) if waits else None
    if gift.take == "days":
        lengths = [(row.closed - row.received).days for row in rows if row.closed]
        return sum(lengths) / len(lengths) if lengths else None
    return float(len(rows))
