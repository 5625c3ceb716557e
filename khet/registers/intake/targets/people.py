"""Persons as files name them: found by identifier, else by school, number, name and birth date; never doubled."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from khet.core.catalogue import catalogue
from khet.kit.secrets import keyed_hash
from khet.kit.thai import name_key, tidy
from khet.registers.intake.bulk import reserve_ids, rows_in
from khet.registers.intake.records import Records
from khet.registers.intake.targets.base import SOURCED, Change, Writer, place_of
from khet.registers.people.models import PERSON_ID, Address, Enrolment, Guardian, Identifier, Person

CORE = ("prefix", "first_name", "last_name", "name_key", "sex", "birth_date", "nationality", "org_id")
GUARDIAN = ("relation", "details")
ADDRESS = ("subdistrict", "district", "province", "details")
REMOVE = object()  # a sensitive value that the file says is no longer so


@dataclass(slots=True)
class Wanted:
    """What a row says of a person. Values that are None say nothing."""

    index: int
    core: tuple
    sensitive: dict = field(default_factory=dict)
    guardians: dict[str, tuple[str, dict]] = field(default_factory=dict)
    addresses: dict[str, tuple] = field(default_factory=dict)
    identifier: tuple[str, str, str] | None = None  # kind, value, hash


class People:
    """The persons of a load. A person is its primary key, or −1, −2, … while it is new."""

    def __init__(self, records: Records, *, year: int, as_of):
        self.records, self.year, self.as_of = records, year, as_of
        self.known: dict[str, int] = {}
        self.by_hash: dict[str, int] = {}
        self.wanted: dict[int, Wanted] = {}
        self.identifiers: list[tuple[int, tuple[str, str, str], int]] = []  # person, identifier, record: to be added
        self.closing: set[int] = set()  # persons whose old identifiers end
        self._new = 0

    # -- finding -----------------------------------------------------------------------------------------------------

    def hashes(self) -> list[str | None]:
        """The keyed hash of each record's identifier, where it has one."""
        return [keyed_hash(value[1], PERSON_ID) if value else None for value in self.records.column("person_id")]

    def look_up(self, hashes: Iterable[str]) -> None:
        """Learn which identifiers are known, the ones in force before those of the past."""
        rows = rows_in(Identifier.objects.all(), "value_hash", set(hashes), "value_hash", "person_id", "until")
        rows.sort(key=lambda row: row[2] is None)
        self.known = {value_hash: person for value_hash, person, _until in rows}

    def known_by_id(self, index: int) -> int | None:
        """The person whom a record's identifier names; None where it has none, or one that is not known."""
        value = self.records.column("person_id")[index]
        return self.known.get(keyed_hash(value[1], PERSON_ID)) if value else None

    def look_up_numbers(self, schools: set[int], numbers: set[str]) -> dict[tuple, int]:
        """{(school, student number, name key, birth date): person} of some schools' rolls, the newest year last."""
        rows = rows_in(
            Enrolment.objects.filter(school_id__in=schools).order_by("year", "pk"), "student_number", numbers,
            "school_id", "student_number", "person__name_key", "person__birth_date", "person_id",
        )  # fmt: skip
        return {row[:4]: row[4] for row in rows}

    def replaceable(self, persons: Iterable[int]) -> set[int]:
        """Those of the persons whose number may give way to a better one: none, a G-code, a number without status."""
        persons = set(persons)
        held = rows_in(
            Identifier.objects.filter(until__isnull=True), "person_id", persons, "person_id", "kind", "value"
        )
        firm = {person for person, kind, value in held if kind == "national_id" and value[:1] not in "067"}
        return persons - firm

    def name_keys(self) -> dict[int, str]:
        """{person: name key} of those whose name this load changes."""
        place = CORE.index("name_key")
        return {change.key: change.after[place] for change in self.persons}

    def new_person(self) -> int:
        self._new -= 1
        return self._new

    # -- what is wanted ----------------------------------------------------------------------------------------------

    def want(self, person: int, wanted: Wanted) -> None:
        """Note what a row says; the first row of a person speaks for it."""
        self.wanted.setdefault(person, wanted)

    def identify(self, person: int, identifier: tuple[str, str, str] | None, index: int) -> None:
        """Give a person an identifier; the ones it had end on the file's day."""
        if identifier and identifier[2] not in self.known:
            self.known[identifier[2]] = person
            self.identifiers.append((person, identifier, index))
            if person > 0:
                self.closing.add(person)

    # -- the difference ----------------------------------------------------------------------------------------------

    def compare(self) -> None:
        """Sort the wishes into rows to add and rows to change."""
        self.new = {person: wanted for person, wanted in self.wanted.items() if person < 0}
        old = {person: wanted for person, wanted in self.wanted.items() if person > 0}
        if old and Enrolment.objects.filter(year__gt=self.year).exists():
            later = {
                row[0] for row in rows_in(Enrolment.objects.filter(year__gt=self.year), "person_id", old, "person_id")
            }
            old = {person: wanted for person, wanted in old.items() if person not in later}
        self.changed: dict[int, list[tuple[str, object, object]]] = {}
        for person, _identifier, _index in self.identifiers:
            if person > 0:
                self.changed[person] = [("person_id", None, None)]
        self.persons = self._compare_persons(old)
        self.guardians = self._compare_parts(old, Guardian, "role", GUARDIAN, lambda w: w.guardians)
        self.addresses = self._compare_parts(old, Address, "kind", ADDRESS, lambda w: w.addresses)
        for _person, wanted in self.new.items():
            self.guardians[0].extend((_person, role, *row, wanted.index) for role, row in wanted.guardians.items())
            self.addresses[0].extend((_person, kind, *row, wanted.index) for kind, row in wanted.addresses.items())

    def _compare_persons(self, old: dict[int, Wanted]) -> list[Change]:
        changes = []
        for pk, *rest in rows_in(Person.objects.all(), "pk", old, "pk", *CORE, "sensitive", *SOURCED):
            wanted = old[pk]
            core, sensitive, origin = tuple(rest[: len(CORE)]), rest[len(CORE)], tuple(rest[len(CORE) + 1 :])
            after = tuple(new if new not in (None, "") else was for was, new in zip(core, wanted.core, strict=True))
            merged = merge(sensitive, wanted.sensitive)
            if after == core and merged == sensitive:
                continue
            place = place_of(self.records, wanted.index)
            changes.append(Change(pk, (*core, sensitive), (*after, merged), origin, place))
            notes = self.changed.setdefault(pk, [])
            notes += [
                (n, b, a)
                for n, b, a in zip(CORE, core, after, strict=True)
                if b != a and n not in ("name_key", "org_id")
            ]
            notes += [
                (name, None, None)
                for name in sorted(set(merged) | set(sensitive))
                if merged.get(name) != sensitive.get(name)
            ]
        return changes

    def _compare_parts(self, old, model, slot: str, names: tuple[str, ...], parts) -> tuple[list, list[Change]]:
        """Guardians or addresses: (rows to add, changes). `details` is merged, plain columns are replaced."""
        asked = {person: parts(wanted) for person, wanted in old.items() if parts(wanted)}
        known: dict[tuple[int, str], tuple] = {}
        for pk, person, where, *rest in rows_in(
            model.objects.all(), "person_id", asked, "pk", "person_id", slot, *names, *SOURCED
        ):
            known[person, where] = (pk, tuple(rest[: len(names)]), tuple(rest[len(names) :]))
        adds, changes = [], []
        for person, wishes in asked.items():
            index = old[person].index
            for where, row in wishes.items():
                if (person, where) not in known:
                    adds.append((person, where, *row, index))
                    self.changed.setdefault(person, []).append((f"{where}", None, None))
                    continue
                pk, before, origin = known[person, where]
                after = tuple(
                    merge(was, new) if isinstance(was, dict) else new or was
                    for was, new in zip(before, row, strict=True)
                )
                if after != before:
                    changes.append(Change(pk, before, after, origin, place_of(self.records, index)))
                    self.changed.setdefault(person, []).append((f"{where}", None, None))
        return adds, changes

    # -- writing -----------------------------------------------------------------------------------------------------

    def write(self, writer: Writer) -> dict[int, int]:
        """Write persons and what hangs on them; {new person: primary key}."""
        ids = dict(zip(self.new, reserve_ids(Person, len(self.new)), strict=True))
        records = self.records
        writer.insert(
            Person,
            ["id", "ref", *CORE, "sensitive"],
            (
                (ids[person], uuid.uuid4(), *filled(w.core), merge({}, w.sensitive), *place_of(records, w.index))
                for person, w in self.new.items()
            ),
        )
        writer.change(Person, [*CORE, "sensitive"], self.persons)
        self._write_identifiers(writer, ids)
        for model, slot, names, (adds, changes) in (
            (Guardian, "role", GUARDIAN, self.guardians), (Address, "kind", ADDRESS, self.addresses),
        ):  # fmt: skip
            rows = ((ids.get(p, p), where, *row, *place_of(records, index)) for p, where, *row, index in adds)
            writer.insert(model, ["person_id", slot, *names], rows)
            writer.change(model, names, changes)
        return ids

    def _write_identifiers(self, writer: Writer, ids: dict[int, int]) -> None:
        ending = rows_in(
            Identifier.objects.filter(until__isnull=True), "person_id", self.closing, "pk", "person_id", *SOURCED
        )
        places = {person: place_of(self.records, index) for person, _identifier, index in self.identifiers}
        writer.change(
            Identifier,
            ["until"],
            [Change(pk, (None,), (self.as_of,), tuple(origin), places[person]) for pk, person, *origin in ending],
        )
        writer.insert(
            Identifier,
            ["person_id", "kind", "value", "value_hash", "since"],
            (
                (
                    ids.get(person, person),
                    *identifier,
                    None if person < 0 else self.as_of,
                    *place_of(self.records, index),
                )
                for person, identifier, index in self.identifiers
            ),
        )


