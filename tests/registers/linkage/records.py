"""An office's registers with a registration list and rolls, whose truth is known."""

import random
from datetime import date

from khet.kit.secrets import keyed_hash
from khet.kit.thai import name_key
from khet.registers.people.models import PERSON_ID, Address, Enrolment, Identifier, Person
from khet.registers.residents.models import Resident
from khet.web.bench.made_up_lists import Child, World, damaged

YEAR, LIST_DAY = 2024, date(2024, 6, 10)


def listed(child: Child, office) -> Resident:
    """The child on the registration list."""
    house, village, subdistrict, district, province = child.house
    return Resident.objects.create(
        org=office, list_date=LIST_DAY, prefix=child.prefix, first_name=child.first, last_name=child.last,
        name_key=name_key(child.first, child.last), sex={"ช": "m", "ญ": "f"}[child.sex], birth_date=child.born,
        identifier=child.id, identifier_hash=keyed_hash(child.id, PERSON_ID),
        subdistrict=subdistrict, district=district, province=province, details={"house": house, "village": village},
    )  # fmt: skip


def enrolled(child: Child, school, number: str, *, first="", last="", year=YEAR) -> Person:
    """The child as a pupil, under a number and perhaps another spelling."""
    person = Person.objects.create(
        prefix=child.prefix, first_name=first or child.first, last_name=last or child.last, org=school,
        name_key=name_key(first or child.first, last or child.last), sex={"ช": "m", "ญ": "f"}[child.sex],
        birth_date=child.born,
    )  # fmt: skip
    kind = "gcode" if number.startswith("G") else "national_id"
    Identifier.objects.create(person=person, kind=kind, value=number, value_hash=keyed_hash(number, PERSON_ID))
    house, village, subdistrict, district, province = child.house
    Address.objects.create(
        person=person, kind="registered", subdistrict=subdistrict, district=district, province=province,
        details={"house": house, "village": village},
    )  # fmt: skip
    Enrolment.objects.create(person=person, school=school, year=year, grade="ป.4")
    return person


def misspelt(child: Child, world: World) -> tuple[str, str]:
    row = damaged(world, child, {"first typo": 0.5, "last variant": 0.5})
    return row[2], row[3]


def fill(office, school, children: int = 90) -> dict:
    """A list of children; of ten, six are enrolled under their number, two under a G-code, two not at all.

    returns  {"found": {hash: person} under another number, "missing": hashes of those in no school}
    """
    world, rng = World(children, 5), random.Random(3)
    found, missing = {}, set()
    for place, child in enumerate(world.children):
        resident = listed(child, office)
        if place % 10 < 6:
            enrolled(child, school, child.id)
        elif place % 10 < 8:
            first, last = misspelt(child, world)
            number = f"G{rng.randrange(10**12):012d}"
            found[resident.identifier_hash] = enrolled(child, school, number, first=first, last=last)
        else:
            missing.add(resident.identifier_hash)
    return {"found": found, "missing": missing, "world": world}
