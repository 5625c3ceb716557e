"""Worked examples: records as data, and what they must give. They run as tests and by `khet check`."""

from datetime import date

from pydantic import Field, model_validator

from khet.core.catalogue import Catalogue, Sourced, Strict
from khet.engines.programmes.counting import Book, Held, Joined, Made, Met, Span, Spent, gathered, totals
from khet.engines.programmes.schema import Programme
from khet.kit.periods import Period, fiscal_year

TOLERANCE = 0.005


class Stand(Strict):
    level: str
    day: date
    until: date | None = None


class Entry(Strict):
    """A participant: `id` for the sessions, `who` the same in every run (its id by default)."""

    id: str
    who: str | None = None
    kind: str = "school"
    org: str
    joined: date
    left: date | None = None
    role: str = ""
    statuses: tuple[Stand, ...] = ()
    answers: dict[str, bool | int | float | str | list[str]] = {}


class Meeting(Strict):
    org: str
    kind: str
    day: date
    hours: float = 1
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    stayed: dict[str, float] = {}
    others: int = 0


class Work(Strict):
    org: str
    kind: str
    day: date
    level: str = ""
    used: tuple[date, ...] = ()
    answers: dict[str, bool | int | float | str | list[str]] = {}


class Money(Strict):
    org: str
    day: date
    planned: float = 0
    paid: float = 0


class Example(Sourced):
    """Records of a programme, a period, and the numbers they make over all orgs (`gives`) or at each (`at`)."""

    name: str
    programme: str
    period: str
    participants: tuple[Entry, ...] = ()
    sessions: tuple[Meeting, ...] = ()
    outputs: tuple[Work, ...] = ()
    costs: tuple[Money, ...] = ()
    gives: dict[str, float] = Field(min_length=1)
    at: dict[str, dict[str, float]] = {}

    @model_validator(mode="after")
    def sessions_know_their_participants(self):
        ids = {one.id for one in self.participants}
        named = {id for one in self.sessions for id in (*one.present, *one.absent, *one.stayed)}
        if strange := named - ids:
            raise ValueError(f"sessions name {', '.join(sorted(strange))}, who does not take part.")
        return self

    def fault(self, rules: Programme | None) -> str | None:
        """What is wrong with it, None when it holds."""
        if rules is None:
            return f"'{self.programme}' is no programme of the catalogue"
        period, book = Period.parse(self.period), self.book(rules)
        given = {gift.measure for gift in rules.gives}
        for measure, wanted in self.gives.items():
            if measure not in given:
                return f"'{measure}' is none of what the programme gives"
            things = gathered([book], measure, Span(period.start, period.end))
            total = sum(one.amount for one in things)
            if abs(total - wanted) > TOLERANCE:
                return f"{measure}: expected {wanted:g}, worked out {total:g}"
            by_org: dict[str, float] = {}
            for (org, _group), value in totals(things).items():
                by_org[org] = by_org.get(org, 0) + value
            for org, value in self.at.get(measure, {}).items():
                if abs(by_org.get(org, 0) - value) > TOLERANCE:
                    return f"{measure} at {org}: expected {value:g}, worked out {by_org.get(org, 0):g}"
        return None

    def book(self, rules: Programme) -> Book:
        """The records as the engine counts them."""
        ids = {one.id: place for place, one in enumerate(self.participants, start=1)}
        return Book(
            rules,
            tuple(_joined(ids[one.id], one) for one in self.participants),
            tuple(
                Met(place, one.kind, one.org, one.day, one.hours, frozenset(ids[id] for id in one.present),
                    frozenset(ids[id] for id in one.absent), {ids[id]: n for id, n in one.stayed.items()}, one.others)
                for place, one in enumerate(self.sessions, start=1)
            ),
            tuple(
                Made(place, one.kind, one.org, one.day, one.level, one.used, dict(one.answers))
                for place, one in enumerate(self.outputs, start=1)
            ),
            tuple(
                Spent(place, one.org, fiscal_year(one.day).start, one.planned, one.paid)
                for place, one in enumerate(self.costs, start=1)
            ),
        )  # fmt: skip


def _joined(id: int, one: Entry) -> Joined:
    who = ("org", one.org) if one.kind == "school" else (one.kind, one.who or one.id)
    held = tuple(Held(s.level, s.day, s.until, place) for place, s in enumerate(one.statuses, start=1))
    return Joined(id, who, one.kind, one.org, one.joined, one.left, one.role, held, dict(one.answers))


def faults(content: Catalogue) -> list[tuple[str, str]]:
    """(example, what is wrong) of those that do not hold."""
    return [
        (example.id, words)
        for example in content.all("programme_example")
        if (words := example.fault(content.find("programme", example.programme)))
    ]
