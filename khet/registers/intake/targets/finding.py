"""Which person a row speaks of, and which rows speak of the same one."""

from collections.abc import Iterable

from khet.kit.identifiers import mask
from khet.kit.thai import name_key
from khet.registers.intake.faults import ERROR, WARNING
from khet.registers.intake.records import Records
from khet.registers.intake.targets.people import People


def resolve(people: People, orgs: list, indices: Iterable[int]) -> dict[int, int]:
    """{record: person} of pupils: by identifier, else by school, student number, name and birth date, else new."""
    records = people.records
    indices = list(indices)
    hashes = people.hashes()
    people.look_up(h for h in hashes if h)
    ids, numbers = records.column("person_id"), records.column("student_number")
    found: dict[int, int] = {}
    open_questions = []
    for index in indices:
        person = people.known.get(hashes[index])
        if person is None:
            open_questions.append(index)
        else:
            found[index] = person
    keys = {index: _key(records, orgs, index) for index in open_questions}
    asked = {keys[index][1] for index in open_questions if numbers[index]}
    candidates = people.look_up_numbers({orgs[index] for index in open_questions}, asked) if asked else {}
    soft = people.replaceable(candidates.values()) if candidates else set()
    # Rows with a number speak first: a row without one may be the same pupil written twice.
    fresh: dict[tuple, int] = {}
    if any(hashes[index] is None for index in open_questions):
        fresh = {_key(records, orgs, index): person for index, person in found.items()}
    for index in sorted(open_questions, key=lambda i: hashes[i] is None):
        identifier = (*ids[index], hashes[index]) if hashes[index] else None
        person = people.known.get(hashes[index]) if identifier else fresh.get(keys[index])
        if person is None and (person := candidates.get(keys[index])) and identifier and person not in soft:
            records.fault(WARNING, index, "person_id", "two_ids", value=mask(identifier[1]))
            person = None
        if person is None:
            person = people.new_person()
        fresh.setdefault(keys[index], person)
        people.identify(person, identifier, index)
        found[index] = person
    return found


def _key(records: Records, orgs: list, index: int) -> tuple:
    """What a pupil without a number is known by: school, student number, name and birth date."""
    columns = records.columns
    name = name_key(columns["first_name"][index] or "", columns["last_name"][index] or "")
    return orgs[index], columns["student_number"][index], name, columns["birth_date"][index]


def drop_doubles(records: Records, keys: dict[int, tuple]) -> list[int]:
    """The records that stay, in order; a second row of a person at one place is refused and told of the first."""
    first: dict[tuple, int] = {}
    ids = records.column("person_id")
    for index in sorted(keys, key=lambda i: (ids[i] is None, i)):
        before = first.setdefault(keys[index], index)
        if before != index:
            records.fault(ERROR, index, "person_id", "person_twice", row=records.rows[before])
    return [index for index in keys if index not in records.rejected]
