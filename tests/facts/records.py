"""Makes records in a line each, for tests of facts and indicators."""

import itertools
from datetime import date

from khet.kit.periods import Period
from khet.kit.secrets import keyed_hash
from khet.registers.figures.models import Figure
from khet.registers.people.models import PERSON_ID, Enrolment, Identifier, Person, StaffPost
from khet.registers.progress.models import Absence, Mark
from khet.registers.residents.models import Resident

_number = itertools.count(1)


def person(org=None, sex="f", number=None, **fields) -> Person:
    """A made-up person; `number` is an identifier of theirs."""
    n = next(_number)
    made = Person.objects.create(
        first_name=f"สมมติ{n}", last_name="ทดสอบ", name_key=f"สมมต{n}|ทดสอบ", sex=sex, org=org, **fields
    )
    if number:
        Identifier.objects.create(person=made, kind="other", value=number, value_hash=keyed_hash(number, PERSON_ID))
    return made


def pupil(school, year=2024, grade="ป.1", sex="f", who=None, number=None, **fields) -> Enrolment:
    """A pupil on the roll of a school in a year."""
    who = who or person(school, sex, number)
    return Enrolment.objects.create(person=who, school=school, year=year, grade=grade, **fields)


def pupils(n: int, school, **fields) -> list[Enrolment]:
    return [pupil(school, **fields) for _ in range(n)]


def figure(org, measure, period, value, *, grade="", sex="", group="", **fields) -> Figure:
    return Figure.objects.create(
        org=org, measure=measure, period=period, value=value, grade=grade, sex=sex, group=group, **fields
    )


def absent(enrolment, day: str, kind="absent", part=0, **fields) -> Absence:
    return Absence.objects.create(enrolment=enrolment, date=date.fromisoformat(day), kind=kind, part=part, **fields)


def mark(enrolment, result, *, subject="ท11101", area="thai", semester=0, **fields) -> Mark:
    return Mark.objects.create(
        enrolment=enrolment, subject_code=subject, learning_area=area, result=result, semester=semester, **fields
    )


def post(school, year=2024, staff_type="civil_servant_teacher", position="teacher", sex="f", **fields) -> StaffPost:
    return StaffPost.objects.create(
        person=person(school, sex), school=school, year=year, staff_type=staff_type, position=position, **fields
    )


def resident(office, number, born: int, *, listed="2024-05-20", sex="f", subdistrict="ริมธาร", **fields) -> Resident:
    """A child on the civil-registration list."""
    return Resident.objects.create(
        org=office, list_date=date.fromisoformat(listed), first_name=f"ในทะเบียน{number}", name_key=f"ในทะเบยน{number}|",
        sex=sex, birth_date=date(born, 6, 1), identifier=number, identifier_hash=keyed_hash(number, PERSON_ID),
        subdistrict=subdistrict, **fields,
    )  # fmt: skip


AY2023, AY2024, AY2025 = (Period("academic_year", year) for year in (2023, 2024, 2025))
