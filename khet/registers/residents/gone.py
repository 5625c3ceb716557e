"""Pupils who were on a roll and come to none any more: who stays away, who left early, whom the next rolls do not know.

The other half of the search beside the registration list (`queries.unmatched`). Whoever stands on a roll again, in any
office, or is known to have died or left the country is a false alarm and never listed. Who was in the last grade that a
school teaches is not listed either: where they went no roll of the office can tell, the registration list can.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Exists, OuterRef, Q, QuerySet

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.registers.people.facts import early_leavers
from khet.registers.people.models import Enrolment, Identifier, Person
from khet.registers.residents.models import Resident
from khet.registers.schools.models import School

HANGING, LEFT, NOT_SEEN = "hanging", "left", "not_seen"
KINDERGARTEN = "kindergarten"  # group of the grades list; nobody has to go there
ENDED = ("deceased", "abroad")  # codes of resident_statuses by which nobody is looked for


@dataclass(frozen=True)
class Gone:
    """A pupil's last enrolment, and why it is listed: hanging | left | not_seen."""

    enrolment: Enrolment
    why: str


def gone(org: Org, year: int, viewer) -> list[Gone]:
    """Who of an org's pupils is on no roll of a year any more, or stays away; by school and name, each once.

    Pupils of the year before are missed only where the roll of their school is there, or the school was closed.
    """
    here = Enrolment.objects.visible_to(viewer).filter(school__path__startswith=org.path)
    asked = [
        (HANGING, here.filter(year=year, hanging=True, left__isnull=True)),
        (LEFT, here.filter(early_leavers(), year=year)),
        (NOT_SEEN, _not_seen(here, year)),
    ]
    found: dict[int, Gone] = {}
    goes_on = _goes_on(org)
    for why, spells in asked:
        for spell in _looked_for(spells, year).select_related("person", "school"):
            if why != NOT_SEEN or goes_on(spell):
                found.setdefault(spell.person_id, Gone(spell, why))
    return sorted(found.values(), key=lambda one: (one.enrolment.school.code, one.enrolment.person.name_key))


def _not_seen(spells: QuerySet[Enrolment], year: int) -> QuerySet[Enrolment]:
    """Enrolments that stood to the end of the year before, of pupils without any enrolment since."""
    since = Enrolment.objects.filter(person=OuterRef("person"), year__gte=year)
    loaded = Exists(Enrolment.objects.filter(school=OuterRef("school"), year=year))
    spells = spells.filter(loaded | Q(school__closed__isnull=False), year=year - 1, left__isnull=True)
    return spells.exclude(Exists(since))


def _goes_on(org: Org) -> Callable[[Enrolment], bool]:
    """Tells whether a pupil is to be met again at the school: it teaches the next grade, which is no kindergarten's."""
    grades = sorted(catalogue().get("codes", "grades").values, key=lambda grade: grade.order)
    after = {grade.code: following for grade, following in pairwise(grades)}
    taught = dict(School.objects.filter(org__path__startswith=org.path).values_list("org", "grades"))

    def goes_on(spell: Enrolment) -> bool:
        following = after.get(spell.grade)
        return (
            following is not None
            and following.group != KINDERGARTEN
            and following.code in taught.get(spell.school_id, ())
        )

    return goes_on


def _looked_for(spells: QuerySet[Enrolment], year: int) -> QuerySet[Enrolment]:
    """Without the false alarms."""
    on_a_roll = Enrolment.objects.filter(person=OuterRef("person"), year__gte=year, left__isnull=True, hanging=False)
    ended = Resident.objects.filter(status__in=ENDED).values("identifier_hash")
    bearers = Identifier.objects.filter(value_hash__in=ended).values("person")
    spells = spells.filter(person__deceased__isnull=True).exclude(Exists(on_a_roll))
    return spells.exclude(person__in=bearers).order_by("-year", "-pk")


def numbers_of(persons: QuerySet[Person]) -> dict[int, set[str]]:
    """{person: keyed hashes of the numbers under which registration lists may know them}."""
    found: dict[int, set[str]] = {}
    borne = Identifier.objects.filter(person__in=persons).values_list("person", "value_hash")
    known = persons.filter(registered_as__isnull=False).values_list("pk", "registered_as__identifier_hash")
    for person, number in (*borne, *known):
        found.setdefault(person, set()).add(number)
    return found
