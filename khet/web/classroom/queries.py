"""What the page of a class shows, as far as the viewer may see it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.engines.cases.models import Case, Contact, Task
from khet.engines.cases.schema.levels import holds
from khet.registers.people.models import Enrolment
from khet.registers.progress import queries as progress
from khet.registers.progress.models import RollCall
from khet.registers.progress.queries import Missed, Room
from khet.web.classroom.schema import Classroom

SOON = 7  # days ahead in which a task stands on the page


@dataclass
class Row:
    """A pupil of the class on a day.

    said       absences of the day; of_file: they came with a file and stay
    case       the case of the year that accompanies the pupil, when the viewer may see it
    others     further open cases the viewer may see
    """

    enrolment: Enrolment
    said: list = field(default_factory=list)
    missed: Missed = field(default_factory=Missed)
    case: Case | None = None
    others: list[Case] = field(default_factory=list)
    visited: bool = False
    letter: str = ""  # title of the letter on absence that is due, "" when none is
    letter_code: str = ""

    @property
    def person(self):
        return self.enrolment.person

    @property
    def of_file(self) -> bool:
        return any(one.batch_id is not None for one in self.said)

    @property
    def kind(self) -> str:
        return self.said[0].kind if self.said else ""

    @property
    def part(self) -> int:
        return self.said[0].part if self.said else 0


@dataclass(frozen=True)
class Roomed:
    """A room in the list of a school's rooms, with today's call."""

    room: Room
    call: RollCall | None


def rules() -> Classroom | None:
    """What the catalogue says of class pages; None where it says nothing."""
    return next(iter(catalogue().all("classroom")), None)


def schools(viewer) -> list[Org]:
    """The schools whose classes the viewer may look after."""
    return list(Org.objects.visible_to(viewer, "absences.write").schools().open().order_by("name"))


def school(viewer, code: str) -> Org | None:
    """A school whose classes the viewer may look after; None for any other."""
    return Org.objects.visible_to(viewer, "absences.write").schools().filter(code=code).first()


def rooms(viewer, school: Org, day: date) -> list[Roomed]:
    """The rooms of a school with the call of a day; two queries."""
    calls = {
        (one.grade, one.room): one for one in RollCall.objects.filter(school=school, date=day).select_related("by")
    }
    found = progress.rooms(viewer, school, day, "absences.write")
    return [Roomed(room, calls.get((room.grade, room.room))) for room in found]


def rows(viewer, room: Room, day: date) -> list[Row]:
    """The pupils of a class with what is known of them on a day; a fixed number of queries."""
    enrolments = progress.pupils(viewer, room, day, "absences.write")
    called = progress.call_of(room, day) is not None
    said, missed = progress.absences_on(enrolments, day), progress.missed(enrolments, day, called=called)
    found = [Row(one, said.get(one.pk, []), missed.get(one.pk, Missed())) for one in enrolments]
    _add_cases(viewer, found)
    return found


def _add_cases(viewer, found: list[Row]) -> None:
    setup, by_person = rules(), defaultdict(list)
    for case in cases_of(viewer, [row.person.pk for row in found]):
        by_person[case.person_id].append(case)
    for row in found:
        for case in by_person.get(row.person.pk, []):
            if setup and case.edition.family == setup.family:
                row.case = case
            else:
                row.others.append(case)
    if setup:
        _add_contacts(setup, {row.case.pk: row for row in found if row.case})


def _add_contacts(setup: Classroom, found: dict[int, Row]) -> None:
    kinds = defaultdict(set)
    rows = Contact.objects.filter(case__in=found, kind__in=[setup.visit, *setup.letters], withdrawn_at__isnull=True)
    for case, kind in rows.values_list("case_id", "kind"):
        kinds[case].add(kind)
    for pk, row in found.items():
        row.visited = setup.visit in kinds[pk] or bool(setup.visited and holds(setup.visited, row.case.answers))
        if row.missed.calls_for_a_letter:
            code = next((code for code in setup.letters if code not in kinds[pk]), "")
            contact = row.case.kind.contact(code) if code else None
            row.letter, row.letter_code = (str(contact.title), code) if contact else ("", "")


def cases_of(viewer, persons: Iterable[int]) -> list[Case]:
    """Open cases about some persons that the viewer may see, those of a circle only as its member."""
    found = Case.objects.visible_to(viewer).open().filter(person__in=list(persons))
    return list(found.select_related("edition", "org", "owner").order_by("-rank", "pk"))


def tasks(found: Iterable[Row], day: date) -> list[tuple[Task, Row]]:
    """Tasks of the class's cases that are due in a week; their words stay in the case."""
    by_case = {case.pk: row for row in found for case in [row.case, *row.others] if case}
    open_ones = Task.objects.filter(case__in=by_case, done_at__isnull=True, due__lte=day + timedelta(days=SOON))
    return [(task, by_case[task.case_id]) for task in open_ones.select_related("case").order_by("due", "pk")]
