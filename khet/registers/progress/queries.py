"""Reading rooms: who is in them, who was absent, and when absences become a matter for a letter."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from khet.core.calendar import is_working_day
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.kit.periods import academic_year
from khet.registers.people.models import Enrolment
from khet.registers.progress.models import Absence, RollCall

IN_A_ROW, IN_A_MONTH = 5, 7  # more than these: letters to the guardian (school rulebooks on compulsory education)
FAR_BACK = 60  # calendar days in which a run of absences is looked for


@dataclass(frozen=True)
class Room:
    """A class of a school in an academic year; schools without rooms have one a grade, room ""."""

    school: Org
    year: int
    grade: str
    room: str
    pupils: int = 0

    def __str__(self):
        return f"{self.grade}/{self.room}" if self.room else self.grade

    @property
    def place(self) -> dict:
        return {"school": self.school, "year": self.year, "grade": self.grade, "room": self.room}


@dataclass(frozen=True)
class Missed:
    """A pupil's absences up to a day: school days in a row until then, days in the 30 before, days in the year."""

    in_a_row: int = 0
    in_a_month: float = 0
    in_the_year: float = 0

    @property
    def calls_for_a_letter(self) -> bool:
        return self.in_a_row > IN_A_ROW or self.in_a_month > IN_A_MONTH


def rooms(viewer, school: Org, day: date, permission: str = "people.list") -> list[Room]:
    """The rooms of a school on a day in the order of grades."""
    year = academic_year(day).year
    order = {value.code: place for place, value in enumerate(catalogue().get("codes", "grades").values)}
    rows = (
        Enrolment.objects.visible_to(viewer, permission)
        .filter(_on_roll(day), school=school, year=year)
        .order_by()
        .values_list("grade", "room")
        .annotate(Count("pk"))
    )
    found = [Room(school, year, grade, room, count) for grade, room, count in rows]
    return sorted(found, key=lambda one: (order.get(one.grade, len(order)), _number(one.room), one.room))


def pupils(viewer, room: Room, day: date, permission: str = "people.list") -> list[Enrolment]:
    """Who is on the roll of a room on a day, by name."""
    return list(
        Enrolment.objects.visible_to(viewer, permission)
        .filter(_on_roll(day), **room.place)
        .select_related("person")
        .order_by("person__first_name", "person__last_name", "pk")
    )


def absences_on(enrolments: Iterable[Enrolment], day: date) -> dict[int, list[Absence]]:
    """{enrolment: its absences of a day}."""
    found = defaultdict(list)
    for absence in Absence.objects.filter(enrolment__in=[one.pk for one in enrolments], date=day).order_by("part"):
        found[absence.enrolment_id].append(absence)
    return dict(found)


def call_of(room: Room, day: date) -> RollCall | None:
    return RollCall.objects.filter(**room.place, date=day).select_related("by").first()


def missed(enrolments: Iterable[Enrolment], day: date, *, called: bool = False) -> dict[int, Missed]:
    """{enrolment: what each has missed, with leave or without, up to a day}; who missed nothing is not in it.

    called   the roll of the day itself was called: who has no absence on it was there
    """
    days: dict[int, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    rows = Absence.objects.filter(enrolment__in=[one.pk for one in enrolments], date__lte=day)
    for pk, when, part in rows.exclude(kind=Absence.Kind.LATE).values_list("enrolment_id", "date", "part"):
        days[pk][when] = min(1.0, days[pk][when] + (1.0 if part == Absence.Part.WHOLE else 0.5))
    month = day - timedelta(days=29)
    return {
        pk: Missed(_run(lost, day, called), sum(n for when, n in lost.items() if when >= month), sum(lost.values()))
        for pk, lost in days.items()
    }


def _run(lost: dict[date, float], day: date, called: bool) -> int:
    """Whole school days missed in a row up to a day; a day off neither counts nor ends the run."""
    run = 0
    for back in range(FAR_BACK):
        when = day - timedelta(days=back)
        if lost.get(when, 0) >= 1:
            run += 1
        elif is_working_day(when) and (back or called):
            break
    return run


def _on_roll(day: date) -> Q:
    began = Q(entered__isnull=True) | Q(entered__lte=day)
    return began & (Q(left__isnull=True) | Q(left__gt=day))


def _number(room: str) -> int:
    digits = "".join(char for char in room if char.isdigit())
    return int(digits) if digits else 0
