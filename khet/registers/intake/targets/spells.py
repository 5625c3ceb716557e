"""Which enrolment a row of absences or results speaks of: by identifier, else by the school's own number."""

from khet.kit.secrets import keyed_hash
from khet.registers.intake.bulk import rows_in
from khet.registers.intake.faults import ERROR
from khet.registers.intake.records import Records
from khet.registers.intake.targets.base import Context
from khet.registers.people.models import PERSON_ID, Enrolment, Identifier


def find(records: Records, context: Context, years: list[int | None]) -> list[int | None]:
    """The enrolment of each record in its year; None, with a fault, where the pupil is on no roll of that school."""
    asked = {year for year in years if year is not None}
    schools = {org for org in context.orgs if org is not None}
    rolls = rows_in(
        Enrolment.objects.filter(year__in=asked), "school_id", schools,
        "person_id", "school_id", "year", "student_number", "pk",
    )  # fmt: skip
    by_person = {(person, school, year): pk for person, school, year, _number, pk in rolls}
    by_number = {(number, school, year): pk for _person, school, year, number, pk in rolls if number}
    persons = _persons(records)
    numbers = records.column("student_number")
    found: list[int | None] = [None] * len(records)
    for index in records.good():
        org, year, cell = context.orgs[index], years[index], persons[index]
        if cell is not None:
            pk = by_person.get((cell, org, year))
        else:
            pk = by_number.get((numbers[index], org, year)) if numbers[index] else None
        if pk is None:
            field = "person_id" if records.column("person_id")[index] or not numbers[index] else "student_number"
            records.fault(ERROR, index, field, "pupil_unknown")
        found[index] = pk
    return found


def _persons(records: Records) -> list[int | None]:
    """The person of each record's identifier; −1 for an identifier that is not known."""
    cells = records.column("person_id")
    distinct = {cell for cell in cells if cell}
    hashes = {cell: keyed_hash(cell[1], PERSON_ID) for cell in distinct}
    known = dict(rows_in(Identifier.objects.all(), "value_hash", set(hashes.values()), "value_hash", "person_id"))
    persons = {cell: known.get(hashes[cell], -1) for cell in distinct}
    return [persons[cell] if cell else None for cell in cells]
