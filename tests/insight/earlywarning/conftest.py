"""An office with pupils whose days and results are set by hand."""

from datetime import date, timedelta

import pytest

from khet.registers.people.models import Enrolment, Person
from khet.registers.progress.models import Absence, Mark

YEAR = 2025
TODAY = date(2025, 11, 28)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The day on which the tests stand: far enough into the year for absences to tell."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *given: TODAY)
    return TODAY


@pytest.fixture
def pupil(db):
    """Puts a made-up pupil on a roll: pupil(school, grade="ป.4", year=2025, **enrolment)."""
    made = []

    def make(school, grade="ป.4", year=YEAR, person=None, born=None, **more):
        number = len(made) + 1
        person = person or Person.objects.create(
            first_name=f"ทดสอบ{number}", last_name="สมมติ", name_key=f"ทดสอบ{number}|สมมติ", sex="mf"[number % 2],
            birth_date=born or date(year - 3 - GRADES.index(grade) - 1, 6, 1), org=school,
        )  # fmt: skip
        made.append(Enrolment.objects.create(person=person, school=school, grade=grade, year=year, room="1", **more))
        return made[-1]

    return make


GRADES = ["อ.1", "อ.2", "อ.3", "ป.1", "ป.2", "ป.3", "ป.4", "ป.5", "ป.6", "ม.1", "ม.2", "ม.3"]


def weekdays(first: date, count: int) -> list[date]:
    """The first so many weekdays from a day on."""
    found = []
    while len(found) < count:
        if first.weekday() < 5:
            found.append(first)
        first += timedelta(1)
    return found


def absent(enrolment, days, kind="absent", part=0):
    """The pupil does not come on some days."""
    Absence.objects.bulk_create(Absence(enrolment=enrolment, date=day, kind=kind, part=part) for day in days)
    return enrolment


def results(enrolment, *codes, semester=1):
    """The pupil's results in as many subjects."""
    Mark.objects.bulk_create(
        Mark(enrolment=enrolment, semester=semester, subject_code=f"ท{n}", result=code, credits=1)
        for n, code in enumerate(codes)
    )
    return enrolment


@pytest.fixture
def class_of_ten(school, pupil):
    """Ten pupils of a school who miss a day each, so that the school is known to report its absences."""
    days = weekdays(date(2025, 6, 2), 10)
    enrolments = [absent(pupil(school), [day]) for day in days]
    absent(enrolments[0], [TODAY])  # the school has reported up to today
    return enrolments


@pytest.fixture
def foreign_promoter(someone, stranger_office):
    return someone("promoter", stranger_office, "foreign_promoter")
