"""A pupil's cases over the years, as far as the viewer may see them: groups, visits, what is open."""

from dataclasses import dataclass, field
from datetime import date, datetime

from khet.engines.cases.levelling import proposed
from khet.engines.cases.models import Case
from khet.engines.cases.schema import Level
from khet.kit.periods import Period, academic_year
from khet.registers.people.models import Person
from khet.web.classroom import queries
from khet.web.classroom.schema import Classroom


@dataclass(frozen=True)
class Screening:
    at: datetime
    level: Level | None
    by: object


@dataclass(frozen=True)
class Year:
    """A year of care: its case, every screening with the group it found, and the days of home visits."""

    case: Case
    period: Period
    screenings: list[Screening]
    visits: list[date]
    has_results: bool


@dataclass(frozen=True)
class History:
    years: list[Year] = field(default_factory=list)
    others: list[Case] = field(default_factory=list)

    def __bool__(self):
        return bool(self.years or self.others)


def of_person(viewer, person: Person) -> History:
    """Every case about a person that the viewer may see, newest first; those of a circle only to its members."""
    setup = queries.rules()
    rows = Case.objects.visible_to(viewer).filter(person=person).select_related("edition", "org", "owner")
    found = History()
    for case in rows.order_by("-received_at", "-pk"):
        if setup and case.edition.family == setup.family:
            found.years.append(_year(case, setup))
        else:
            found.others.append(case)
    return found


def _year(case: Case, setup: Classroom) -> Year:
    screenings = [
        Screening(step.at, proposed(case.kind, step.answers | step.secret), step.by)
        for step in case.steps.filter(move__in=setup.screen).select_related("by").order_by("-at")
    ]
    contacts = case.contacts.filter(withdrawn_at__isnull=True)
    visits = list(contacts.filter(kind=setup.visit).values_list("on", flat=True))
    results = bool(setup.results) and contacts.filter(kind=setup.results.contact).exists()
    return Year(case, academic_year(case.received_at.date()), screenings, visits, results)
