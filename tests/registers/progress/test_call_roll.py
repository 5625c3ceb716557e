"""Calling the roll of a room: by exception, by who may, never over what a file said, and taken back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from khet.core.audit.models import AuditEntry
from khet.core.changes.models import Change
from khet.kit.periods import academic_year
from khet.registers.people.models import Enrolment, Person
from khet.registers.progress import queries, services
from khet.registers.progress.models import Absence, RollCall

TODAY = timezone.localdate
ABSENT, SICK, LATE = ("absent", 0), ("sick", 0), ("late", 1)


@pytest.fixture
def pupil(school):
    def make(name, grade="ป.4", room="1", at=school, **more):
        person = Person.objects.create(first_name=name, last_name="ใจดี", name_key=name, org=at)
        return Enrolment.objects.create(
            person=person, school=at, year=academic_year(TODAY()).year, grade=grade, room=room, **more
        )

    return make


@pytest.fixture
def room(school):
    return queries.Room(school, academic_year(TODAY()).year, "ป.4", "1")


def stands():
    return sorted(Absence.objects.values_list("enrolment__person__first_name", "part", "kind"))


def test_who_is_not_named_was_there(pupil, teacher, room):
    a, _b = pupil("ก"), pupil("ข")
    services.call_roll(room, TODAY(), {a.pk: SICK}, by=teacher)
    assert stands() == [("ก", 0, "sick")]
    call = queries.call_of(room, TODAY())
    assert call.by == teacher and call.at
    assert Change.objects.filter(subject="absences", year=room.year).exists()


def test_all_present_is_said_too(pupil, teacher, room):
    pupil("ก")
    assert queries.call_of(room, TODAY()) is None
    services.call_roll(room, TODAY(), {}, by=teacher)
    assert queries.call_of(room, TODAY()) is not None and stands() == []


def test_a_second_call_replaces_the_first_and_is_taken_back_to_it(pupil, teacher, room):
    a, b = pupil("ก"), pupil("ข")
    services.call_roll(room, TODAY(), {a.pk: ABSENT}, by=teacher)
    services.call_roll(room, TODAY(), {b.pk: LATE}, by=teacher)
    assert stands() == [("ข", 1, "late")]
    services.take_back(room, TODAY(), by=teacher)
    assert stands() == [("ก", 0, "absent")]
    services.take_back(room, TODAY(), by=teacher)
    assert stands() == [] and not RollCall.objects.exists()
    with pytest.raises(services.RollError, match="nothing to take back"):
        services.take_back(room, TODAY(), by=teacher)


def test_what_a_file_said_stays(pupil, teacher, room):
    a, b = pupil("ก"), pupil("ข")
    Absence.objects.create(enrolment=a, date=TODAY(), kind="sick", batch_id=7, row=3)
    services.call_roll(room, TODAY(), {a.pk: ABSENT, b.pk: ABSENT}, by=teacher)
    services.call_roll(room, TODAY(), {}, by=teacher)
    assert stands() == [("ก", 0, "sick")]


def test_another_room_and_another_day_are_left_alone(pupil, teacher, room):
    a, far = pupil("ก"), pupil("ข", room="2")
    Absence.objects.create(enrolment=far, date=TODAY(), kind="sick")
    Absence.objects.create(enrolment=a, date=TODAY() - timedelta(1), kind="sick")
    services.call_roll(room, TODAY(), {}, by=teacher)
    assert Absence.objects.count() == 2
    with pytest.raises(services.RollError, match="changed meanwhile"):
        services.call_roll(room, TODAY(), {far.pk: ABSENT}, by=teacher)


def test_neither_a_stranger_nor_the_director_of_the_office_calls_the_roll(pupil, stranger, director, room):
    pupil("ก")
    for one in (stranger, director):
        with pytest.raises(services.RollError, match="do not include"):
            services.call_roll(room, TODAY(), {}, by=one)


@pytest.mark.parametrize(("days", "words"), [(1, "future"), (-31, "month ago")])
def test_a_day_ahead_or_long_past_is_refused(pupil, teacher, room, days, words):
    with pytest.raises(services.RollError, match=words):
        services.call_roll(room, TODAY() + timedelta(days), {}, by=teacher)


def test_the_trail_names_the_room_and_a_number_but_no_child(pupil, teacher, room):
    a = pupil("กานดา")
    services.call_roll(room, TODAY(), {a.pk: ABSENT}, by=teacher)
    entry = AuditEntry.objects.get(verb="roll.called")
    assert (entry.count, entry.org) == (1, room.school)
    assert "กานดา" not in entry.label and str(a.pk) not in str(entry.after)


def test_who_left_is_no_longer_in_the_room(pupil, teacher, room):
    pupil("ก", left=TODAY() - timedelta(3))
    pupil("ข", entered=TODAY() + timedelta(3))
    kept = pupil("ค")
    assert queries.pupils(teacher, room, TODAY()) == [kept]


def test_rooms_stand_in_the_order_of_grades_and_numbers(pupil, teacher, school):
    for grade, name in (("ม.1", "1"), ("ป.4", "10"), ("ป.4", "2"), ("อ.2", "")):
        pupil(grade + name, grade, name)
    found = [str(one) for one in queries.rooms(teacher, school, TODAY())]
    assert found == ["อ.2", "ป.4/2", "ป.4/10", "ม.1/1"]


FRIDAY = date(2025, 7, 4)  # 10 July is a holiday (อาสาฬหบูชา), 11 July too (เข้าพรรษา)


def lose(enrolment, *days, **more):
    for day in days:
        Absence.objects.create(enrolment=enrolment, date=day, kind="absent", **more)


def test_a_weekend_and_a_holiday_do_not_end_a_run_of_absences(pupil):
    a = pupil("ก")
    lose(a, date(2025, 7, 3), FRIDAY, date(2025, 7, 7), date(2025, 7, 8), date(2025, 7, 9), date(2025, 7, 14))
    found = queries.missed([a], date(2025, 7, 14))[a.pk]
    assert (found.in_a_row, found.calls_for_a_letter) == (6, True)


def test_five_days_in_a_row_are_not_more_than_five(pupil):
    a = pupil("ก")
    lose(a, *(date(2025, 7, 14) + timedelta(n) for n in range(5)))
    found = queries.missed([a], date(2025, 7, 18))[a.pk]
    assert (found.in_a_row, found.in_a_month, found.calls_for_a_letter) == (5, 5, False)


def test_a_day_present_ends_the_run_but_not_the_month(pupil):
    a = pupil("ก")
    lose(a, *(date(2025, 9, n) for n in (1, 2, 3, 4, 8, 9, 10, 11)))
    found = queries.missed([a], date(2025, 9, 11))[a.pk]
    assert (found.in_a_row, found.in_a_month, found.calls_for_a_letter) == (4, 8, True)


def test_late_counts_nothing_and_half_a_day_a_half(pupil):
    a, b = pupil("ก"), pupil("ข")
    Absence.objects.create(enrolment=a, date=FRIDAY, kind="absent", part=1)
    Absence.objects.create(enrolment=b, date=FRIDAY, kind="late")
    found = queries.missed([a, b], FRIDAY)
    assert (found[a.pk].in_a_month, found[a.pk].in_a_row) == (0.5, 0) and b.pk not in found


def test_a_run_until_yesterday_stands_while_today_is_not_called(pupil):
    a = pupil("ก")
    lose(a, date(2025, 9, 2), date(2025, 9, 3), date(2025, 9, 4))
    assert queries.missed([a], date(2025, 9, 5))[a.pk].in_a_row == 3
    assert queries.missed([a], date(2025, 9, 5), called=True)[a.pk].in_a_row == 0
    assert queries.missed([a], date(2025, 9, 8))[a.pk].in_a_row == 0
