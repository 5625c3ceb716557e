"""Full profiles of pupils who are on the roll already: parents with more detail, two addresses, disability, travel."""

from django.db.models import Max

from khet.registers.intake.bulk import rows_in
from khet.registers.intake.cleaning import split_code
from khet.registers.intake.faults import ERROR
from khet.registers.intake.records import Records
from khet.registers.intake.targets.base import (
    SAMPLES,
    SOURCED,
    Change,
    Context,
    Difference,
    Sample,
    Target,
    Writer,
    place_of,
)  # fmt: skip
from khet.registers.intake.targets.finding import resolve
from khet.registers.intake.targets.people import REMOVE, People, Prefixes, Wanted, core_of
from khet.registers.people.models import Enrolment

ROLES = ("father", "mother", "guardian")
PARENT = ("person_id", "prefix", "first_name", "last_name", "income", "phone", "occupation")
PLACES = {"registered": "registered", "current": "current"}
HOUSE = ("house_code", "house", "village", "road", "postcode", "phone")
# Kept with the person, encrypted: what the profile says beyond the roll.
SENSITIVE = (
    "religion", "ethnicity", "blood_group", "first_name_en", "last_name_en", "siblings_elder_brothers",
    "siblings_younger_brothers", "siblings_elder_sisters", "siblings_younger_sisters", "birth_order", "parents_status",
    "boarding", "lacks_uniform", "lacks_stationery", "lacks_books", "lacks_lunch", "distance_unpaved", "distance_paved",
    "distance_water", "travel_minutes", "travel", "pupil_type", "gpax", "gpa", "birth_province", "siblings_studying",
    "poverty_band", "pmt_score", "poverty_round",
)  # fmt: skip
FIELDS = ("disabled", "disadvantaged", "weight", "height")


class Profiles(Target):
    """Adds to persons; it enrols nobody, so a pupil who is on no roll is refused with a word on what to load first."""

    subject = "enrolments"

    def compare(self, records: Records, context: Context) -> Difference:
        if context.assumed:  # a profile says no day: it is of the newest year in which its schools have pupils
            schools = {org for org in context.orgs if org}
            newest = Enrolment.objects.filter(school__in=schools).aggregate(Max("year"))["year__max"]
            context.year = newest if newest is not None else context.year
            context.period = f"AY{context.year}"
        people = People(records, year=context.year, as_of=context.as_of)
        persons = resolve(people, context.orgs, records.good())
        rolls = self._rolls(records, context, persons)
        known = {}
        for index, person in persons.items():
            if (person, context.orgs[index]) in rolls:
                known[index] = person
            else:
                records.fault(ERROR, index, "person_id", "pupil_unknown")
        people.identifiers = [entry for entry in people.identifiers if entry[0] > 0]
        self._wishes(records, context, people, known)
        people.compare()
        difference = Difference([None] * len(records), context.orgs, {self.subject}, {context.year})
        changes = []
        for index, person in known.items():
            pk, before, origin = rolls[person, context.orgs[index]]
            after = tuple(b if a is None else a for b, a in zip(before, self._row(records, index), strict=True))
            notes = [(n, b, a) for n, b, a in zip(FIELDS, before, after, strict=True) if b != a]
            if notes:
                changes.append(Change(pk, before, after, origin, place_of(records, index)))
            notes += people.changed.get(person, [])
            difference.status[index] = "changed" if notes else "unchanged"
            if notes and len(difference.changed) < SAMPLES:
                name = (
                    f"{records.columns['first_name'][index] or ''} {records.columns['last_name'][index] or ''}".strip()
                )
                difference.changed.append(Sample(index, context.orgs[index], name, notes))
        difference.work = {"people": people, "changes": changes}
        return difference

    @staticmethod
    def _rolls(records: Records, context: Context, persons: dict[int, int]) -> dict[tuple, tuple]:
        schools = {context.orgs[index] for index in persons}
        rows = rows_in(
            Enrolment.objects.filter(year=context.year),
            "school_id",
            schools,
            "person_id",
            "school_id",
            "pk",
            *FIELDS,
            *SOURCED,
        )
        size = 3 + len(FIELDS)
        return {row[:2]: (row[2], tuple(row[3:size]), tuple(row[size:])) for row in rows}

    @staticmethod
    def _row(records: Records, index: int) -> tuple:
        cell = {name: records.columns[name][index] for name in records.present}
        disability, disadvantage = (split_code(cell.get(name))[0] for name in ("disability", "disadvantage"))
        return (
            disability not in (None, "none") if "disability" in cell else None,
            disadvantage not in (None, "none") if "disadvantage" in cell else None,
            cell.get("weight"), cell.get("height"),
        )  # fmt: skip

    def _wishes(self, records: Records, context: Context, people: People, persons: dict[int, int]) -> None:
        prefixes = Prefixes()
        codes = {column.field for column in records.source.columns if column.clean == "code"}
        for index, person in persons.items():
            cell = {name: records.columns[name][index] for name in records.present}
            get = cell.get
            core = core_of(
                prefixes, get("prefix"), get("first_name"), get("last_name"), get("sex"), get("birth_date"),
                get("nationality"), None,
            )  # fmt: skip
            people.want(
                person, Wanted(index, core, self._sensitive(cell, codes), self._guardians(cell), self._addresses(cell))
            )

    @staticmethod
    def _sensitive(cell: dict, codes: set[str]) -> dict:
        found = {name: split_code(cell[name])[0] if name in codes else cell[name] for name in SENSITIVE if name in cell}
        for name in ("disability", "disadvantage"):
            if name in cell:
                kind, words = split_code(cell[name])
                found[name] = REMOVE if kind in (None, "none") else kind
                found[f"{name}_words"] = words or REMOVE
        return found

    @staticmethod
    def _guardians(cell: dict) -> dict[str, tuple[str, dict]]:
        found = {}
        for role in ROLES:
            details = {name: value for name in PARENT if (value := cell.get(f"{role}_{name}")) not in (None, "")}
            if isinstance(details.get("person_id"), tuple):
                details["person_id"] = details["person_id"][1]
            if details:
                found[role] = ((cell.get(f"{role}_relation") or "")[:40], details)
        return found

    @staticmethod
    def _addresses(cell: dict) -> dict[str, tuple]:
        found = {}
        for kind in PLACES:
            details = {name: value for name in HOUSE if (value := cell.get(f"{kind}_{name}"))}
            places = tuple((cell.get(f"{kind}_{name}") or "")[:80] for name in ("subdistrict", "district", "province"))
            if details or any(places):
                found[kind] = (*places, details)
        return found

    def write(self, difference: Difference, records: Records, context: Context, writer: Writer) -> None:
        difference.work["people"].write(writer)
        writer.change(Enrolment, FIELDS, difference.work["changes"])
