"""Reading. The viewer comes first."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from khet.core.accounts.access import can
from khet.core.catalogue import catalogue, newest_of_families
from khet.core.orgs.models import Org
from khet.engines.logbooks.models import Entry, Revision
from khet.engines.logbooks.schema import Logbook
from khet.engines.logbooks.standing import newest
from khet.kit.periods import academic_year
from khet.kit.thai import sort_key


def books() -> list[Logbook]:
    """The newest edition of each book in force today, by system."""
    newest = newest_of_families(catalogue().all("logbook"), timezone.localdate())
    return sorted(newest, key=lambda book: (book.system, book.id))


def book_of(family: str) -> Logbook | None:
    """The edition of a family in which entries are written today."""
    return next((book for book in books() if book.family == family), None)


def schools(viewer) -> list[Org]:
    """The open schools whose books the viewer may read, in the order of their names."""
    rows = Org.objects.schools().visible_to(viewer).filter(closed__isnull=True)
    return sorted(rows, key=lambda org: sort_key(str(org)))


def school(viewer, code: str) -> Org | None:
    return Org.objects.schools().visible_to(viewer).filter(code=code).first()


def may_write(viewer, book: Logbook, org: Org) -> bool:
    """True for those who may write in a book at a place."""
    return org.closed is None and can(viewer, book.write, org)


def entries(viewer, family: str, org: Org):
    """The entries of a school's book that stand, the newest first."""
    return rows(viewer).filter(edition__family=family, org=org)


def rows(viewer):
    return Entry.objects.visible_to(viewer).standing().select_related("edition", "org", "by")


def history(entry: Entry):
    """What an entry said before, the latest first."""
    return Revision.objects.filter(entry=entry).select_related("by")


@dataclass
class Kept:
    """How a school keeps one book.

    asking   entries that ask for something, `late` those whose day has passed
    this_year   entries of the running academic year, `lacks` how many are wanting
    """

    book: Logbook
    count: int = 0
    asking: int = 0
    late: int = 0
    last: date | None = None
    this_year: int = 0
    lacks: int = 0
    heavy: str = ""


@dataclass
class Shelf:
    """The books of a school."""

    org: Org
    kept: list[Kept] = field(default_factory=list)


def shelves(viewer, chosen: list[Logbook]) -> list[Shelf]:
    """Every school with how it keeps its books; the number of queries does not grow with schools."""
    orgs = schools(viewer)
    found = defaultdict(list)
    there = rows(viewer).filter(org__in=[org.pk for org in orgs], edition__family__in=[book.family for book in chosen])
    for entry in there:
        found[entry.org_id, entry.edition.family].append(entry)
    today = timezone.localdate()
    return [Shelf(org, [kept(book, found[org.pk, book.family], today) for book in chosen]) for org in orgs]


def kept(book: Logbook, entries: list[Entry], today: date) -> Kept:
    """How a book is kept that holds these entries."""
    standing = [entry for entry in newest(entries) if entry.due]
    this_year = sum(entry.day >= academic_year(today).start for entry in entries)
    weights = [entry.weight for entry in entries if entry.weight and entry.due]
    return Kept(
        book, len(entries), len(standing), sum(entry.due < today for entry in standing),
        max((entry.day for entry in entries), default=None), this_year, max(0, book.a_year - this_year),
        band(book, max(weights, default=None)),
    )  # fmt: skip


def band(book: Logbook, weight: int | None) -> str:
    """The words of a weight."""
    if weight is None or not book.bands:
        return ""
    found = catalogue().get("codes", book.bands).band(weight)
    return str(found.title) if found else ""
