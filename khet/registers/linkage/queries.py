"""Pairs to judge and what stands on their two sides; what the matching leaves uncertain."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from khet.core.orgs.models import Org
from khet.kit.identifiers import mask
from khet.registers.linkage.models import Kind, Pair, Run, State, Verdict
from khet.registers.linkage.uncertainty import (  # noqa: F401  asked for with the other readings of this room
    Uncertainty,
    uncertainty,
    uncertainty_of_list,
)
from khet.registers.people.models import Address, Enrolment, Identifier, Person
from khet.registers.residents import queries as residents
from khet.registers.residents.models import KnownAs, Resident


def offices(viewer) -> QuerySet[Org]:
    """The offices whose pairs the viewer may judge: not who opens records at a school alone."""
    return Org.objects.visible_to(viewer, "people.open").filter(kind="office").order_by("code")


def pairs(viewer) -> QuerySet[Pair]:
    """Pairs the viewer may open."""
    return Pair.objects.visible_to(viewer).select_related("org", "person", "other", "run")


def queue(viewer, org: Org, kind: str, state: str = State.PROPOSED) -> QuerySet[Pair]:
    """The pairs of an office in a state; those to judge with the likeliest first, those the viewer judged last."""
    found = pairs(viewer).filter(org=org, kind=kind, state=state)
    mine = Verdict.objects.filter(pair=OuterRef("pk"), by=viewer, replaced=False)
    return found.annotate(judged_by_me=Exists(mine)).order_by("judged_by_me", "-probability", "pk")


def last_run(org: Org, kind: str) -> Run | None:
    """The newest matching that is done."""
    return Run.objects.filter(org=org, kind=kind, state=Run.State.DONE).select_related("by").order_by("-at").first()


def under_way(org: Org, kind: str) -> Run | None:
    """The matching that is being done, or the newest one where it failed; None otherwise."""
    last = Run.objects.filter(org=org, kind=kind).order_by("-pk").first()
    return last if last is not None and last.state != Run.State.DONE else None


def pupils_without_a_resident(org: Org, year: int) -> list[int]:
    """Persons on the office's rolls of a year who are no child of its registration list, by any of their numbers."""
    listed = Resident.objects.filter(org=org, list_date=residents.list_day(org, year))
    by_number = Identifier.objects.filter(value_hash__in=listed.values("identifier_hash")).values("person")
    known = KnownAs.objects.filter(identifier_hash__in=listed.values("identifier_hash")).values("person")
    pupils = Enrolment.objects.filter(residents.in_school(year), school__path__startswith=org.path)
    pupils = pupils.exclude(person__in=by_number).exclude(person__in=known)
    return list(pupils.order_by("person").values_list("person_id", flat=True).distinct())


def found_by_id(org: Org, year: int, most: int) -> list[tuple[Resident, int]]:
    """Some children of the list with the person who bears their number."""
    listed = Resident.objects.filter(org=org, list_date=residents.list_day(org, year)).order_by("identifier_hash")
    enrolled = Enrolment.objects.filter(year=year).values("person")
    holders = dict(
        Identifier.objects.filter(
            value_hash__in=listed.values("identifier_hash"), until__isnull=True, person__in=enrolled
        ).values_list("value_hash", "person_id")
    )  # fmt: skip
    return [(child, holders[child.identifier_hash]) for child in listed if child.identifier_hash in holders][:most]


@dataclass(frozen=True)
class Side:
    """One of the two records, as a reviewer reads it: {field: value}, in one order for both."""

    title: str
    ref: str
    fields: dict[str, object]


def sides(pair: Pair) -> tuple[Side, Side]:
    """The two records of a pair. Opens sensitive parts: who calls it has written the reason to the trail."""
    right = _person(pair.person)
    if pair.kind == Kind.DOUBLES:
        return _person(pair.other), right
    child = Resident.objects.filter(org=pair.org, identifier_hash=pair.resident_hash).order_by("-list_date").first()
    return (_resident(child) if child else Side("", "", {})), right


def _resident(child: Resident) -> Side:
    details = child.details or {}
    return Side("resident", str(child.ref), {
        "name": str(child), "sex": child.sex, "birth_date": child.birth_date, "number": mask(child.identifier),
        "house": details.get("house", ""), "village": details.get("village", ""), "subdistrict": child.subdistrict,
        "district": child.district, "province": child.province,
        "parents": ", ".join(filter(None, (details.get("father_name"), details.get("mother_name")))), "rolls": [],
    })  # fmt: skip


def _person(person: Person) -> Side:
    number = person.identifiers.filter(until__isnull=True).order_by("kind").last()
    place = Address.objects.filter(person=person).order_by("kind").last()
    details = place.details if place else {}
    parents = [guardian.details for guardian in person.guardians.exclude(role="guardian")]
    rolls = Enrolment.objects.filter(person=person).select_related("school").order_by("-year")[:4]
    return Side("person", str(person.ref), {
        "name": str(person), "sex": person.sex, "birth_date": person.birth_date,
        "number": mask(number.value) if number else "",
        "house": details.get("house", ""), "village": details.get("village", ""),
        "subdistrict": place.subdistrict if place else "", "district": place.district if place else "",
        "province": place.province if place else "",
        "parents": ", ".join(filter(None, (d.get("first_name", "") for d in parents))),
        "rolls": [(roll.school, roll.grade, roll.year) for roll in rolls],
    })  # fmt: skip


def brothers(pair: Pair) -> list[Resident]:
    """Children of the same list in the same house, where a child without a school may be asked after."""
    child = Resident.objects.filter(org=pair.org, identifier_hash=pair.resident_hash).order_by("-list_date").first()
    if child is None or not (child.details or {}).get("house"):
        return []
    near = Resident.objects.filter(org=child.org, list_date=child.list_date, subdistrict=child.subdistrict)
    near = near.filter(last_name=child.last_name).exclude(pk=child.pk)
    return [one for one in near if _house(one) == _house(child)]


def _house(child: Resident) -> tuple:
    details = child.details or {}
    return details.get("house"), str(details.get("village", ""))


def in_two_schools(viewer, year: int) -> QuerySet[Person]:
    """Pupils on the rolls of two schools at once, as their one record says."""
    open_rolls = Enrolment.objects.visible_to(viewer, "people.list").filter(year=year, left__isnull=True)
    twice = open_rolls.values("person").annotate(n=Count("school", distinct=True)).filter(n__gt=1)
    return Person.objects.visible_to(viewer, "people.list").filter(pk__in=twice.values("person"))


def sure_count(org: Org, kind: str, bound: float | None) -> int:
    """How many open pairs lie above the learned bound and need one reviewer only."""
    if bound is None:
        return 0
    return Pair.objects.filter(
        org=org, kind=kind, state=State.PROPOSED, needs_two=False, probability__gte=bound
    ).count()


def next_to_judge(viewer, pair: Pair) -> Pair | None:
    """The next pair of the same queue that the viewer has not judged."""
    return queue(viewer, pair.org, pair.kind).filter(judged_by_me=False).exclude(pk=pair.pk).first()


def waits_for_another(pair: Pair, viewer) -> bool:
    """Whether the viewer has judged a pair that a second reviewer must judge, too."""
    return pair.is_open and pair.needs_two and pair.verdicts.filter(by=viewer, replaced=False).exists()
