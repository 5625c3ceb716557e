"""The words of `gives`: plain records in, things counted out. Nothing here touches a table.

Every word yields `Counted` things; a number is the sum over different things, so a school in two runs of a programme
counts once, and every number can be walked back to what it counted.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, get_args

from khet.engines.programmes.schema import Gift, Kind, Ladder, Programme, Take

KINDS = set(get_args(Kind))


@dataclass(frozen=True)
class Held:
    """A rung as it was judged; valid from its day up to and including `valid_until`."""

    level: str
    judged_on: date
    valid_until: date | None = None
    id: int = 0


@dataclass(frozen=True)
class Joined:
    """A participant of a run. `who` is the same for the same school or person in every run."""

    id: int
    who: Hashable
    kind: str
    org: str
    joined: date
    left: date | None = None  # first day it no longer takes part
    role: str = ""
    statuses: tuple[Held, ...] = ()
    answers: dict = field(default_factory=dict)

    def is_in(self, day: date) -> bool:
        return self.joined <= day and (self.left is None or day < self.left)


@dataclass(frozen=True)
class Met:
    """A session that was held. `present` and `absent` hold ids of participants; who is excused is in neither.

    hours   of those who stayed shorter or longer than the session: {participant: hours}
    others  people who came and are not named
    """

    id: int
    kind: str
    org: str
    day: date
    length: float = 1
    present: frozenset[int] = frozenset()
    absent: frozenset[int] = frozenset()
    hours: dict = field(default_factory=dict)
    others: int = 0


@dataclass(frozen=True)
class Made:
    """An output that was published; `uses` are the days on which another place took it up."""

    id: int
    kind: str
    org: str
    day: date
    level: str = ""
    uses: tuple[date, ...] = ()
    answers: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Spent:
    """A line of the costs; `day` places it in a period."""

    id: int
    org: str
    day: date
    planned: float = 0
    paid: float = 0


@dataclass(frozen=True)
class Book:
    """Everything recorded of one run."""

    rules: Programme
    participants: tuple[Joined, ...] = ()
    sessions: tuple[Met, ...] = ()
    outputs: tuple[Made, ...] = ()
    costs: tuple[Spent, ...] = ()


@dataclass(frozen=True)
class Span:
    """The days of a period that have passed; `last` is the day on which a state is looked at."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


class Counted(NamedTuple):
    """One thing counted. `thing` tells it apart; `record` is the table's word and id, to walk back."""

    thing: Hashable
    org: str
    amount: float
    group: str = ""
    record: tuple[str, int] = ("", 0)


# --- standing


def rung(ladder: Ladder | None, statuses: Iterable[Held], day: date) -> Held | None:
    """The status that counts on a day: the highest valid one, or the latest judgement while it is valid."""
    if ladder is None:
        return None
    judged = [one for one in statuses if one.judged_on <= day and ladder.rank(one.level)]
    if ladder.counts == "latest":
        newest = max(judged, key=lambda one: (one.judged_on, one.id), default=None)
        return newest if newest and _valid(newest, day) else None
    valid = [one for one in judged if _valid(one, day)]
    return max(valid, key=lambda one: (ladder.rank(one.level), one.judged_on, one.id), default=None)


def _valid(one: Held, day: date) -> bool:
    return one.valid_until is None or day <= one.valid_until


def reaches(ladder: Ladder | None, level: str | None, held: Held | None) -> bool:
    """True when the status stands on the level or above; with no level asked for, always."""
    if level is None:
        return True
    return ladder is not None and held is not None and ladder.rank(held.level) >= ladder.rank(level)


# --- words


