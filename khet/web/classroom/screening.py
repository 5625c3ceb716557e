"""The screening of a class on one page: the same form for each pupil, calm until somebody chooses otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.forms.build import DataForm
from khet.core.forms.schema import Form
from khet.core.workflow.schema import Workflow
from khet.engines.cases import editions, seats
from khet.engines.cases.schema import CaseKind
from khet.registers.progress.queries import Room
from khet.web.classroom import queries
from khet.web.classroom.forms import PastDayForm, day_fields, screening_form
from khet.web.classroom.queries import Row
from khet.web.classroom.schema import Classroom


@dataclass
class Asked:
    """A pupil on the page: included or not, and the form."""

    row: Row
    form: DataForm
    included: bool


@dataclass
class Page:
    asked: list[Asked]
    day: PastDayForm
    days: list[str]
    notes: list
    posted: bool
    fault: str = ""

    @property
    def found(self) -> list[Row]:
        return [one.row for one in self.asked]

    @property
    def chosen(self) -> list[Asked]:
        return [one for one in self.asked if one.included]

    def is_valid(self) -> bool:
        """Whether the day and every form that counts can be kept."""
        return all([self.day.is_valid(), *(one.form.is_valid() for one in self.chosen)])

    def given(self) -> dict[int, dict]:
        """{person: answers} of those who are screened."""
        day = self.day.cleaned_data["day"].isoformat()
        return {one.row.person.pk: one.form.answers() | dict.fromkeys(self.days, day) for one in self.chosen}


def kind_for(viewer, room: Room, setup: Classroom) -> CaseKind | None:
    """The kind of the year's case, when the viewer may begin one at the school."""
    kind = editions.of_family(setup.family, timezone.localdate())
    return kind if kind and seats.roles_at(viewer, room.school) & set(kind.open_by) else None


def of_class(viewer, room: Room, setup: Classroom, posted: Mapping | None) -> Page | None:
    """The page of a class; None when the viewer may not screen it."""
    kind = kind_for(viewer, room, setup)
    form = kind and form_of(kind, setup)
    if form is None:
        return None
    asked = []
    for row in queries.rows(viewer, room, timezone.localdate()):
        name = f"p{row.enrolment.pk}"
        done = row.case is not None and row.case.state not in _unscreened(kind, setup)
        included = bool(posted.get(f"{name}-in")) if posted is not None else not done
        asked.append(Asked(row, screening_form(form, name, setup.calm, data=posted if included else None), included))
    day = PastDayForm(posted, initial={"day": timezone.localdate()})
    codes = catalogue().find("codes", setup.domains) if setup.domains else None
    notes = [value for value in codes.values if value.note] if codes else []
    return Page(asked, day, day_fields(form), notes, posted is not None)


def form_of(kind: CaseKind, setup: Classroom) -> Form | None:
    """The form of the screening."""
    move = _workflow(kind).moves.get(setup.screen[0])
    return catalogue().find("form", move.form) if move and move.form else None


def _unscreened(kind: CaseKind, setup: Classroom) -> set[str]:
    """States in which the first screening is still to come."""
    move = _workflow(kind).moves.get(setup.screen[0])
    return set(move.start) if move else set()


def _workflow(kind: CaseKind) -> Workflow:
    return catalogue().get("workflow", kind.workflow)
