"""Kinds of case on offer, and the edition a case begins under."""

from datetime import date

from django.db import transaction

from khet.core.catalogue import catalogue
from khet.core.catalogue.kept import content_of
from khet.engines.cases.models import Edition, Reader
from khet.engines.cases.schema import CaseKind
from khet.engines.cases.schema.kept import of_catalogue


def on_offer(day: date) -> list[CaseKind]:
    """The newest edition of each kind of case in force on a day, by system and title."""
    newest: dict[str, CaseKind] = {}
    for kind in catalogue().all("case_kind"):
        if kind.in_force(day) and (kind.family not in newest or newest[kind.family].since < kind.since):
            newest[kind.family] = kind
    return sorted(newest.values(), key=lambda kind: (kind.system, str(kind.title)))


def of_family(family: str, day: date) -> CaseKind | None:
    """The edition of a family in force on a day."""
    return next((kind for kind in on_offer(day) if kind.family == family), None)


def for_list(id: str | None, day: date) -> CaseKind | None:
    """The kind of case that works a list off, in force on a day."""
    return next((kind for kind in on_offer(day) if kind.list and kind.list == id), None)


@transaction.atomic
def keep(kind: CaseKind) -> Edition:
    """The kept edition of a kind as the catalogue has it now, made when it is new."""
    digest, content = content_of(of_catalogue(kind))
    edition, made = Edition.objects.get_or_create(
        kind=kind.id, digest=digest,
        defaults={"family": kind.family, "system": kind.system, "circle": kind.circle, "content": content},
    )  # fmt: skip
    if made:
        Reader.objects.bulk_create(Reader(edition=edition, role=role) for role in kind.read_by)
    return edition
