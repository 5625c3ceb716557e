"""Pure counting: what the entries of a school's book give to a measure in a period."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from khet.engines.logbooks.schema import Gift, Logbook
from khet.engines.logbooks.standing import read


@dataclass(frozen=True)
class Written:
    """An entry as counting knows it.

    org     code of the school
    on      the day it was written
    said    (until when, answers) of what it said before, the oldest first; `answers` is what it says now
    """

    id: int
    org: str
    on: date
    answers: dict
    said: tuple[tuple[date, dict], ...] = ()

    def answers_on(self, day: date) -> dict:
        """What it said at the end of a day."""
        return next((answers for until, answers in self.said if day < until), self.answers)


BandOf = Callable[[int | None], str]  # weight → code of its band


def counted(
    book: Logbook, gift: Gift, entries: Iterable[Written], first: date, last: date, band_of: BandOf
) -> list[Written]:
    """The entries that a gift counts between two days, both included."""
    return [entry for entry in entries if _fits(book, gift, entry, first, last, band_of)]


def _fits(book: Logbook, gift: Gift, entry: Written, first: date, last: date, band_of: BandOf) -> bool:
    answers = entry.answers_on(last) if gift.take == "standing" else entry.answers
    found = read(book, answers, entry.on)
    there = entry.on <= last if gift.take == "standing" else first <= found.day <= last
    if not there or (gift.bands and band_of(found.weight) not in gift.bands):
        return False
    return all(_is_said(answers.get(name), wanted) for name, wanted in gift.where.items())


def _is_said(answer, wanted: Sequence[str]) -> bool:
    given = answer if isinstance(answer, list) else [answer]
    return any(str(one) in wanted for one in given if one is not None)


def kept_since(book: Logbook, entries: Iterable[Written]) -> dict[str, date]:
    """{school: the first day of which its book tells}: since then no entry is none. Who never wrote is not known."""
    found: dict[str, date] = {}
    for entry in entries:
        day = min(entry.on, read(book, entry.answers, entry.on).day)
        found[entry.org] = min(day, found.get(entry.org, day))
    return found
