"""The office's records as lists the engine can match: children of the registration list, pupils on the rolls."""

from collections.abc import Iterable

from khet.registers.linkage.engine.columns import Roles
from khet.registers.people.models import Address, Identifier, Person
from khet.registers.residents.models import Resident

COLUMNS = [
    "id", "national_id", "first_name", "last_name", "sex", "birth_date",
    "house", "village", "subdistrict", "district", "province",
]  # fmt: skip


def roles() -> Roles:
    return Roles(COLUMNS, {name: [place] for place, name in enumerate(COLUMNS)})


def of_residents(residents: Iterable[Resident]) -> list[tuple]:
    """A row for each child, told by the hash of its number."""
    return [
        (
            child.identifier_hash, child.identifier, child.first_name, child.last_name, child.sex,
            _iso(child.birth_date), child.details.get("house", ""), str(child.details.get("village", "")),
            child.subdistrict, child.district, child.province,
        )
        for child in residents
    ]  # fmt: skip


def of_persons(ids: Iterable[int]) -> list[tuple]:
    """A row for each person, told by the key; the number in force and the registered (else the current) address."""
    wanted = set(ids)
    persons = [p for p in Person.objects.in_bulk(wanted).values()] if len(wanted) < 500 else _many(wanted)
    numbers = dict(
        (one.person_id, one.value) for one in Identifier.objects.filter(until__isnull=True).order_by("-kind", "pk")
        if one.person_id in wanted
    )  # fmt: skip
    places: dict[int, Address] = {}
    for place in Address.objects.order_by("kind"):  # current before registered: the latter stays
        if place.person_id in wanted:
            places[place.person_id] = place
    return [_of_person(person, numbers.get(person.pk, ""), places.get(person.pk)) for person in persons]


def _many(wanted: set[int]) -> list[Person]:
    return [person for person in Person.objects.order_by("pk").iterator(2_000) if person.pk in wanted]


def _of_person(person: Person, number: str, place: Address | None) -> tuple:
    details = place.details if place else {}
    where = (place.subdistrict, place.district, place.province) if place else ("", "", "")
    return (
        str(person.pk), number, person.first_name, person.last_name, person.sex, _iso(person.birth_date),
        str(details.get("house", "")), str(details.get("village", "")), *where,
    )  # fmt: skip


def _iso(day) -> str:
    return day.isoformat() if day else ""