def filled(core: tuple) -> tuple:
    """Core fields of a new person: '' for a text that is unknown."""
    if None not in core:
        return core
    return tuple(
        value if value is not None or name in ("birth_date", "org_id") else ""
        for name, value in zip(CORE, core, strict=True)
    )


def merge(old: dict, new: dict) -> dict:
    """The old mapping with what the new one says; None says nothing, REMOVE takes away."""
    merged = dict(old)
    for name, value in new.items():
        if value is REMOVE:
            merged.pop(name, None)
        elif value is not None and value != "":
            merged[name] = value
    return merged


class Prefixes(dict):
    """{prefix as written: in full}, so that ด.ช. and เด็กชาย are one."""

    def __init__(self):
        super().__init__()
        self.list = catalogue().find("codes", "prefixes")

    def __missing__(self, written):
        entry = self.list.find(written) if self.list and written else None
        self[written] = (entry.title.th if entry and entry.code != "other" else tidy(written or ""))[:40]
        return self[written]


def core_of(prefixes: Prefixes, prefix, first, last, sex, birth, nationality, org) -> tuple:
    """The core of a person from a row's cells."""
    first, last = first or "", last or ""
    return (
        prefixes[prefix or ""], first[:100], last[:100], name_key(first, last)[:200],
        sex or "", birth, (nationality or "")[:40], org,
    )  # fmt: skip
