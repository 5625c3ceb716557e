"""Writing in a book, changing and taking out an entry."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.catalogue import catalogue
from khet.core.catalogue.kept import content_of
from khet.core.changes.services import touch
from khet.core.orgs.models import Org
from khet.engines.logbooks.models import Edition, Entry, Kept, Revision
from khet.engines.logbooks.queries import may_write
from khet.engines.logbooks.schema import Logbook
from khet.engines.logbooks.standing import read


class LogbookError(ValueError):
    """Something that cannot be done; says why and what to do instead."""


@transaction.atomic
def write(book: Logbook, org: Org, answers: dict, *, by) -> Entry:
    """A new entry, kept with the book and form it was written by. Raises LogbookError."""
    _demand(by, book, org)
    digest, content = content_of(Kept(book=book, form=catalogue().get("form", book.form)))
    edition, _made = Edition.objects.get_or_create(digest=digest, defaults={"family": book.family, "content": content})
    entry = Entry.objects.create(edition=edition, org=org, by=by, **_said(book, answers, timezone.localdate()))
    record("logbook.written", entry, by=by, org=org, after={"book": book.family})
    touch("logbooks")
    return entry


@transaction.atomic
def change(entry: Entry, answers: dict, *, by) -> Entry:
    """The entry with new answers; what it said before is kept. Raises LogbookError."""
    book = entry.edition.kept.book
    _demand(by, book, entry.org)
    if answers == entry.answers:
        return entry
    Revision.objects.create(entry=entry, answers=entry.answers, by=by)
    fields = _said(book, answers, timezone.localdate(entry.at))
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.save(update_fields=list(fields))
    record("logbook.changed", entry, by=by, org=entry.org, after={"book": book.family})
    touch("logbooks")
    return entry


@transaction.atomic
def withdraw(entry: Entry, *, by) -> Entry:
    """Take an entry out of the book; it is kept. Raises LogbookError."""
    _demand(by, entry.edition.kept.book, entry.org)
    entry.withdrawn_at, entry.withdrawn_by = timezone.now(), by
    entry.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("logbook.withdrawn", entry, by=by, org=entry.org, after={"book": entry.edition.family})
    touch("logbooks")
    return entry


def _said(book: Logbook, answers: dict, written) -> dict:
    said = read(book, answers, written)
    return {"answers": answers, "day": said.day, "due": said.due, "stands": said.stands, "weight": said.weight}


def _demand(by, book: Logbook, org: Org) -> None:
    if not may_write(by, book, org):
        raise LogbookError(_("You may not write in this book. Ask the head of the school."))
