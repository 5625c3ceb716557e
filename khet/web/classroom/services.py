"""Acts for a whole class: taking it into the year's cases, and screening it on one page."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.workflow.machine import open_moves
from khet.engines.cases import editions, seats
from khet.engines.cases import services as cases
from khet.engines.cases.errors import CaseError
from khet.engines.cases.levelling import proposed
from khet.engines.cases.models import Case
from khet.engines.cases.services.beginning import Beginning
from khet.registers.progress.queries import Room
from khet.web.classroom.queries import Row
from khet.web.classroom.schema import Classroom


@transaction.atomic
def begin_for(found: Iterable[Row], setup: Classroom, room: Room, *, by) -> list[Case]:
    """The year's case for every pupil of the class who has none. Raises CaseError."""
    kind = editions.of_family(setup.family, timezone.localdate())
    if kind is None:
        raise CaseError(_("The catalogue offers no such case today."))
    cause = {"kind": "class", "id": str(room)}
    without = [Beginning(org=room.school, person=row.person, cause=cause) for row in found if row.case is None]
    return cases.begin_many(kind, without, by=by) if without else []


@transaction.atomic
def screen_class(found: Iterable[Row], setup: Classroom, room: Room, given: Mapping[int, Mapping], *, by) -> int:
    """Screen pupils of a class; how many were. Who has no case of the year yet gets one.

    given   {person: answers of the screening's form, cleaned}
    raises  CaseError, MoveNotAllowed: then nobody was screened
    """
    wanted = [row for row in found if row.person.pk in given]
    made = begin_for(wanted, setup, room, by=by)
    by_person = {case.person_id: case for case in [*(row.case for row in wanted if row.case), *made]}
    for row in wanted:
        _screen(by_person[row.person.pk], setup, given[row.person.pk], by)
    record("class.screened", by=by, org=room.school, after={"class": str(room)}, count=len(wanted))
    return len(wanted)


def _screen(case: Case, setup: Classroom, answers: Mapping, by) -> None:
    """One screening: what it finds is the group from now on, be it higher or lower than before."""
    possible = open_moves(case.rules.workflow, case.state, seats.roles_in(by, case))
    name = next((move for move in setup.screen if move in possible), None)
    if name is None:
        raise CaseError(_("%(number)s cannot be screened from where it stands.") % {"number": case.number})
    cases.move(case, name, by=by, answers=answers)
    case.refresh_from_db()
    level = proposed(case.kind, case.known)
    if level and level.code != case.level:
        cases.set_level(case, level.code, by=by, reason=_("Screened anew"))
