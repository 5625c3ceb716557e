"""Outlet of the logbooks: how many entries a school has, and nothing of what they say or who wrote them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.engines.logbooks.counting import Written, counted, kept_since
from khet.engines.logbooks.models import Entry, Revision
from khet.engines.logbooks.queries import books
from khet.engines.logbooks.schema import Gift, Logbook
from khet.kit.feeds import Feed, Line, Question, begun, table
from khet.kit.periods import Period, period_of

# By the book of today and not by that of an entry: a count that the catalogue adds later holds for what is written.
Given = tuple[Logbook, Gift, list[Written]]


def _given(only: str | None = None) -> Iterator[Given]:
    """Every gift with the entries of its book; of one measure, where it is named."""
    wanted = [
        (book, gift) for book in books() for gift in book.gives if only in (None, gift.measure) and _takes(gift.measure)
    ]
    entries = _written({book.family for book, _gift in wanted})
    for book, gift in wanted:
        yield book, gift, entries[book.family]


def _takes(measure: str) -> bool:
    found = catalogue().find("measure", measure)
    return found is not None and found.feed == "logbooks"


def _written(families: set[str]) -> dict[str, list[Written]]:
    """{family: its entries that were not taken out}"""
    rows = Entry.objects.standing().filter(edition__family__in=families).order_by("pk")
    said: dict[int, list[tuple[date, dict]]] = defaultdict(list)
    for entry, at, answers in (
        Revision.objects.filter(entry__in=rows).order_by("at", "pk").values_list("entry", "at", "answers")
    ):
        said[entry].append((timezone.localdate(at), answers))
    found: dict[str, list[Written]] = defaultdict(list)
    for pk, family, org, at, answers in rows.values_list("pk", "edition__family", "org__code", "at", "answers"):
        found[family].append(Written(pk, org, timezone.localdate(at), answers, tuple(said[pk])))
    return found


def _years() -> list[int]:
    days = [day for book, _gift, entries in _given() for day in kept_since(book, entries).values()]
    if not days:
        return []
    first, last = period_of(min(days), "academic_year"), period_of(timezone.localdate(), "academic_year")
    return list(range(first.year - 1, last.year + 1))


def _rows(year: int):
    rows = sorted(row for given in _given() for row in _facts(*given, year))
    return table(rows)


def _facts(book: Logbook, gift: Gift, entries: list[Written], year: int) -> Iterator[tuple]:
    since, kind = kept_since(book, entries), catalogue().get("measure", gift.measure).period
    for period in begun(kind, year, timezone.localdate()):
        numbers = dict.fromkeys((org for org, day in since.items() if day <= _last(period)), 0.0)
        for entry in counted(book, gift, entries, period.start, _last(period), _band_of(book)):
            numbers[entry.org] = numbers.get(entry.org, 0.0) + 1
        for org, number in numbers.items():
            yield gift.measure, org, period.code, "", "", "", number


def _band_of(book: Logbook):
    codes = catalogue().find("codes", book.bands) if book.bands else None

    def band_of(weight: int | None) -> str:
        found = codes.band(weight) if codes and weight is not None else None
        return found.code if found else ""

    return band_of


def _last(period: Period) -> date:
    return min(period.end, timezone.localdate())


def _until(measure: str, period: Period, day: date) -> dict[str, float] | None:
    """{school: entries from the first day of a period to a day}; None where books began later or a state is counted."""
    found: dict[str, float] = {}
    for book, gift, entries in _given(measure):
        since = kept_since(book, entries)
        if gift.take != "entries" or not since or min(since.values()) > period.start:
            return None
        for entry in counted(book, gift, entries, period.start, min(day, period.end), _band_of(book)):
            found[entry.org] = found.get(entry.org, 0.0) + 1
    return found


# --- walking back


def _behind(question: Question) -> list[tuple[Logbook, Written]]:
    found: dict[int, tuple[Logbook, Written]] = {}
    for book, gift, entries in _given(question.measure):
        for code in question.periods or (question.period,):
            period = Period.parse(code)
            for entry in counted(book, gift, entries, period.start, _last(period), _band_of(book)):
                if entry.org in question.orgs:
                    found[entry.id] = book, entry
    return [found[id] for id in sorted(found)]


def _lines(question: Question) -> Iterator[Line]:
    for book, entry in _behind(question)[: question.limit]:
        yield Line(str(book.one), entry.org, 1.0, url=reverse("logbooks:entry", args=[entry.id]))


FEEDS = [
    Feed(
        id="logbooks",
        reads=("logbooks",),
        years=_years,
        rows=_rows,
        later=True,
        origins=lambda question: {None: len(_behind(question))},
        behind=_lines,
        until=_until,
    )
]
