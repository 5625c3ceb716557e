"""Work-lists and the cases that work them off."""

from collections.abc import Iterable

from django.db.models import QuerySet

from khet.core.orgs.models import Org
from khet.engines.cases.models import Case
from khet.registers.people.models import Enrolment, Identifier
from khet.registers.residents.models import Resident
from khet.registers.schools.models import School


def open_cases_of(viewer, family: str, children: Iterable[Resident]) -> dict[str, Case]:
    """{reference of the child: the open case} of a family that the viewer may see."""
    by_hash = {child.identifier_hash: str(child.ref) for child in children}
    rows = Case.objects.visible_to(viewer).open().filter(edition__family=family, listed__in=by_hash)
    return {by_hash[case.listed]: case for case in rows.select_related("edition", "org", "owner")}


def without_case(family: str, children: Iterable[Resident]) -> list[Resident]:
    """The children who have no open case of a family, whoever may see it."""
    children = list(children)
    hashes = [child.identifier_hash for child in children]
    taken = set(Case.objects.open().filter(edition__family=family, listed__in=hashes).values_list("listed", flat=True))
    return [child for child in children if child.identifier_hash not in taken]


def children(viewer, refs: Iterable[str]) -> QuerySet[Resident]:
    """Listed children by their references, as far as the viewer may list them."""
    return Resident.objects.visible_to(viewer).filter(ref__in=list(refs)).select_related("org")


def schools_to_look(office: Org, children: Iterable[Resident]) -> dict[int, Org]:
    """{child's id: the school that is to look}: where they were enrolled last, else one of their subdistrict."""
    children = list(children)
    last = _last_schools({child.identifier_hash for child in children})
    near = _schools_by_place(office)
    found = {}
    for child in children:
        school = last.get(child.identifier_hash) or near.get((child.subdistrict, child.district))
        if school is not None and school.closed is None and school.is_under(office):
            found[child.pk] = school
    return found


def _last_schools(hashes: set[str]) -> dict[str, Org]:
    bearers = dict(Identifier.objects.filter(value_hash__in=hashes).values_list("person", "value_hash"))
    spells = Enrolment.objects.filter(person__in=bearers).select_related("school").order_by("year", "entered", "pk")
    return {bearers[spell.person_id]: spell.school for spell in spells}  # the newest stands last


def _schools_by_place(office: Org) -> dict[tuple[str, str], Org]:
    """One school of each subdistrict; the first by its code, so that the same one is asked each time."""
    rows = School.objects.filter(org__path__startswith=office.path, org__closed__isnull=True).exclude(subdistrict="")
    found: dict[tuple[str, str], Org] = {}
    for school in rows.select_related("org").order_by("org__code"):
        found.setdefault((school.subdistrict, school.district), school.org)
    return found
