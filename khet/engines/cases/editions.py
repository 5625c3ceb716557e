"""Kinds of case on offer, and the edition a case begins under."""

from datetime import date

from django.db import transaction

from khet.core.catalogue import catalogue, newest_of_families
from khet.core.catalogue.kept import content_of
from khet.engines.cases.models import Edition, EditionContent, Reader
from khet.engines.cases.schema import CaseKind
from khet.engines.cases.schema.kept import of_catalogue


def on_offer(day: date) -> list[CaseKind]:
    """The newest edition of each kind of case in force on a day, by system and title."""
    newest = newest_of_families(catalogue().all("case_kind"), day)
    return sorted(newest, key=lambda kind: (kind.system, str(kind.title)))


def of_family(family: str, day: date) -> CaseKind | None:
    """The edition of a family in force on a day."""
    return next((kind for kind in on_offer(day) if kind.family == family), None)


def for_list(id: str | None, day: date) -> CaseKind | None:
    """The kind of case that works a list off, in force on a day."""
    return next((kind for kind in on_offer(day) if id and id in (kind.list, *kind.lists)), None)


@transaction.atomic
def keep(kind: CaseKind) -> Edition:
    """The kept edition of a kind as the catalogue has it now, made when it is new."""
    digest, content = content_of(of_catalogue(kind))
    edition, made = Edition.objects.get_or_create(
        kind=kind.id, digest=digest,
        defaults={"family": kind.family, "system": kind.system, "circle": kind.circle},
    )  # fmt: skip
    if made:
        EditionContent.objects.create(edition=edition, content=content)
        Reader.objects.bulk_create(Reader(edition=edition, role=role) for role in kind.read_by)
    return edition
