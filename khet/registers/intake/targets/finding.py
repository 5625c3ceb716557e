"""Which person a row speaks of, and which rows speak of the same one.

A file that has been loaded is read again and again: whatever is decided here must come out the same before and after
the names and birth dates of the file have been written.
"""

from collections.abc import Iterable

from khet.kit.identifiers import mask
from khet.kit.thai import name_key
from khet.registers.intake.faults import ERROR, WARNING
from khet.registers.intake.records import Records
from khet.registers.intake.targets.people import People

Key = tuple  # school, student number, name and birth date: what a pupil without an identifier is known by


def resolve(people: People, orgs: list, indices: Iterable[int]) -> dict[int, int]:
    """{record: person} of pupils: by identifier, else by school, student number, name and birth date, else new.

    Records with an identifier come first: of several rows of one person the first is heard.
    """
    records = people.records
    indices = list(indices)
    hashes = people.hashes()
    people.look_up(h for h in hashes if h)
    numbers = records.column("student_number")
    found = {index: people.known[hashes[index]] for index in indices if hashes[index] in people.known}
    keys = {index: _key(records, orgs, index) for index in indices if index not in found}
    asked = {keys[index][1] for index in keys if numbers[index]}
    candidates = people.look_up_numbers({orgs[index] for index in keys}, asked) if asked else {}
    # Rows with a number speak first: a row without one may be the same pupil written twice.
    _with_identifier(people, {index: hashes[index] for index in keys if hashes[index]}, keys, candidates, found)
    if nameless := [index for index in keys if not hashes[index]]:
        said = _Said({index: (_key(records, orgs, index), person) for index, person in found.items()})
        for index in nameless:
            found[index] = said.person_of(keys[index], candidates) or people.new_person()
            said.fresh.setdefault(keys[index], found[index])
    return dict(sorted(found.items(), key=lambda row: (hashes[row[0]] is None, row[0])))


def _with_identifier(people: People, hashes: dict[int, str], keys: dict[int, Key], candidates, found) -> None:
    """Rows whose identifier is not known yet: a pupil of the register whose number may give way, else a new one."""
    ids = people.records.column("person_id")
    soft = people.replaceable(candidates.values()) if candidates else set()
    for index, value_hash in hashes.items():
        person = people.known.get(value_hash)
        if person is None and (person := candidates.get(keys[index])) and person not in soft:
            people.records.fault(WARNING, index, "person_id", "two_ids", value=mask(ids[index][1]))
            person = None
        found[index] = person or people.new_person()
        people.identify(found[index], (*ids[index], value_hash), index)


class _Said:
    """What the rows with an identifier say, for those without one."""

    def __init__(self, rows: dict[int, tuple[Key, int]]):
        self.fresh: dict[Key, int] = {}
        self.twice: dict[tuple, int] = {}  # school, student number, birth date
        self.named: dict[int, set[tuple]] = {}  # person: names and birth dates
        for key, person in rows.values():
            school, number, name, birth = key
            self.fresh.setdefault(key, person)
            self.named.setdefault(person, set()).add((name, birth))
            if number and birth:
                self.twice.setdefault((school, number, birth), person)

    def person_of(self, key: Key, candidates: dict[Key, int]) -> int | None:
        """The person of a row without identifier: one of the file, else one the register knows by the same key.

        The register's word does not hold where the file calls that person otherwise: once the file is written the
        register will say the same as the file.
        """
        school, number, name, birth = key
        person = self.fresh.get(key) or self.twice.get((school, number, birth))
        if person is None and (person := candidates.get(key)) is not None:
            otherwise = self.named.get(person, set()) - {(name, birth), (name, None)}
            person = None if otherwise else person
        return person


def _key(records: Records, orgs: list, index: int) -> Key:
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
