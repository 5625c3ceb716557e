"""Work-lists and the cases that work them off."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from khet.core.orgs.models import Org
from khet.engines.cases.models import Case
from khet.kit.periods import academic_year
from khet.registers.people.models import Enrolment, Identifier, Person
from khet.registers.residents.gone import numbers_of
from khet.registers.residents.models import Resident
from khet.registers.schools.models import School


def cases_of(viewer, family: str, children: Iterable[Resident]) -> dict[str, Case]:
    """{reference of the child: its case} of a family, as the viewer may see it: the open one, else the last closed."""
    children = list(children)
    rows = Case.objects.visible_to(viewer).select_related("edition", "org", "owner")
    found = _answering(rows, family, children)
    return {str(child.ref): found[child.identifier_hash] for child in children if child.identifier_hash in found}


def without_case(family: str, children: Iterable[Resident]) -> list[Resident]:
    """The children for whom nobody looks and whose entry no closed case has answered, whoever may see it."""
    children = list(children)
    found = _answering(Case.objects.all(), family, children)
    return [child for child in children if child.identifier_hash not in found]


def _answering(rows: QuerySet[Case], family: str, children: list[Resident]) -> dict[str, Case]:
    """{keyed hash: case}: open, or closed since the child's list was drawn. A newer list asks anew."""
    drawn = {child.identifier_hash: child.list_date for child in children}
    rows = rows.filter(edition__family=family, listed__in=drawn, merged_into__isnull=True).order_by("received_at", "pk")
    found: dict[str, Case] = {}
    for case in rows:
        if case.is_open or timezone.localdate(case.closed_at) >= drawn[case.listed]:
            known = found.get(case.listed)
            found[case.listed] = known if known is not None and known.is_open else case
    return found


def cases_of_pupils(viewer, family: str, pupils: QuerySet[Person]) -> dict[str, Case]:
    """{reference of the pupil: the case} of a family, as the viewer may see it, whichever list it was begun from."""
    rows = Case.objects.visible_to(viewer).select_related("edition", "org", "owner")
    found = _of_pupils(rows, family, pupils)
    return {str(pupil.ref): found[pupil.pk] for pupil in pupils if pupil.pk in found}


def pupils_without_case(family: str, pupils: QuerySet[Person]) -> list[Person]:
    """The pupils for whom nobody looks and whom no case of this academic year has answered, whoever may see it."""
    found = _of_pupils(Case.objects.all(), family, pupils)
    return [pupil for pupil in pupils if pupil.pk not in found]


def _of_pupils(rows: QuerySet[Case], family: str, pupils: QuerySet[Person]) -> dict[int, Case]:
    """{person: case}: open, or closed since the academic year began; of the person, or of a number they bear."""
    numbers = numbers_of(pupils)
    bearers = {number: person for person, borne in numbers.items() for number in borne}
    began = academic_year(timezone.localdate()).start
    rows = rows.filter(edition__family=family, merged_into__isnull=True)
    rows = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__date__gte=began))
    rows = rows.filter(Q(person__in=pupils.order_by()) | Q(listed__in=bearers))
    found: dict[int, Case] = {}
    for case in rows.order_by(F("closed_at").desc(nulls_first=True), "pk"):
        for person in (case.person_id, bearers.get(case.listed)):
            found.setdefault(person, case)
    return found


def pupils(viewer, refs: Iterable[str]) -> QuerySet[Person]:
    """Pupils by their references, as far as the viewer may list them."""
    return Person.objects.visible_to(viewer).filter(ref__in=list(refs)).select_related("org")


def last_schools(pupils: Iterable[Person]) -> dict[int, Org]:
    """{person: the school of their newest enrolment}."""
    spells = Enrolment.objects.filter(person__in=[one.pk for one in pupils]).select_related("school")
    return {spell.person_id: spell.school for spell in spells.order_by("year", "entered", "pk")}


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
