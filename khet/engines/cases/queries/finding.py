"""Finding one case, and what a case may be about."""

from uuid import UUID

from django.db.models import Q, QuerySet

from khet.core.orgs.models import Org
from khet.engines.cases.models import Case, Referral
from khet.kit.thai import name_words
from khet.registers.people.models import Identifier, Person
from khet.registers.residents.models import Resident

FOUND = 20  # children a search shows of each register


def seen(viewer) -> QuerySet[Case]:
    """Every case the viewer may see, with what its page shows."""
    return Case.objects.visible_to(viewer).select_related("edition", "org", "about", "office", "owner", "person")


def sees(viewer, case: Case) -> bool:
    """Whether the viewer (still) sees a case."""
    return Case.objects.visible_to(viewer).filter(pk=case.pk).exists()


def by_number(number: str) -> Case | None:
    """The case of a number, whoever asks: the caller looks whether they may enter it and says nothing else."""
    rows = Case.objects.select_related("edition", "org", "office", "about")
    return rows.filter(number=number.strip().upper()).first()


def linked(viewer, case: Case):
    """(link, the other case, whether it is ours to take apart) of those the viewer sees."""
    ids = [*case.links.values_list("other", flat=True), *case.linked_from.values_list("case", flat=True)]
    others = seen(viewer).in_bulk(ids)
    for link in case.links.all():
        if link.other_id in others:
            yield link, others[link.other_id], True
    for link in case.linked_from.all():
        if link.case_id in others:
            yield link, others[link.case_id], False


def referral(pk: int) -> Referral | None:
    """A referral, whoever asks: the caller looks whether it is theirs to answer."""
    rows = Referral.objects.select_related("case__edition", "case__org", "case__about", "case__office", "to")
    return rows.filter(pk=pk).first()


def schools_below(org: Org) -> list[Org]:
    """Open schools of an office, which a case may be about."""
    return list(Org.objects.schools().open().filter(path__startswith=org.path).order_by("name"))


def places() -> QuerySet[Org]:
    """Schools and offices that exist: what anyone may report about."""
    return Org.objects.open().filter(kind__in=("office", "school")).order_by("name")


def people(viewer, org: Org) -> QuerySet[Person]:
    """Persons below an org whom the viewer may list."""
    return Person.objects.visible_to(viewer).filter(org__path__startswith=org.path).select_related("org")


def person(viewer, org: Org, ref: str) -> Person | None:
    """A person below an org whom the viewer may list, by the reference that pages use."""
    try:
        return people(viewer, org).filter(ref=UUID(ref)).first()
    except ValueError:
        return None


def listed(viewer, org: Org) -> QuerySet[Resident]:
    """Children of the newest registration list below an org whom the viewer may list."""
    here = Resident.objects.filter(org__path__startswith=org.path)
    newest = here.order_by("-list_date").values("list_date")[:1]
    rows = Resident.objects.visible_to(viewer).filter(org__path__startswith=org.path, list_date__in=newest)
    return rows.select_related("org")


def children(viewer, org: Org, words: str, *, with_listed: bool) -> list:
    """Pupils (after listed children) below an org whose names hold every part of the words; [] without words."""
    named = Q()
    for part in name_words(words):
        named &= Q(name_key__contains=part)
    if not named:
        return []
    pupils = people(viewer, org).filter(named).order_by("name_key", "pk")
    if not with_listed:
        return list(pupils[:FOUND])
    # Who stands on the list is offered as such alone: only a case that bears the entry of the list is counted with it.
    here = listed(viewer, org).filter(named)
    same = Identifier.objects.filter(value_hash__in=here.values("identifier_hash")).values("person")
    return [*here.order_by("name_key", "pk")[:FOUND], *pupils.exclude(pk__in=same)[:FOUND]]