def participants(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """Who takes part on the last day (or joined in the period: `anew`), on the rung asked for or above."""
    for one in _taking_part(book, gift):
        if not (one.joined in span if gift.anew else one.is_in(span.last)):
            continue
        held = rung(book.rules.ladder, one.statuses, span.last)
        if reaches(book.rules.ladder, gift.level, held) and _answers(one, gift):
            yield Counted(one.who, one.org, 1, _group(one, gift, held), ("participant", one.id))


def judged(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """Participants who were judged to stand on the rung or above in the period, whatever became of it."""
    for one in _taking_part(book, gift):
        new = [s for s in one.statuses if s.judged_on in span and reaches(book.rules.ladder, gift.level, s)]
        if new:
            yield Counted(one.who, one.org, 1, _group(one, gift, new[-1]), ("participant", one.id))


def fields(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """The sum of a number that participants give, over those there on the last day."""
    answers = {one.id: one.answers for one in book.participants}
    for one in participants(book, gift, span):
        if (given := answers[one.record[1]].get(gift.field)) is not None:
            yield one._replace(amount=float(given))


def outputs(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """Published outputs of the period (`ever`: up to its last day), of the quality asked for or above."""
    for one in _outputs(book, gift):
        if one.day <= span.last if gift.ever else one.day in span:
            yield Counted(("output", one.id), one.org, 1, _output_group(one, gift), ("output", one.id))


def uses(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """How often published outputs were taken up elsewhere in the period (`ever`: up to its last day)."""
    for one in _outputs(book, gift):
        n = sum(day <= span.last if gift.ever else day in span for day in one.uses)
        if n:
            yield Counted(("output", one.id), one.org, n, _output_group(one, gift), ("output", one.id))


def sessions(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """Sessions held in the period, at the org that held them."""
    for one in _sessions(book, gift, span):
        yield Counted(("session", one.id), one.org, 1, one.kind if gift.by == "kind" else "", ("session", one.id))


def heads(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """People present at the sessions of the period, named or not; who came twice counts twice."""
    for one in _sessions(book, gift, span):
        group = one.kind if gift.by == "kind" else ""
        yield Counted(("session", one.id), one.org, len(one.present) + one.others, group, ("session", one.id))


def present(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """Times participants came: the part of an attendance rate. Each counts at its own school."""
    for one, met in _due(book, gift, span):
        if one.id in met.present:
            yield _seat(one, met, 1, gift)


def expected(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """Times participants came or stayed away unexcused: the whole of an attendance rate."""
    for one, met in _due(book, gift, span):
        yield _seat(one, met, 1, gift)


def hours(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """Hours attended, each at the school of the participant."""
    for one, met in _due(book, gift, span):
        if one.id in met.present:
            yield _seat(one, met, met.hours.get(one.id, met.length), gift)


def with_hours(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """Participants who attended so many hours in the period or more."""
    total: dict[Hashable, float] = {}
    last: dict[Hashable, Joined] = {}
    for one, met in _due(book, gift, span):
        if one.id in met.present:
            total[one.who] = total.get(one.who, 0) + met.hours.get(one.id, met.length)
            last[one.who] = one
    for who, attended in total.items():
        if attended >= gift.hours - 1e-9:
            one = last[who]
            yield Counted(who, one.org, 1, _group(one, gift, None), ("participant", one.id))


def completed(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """Participants who by the last day have completed the sessions, by the programme's rule of attendance."""
    for one in _taking_part(book, gift):
        if one.is_in(span.last) and _has_completed(book, one, span.last):
            yield Counted(one.who, one.org, 1, _group(one, gift, None), ("participant", one.id))


def planned(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """Money planned for the period."""
    for one in book.costs:
        if one.day in span and one.planned:
            yield Counted(("cost", one.id), one.org, one.planned, "", ("cost", one.id))


def paid(book: Book, gift: Gift, span: Span) -> Iterator[Counted]:
    """Money paid in the period."""
    for one in book.costs:
        if one.day in span and one.paid:
            yield Counted(("cost", one.id), one.org, one.paid, "", ("cost", one.id))


WORDS: dict[str, Callable[[Book, Gift, Span], Iterator[Counted]]] = {
    "participants": participants, "judged": judged, "fields": fields, "outputs": outputs, "uses": uses,
    "sessions": sessions, "heads": heads, "present": present, "expected": expected, "hours": hours,
    "with_hours": with_hours, "completed": completed, "planned": planned, "paid": paid,
}  # fmt: skip
assert set(WORDS) == set(get_args(Take))


# --- what the words are made of


def _taking_part(book: Book, gift: Gift) -> Iterator[Joined]:
    kinds = set(gift.kinds) & KINDS
    for one in book.participants:
        if (not kinds or one.kind in kinds) and (not gift.roles or one.role in gift.roles):
            yield one


def _answers(one: Joined, gift: Gift) -> bool:
    if not gift.is_one_of:
        return True
    given = one.answers.get(gift.field)
    said = given if isinstance(given, list) else [given]
    return bool({{True: "yes", False: "no"}.get(a, str(a)) if isinstance(a, bool) else str(a) for a in said}
                & set(gift.is_one_of))  # fmt: skip


def _outputs(book: Book, gift: Gift) -> Iterator[Made]:
    for one in book.outputs:
        kind = book.rules.output(one.kind)
        if kind is None or (gift.kinds and one.kind not in gift.kinds):
            continue
        codes = [level.code for level in kind.levels]
        if gift.level is None or (gift.level in codes and one.level in codes[codes.index(gift.level) :]):
            yield one


def _sessions(book: Book, gift: Gift, span: Span) -> Iterator[Met]:
    kinds = set(gift.kinds) - KINDS
    for one in book.sessions:
        if one.day in span and (not kinds or one.kind in kinds):
            yield one


def _due(book: Book, gift: Gift, span: Span) -> Iterator[tuple[Joined, Met]]:
    """Participants with the sessions of the period at which they were noted as present or absent."""
    taking_part = {one.id: one for one in _taking_part(book, gift)}
    for met in _sessions(book, gift, span):
        for id in sorted(met.present | met.absent):
            if id in taking_part:
                yield taking_part[id], met


def _has_completed(book: Book, one: Joined, day: date) -> bool:
    met = [m for m in book.sessions if m.day <= day and one.id in m.present | m.absent]
    there = [m for m in met if one.id in m.present]
    rule = book.rules.sessions.attendance
    attended = sum(m.hours.get(one.id, m.length) for m in there)
    return bool(there) and len(there) >= rule.share * len(met) - 1e-9 and attended >= rule.hours - 1e-9


def _seat(one: Joined, met: Met, amount: float, gift: Gift) -> Counted:
    group = met.kind if gift.by == "kind" else _group(one, gift, None)
    return Counted(("seat", met.id, one.who), one.org, amount, group, ("participant", one.id))


def _group(one: Joined, gift: Gift, held: Held | None) -> str:
    match gift.by:
        case None:
            return ""
        case "level":
            return held.level if held else ""
        case "kind":
            return one.kind
        case "role":
            return one.role
        case by:
            return str(one.answers.get(by) or "")


def _output_group(one: Made, gift: Gift) -> str:
    match gift.by:
        case None:
            return ""
        case "level":
            return one.level
        case "kind":
            return one.kind
        case by:
            return str(one.answers.get(by) or "")


# --- numbers


def gathered(books: Iterable[Book], measure: str, span: Span) -> list[Counted]:
    """Everything counted for a measure over several runs; of the same thing the later one.

    Hours of several runs are added up before they are compared, so runs under the same rule are read as one.
    """
    found: dict[Hashable, Counted] = {}
    for book, gift in _merged(books, measure):
        for one in WORDS[gift.take](book, gift, span):
            found[one.thing] = one
    return list(found.values())


def _merged(books: Iterable[Book], measure: str) -> Iterator[tuple[Book, Gift]]:
    together: list[tuple[Book, Gift]] = []
    for book in books:
        gift = next((gift for gift in book.rules.gives if gift.measure == measure), None)
        if gift is None:
            continue
        for place, (first, alike) in enumerate(together):
            if alike == gift and first.rules.id == book.rules.id:
                together[place] = (_both(first, book), gift)
                break
        else:
            together.append((book, gift))
    yield from together


def _both(one: Book, other: Book) -> Book:
    return Book(
        one.rules, one.participants + other.participants, one.sessions + other.sessions,
        one.outputs + other.outputs, one.costs + other.costs,
    )  # fmt: skip


def totals(things: Iterable[Counted]) -> dict[tuple[str, str], float]:
    """{(org, group): number}"""
    found: dict[tuple[str, str], float] = {}
    for one in things:
        key = (one.org, one.group)
        found[key] = found.get(key, 0) + one.amount
    return found
