"""Calling the roll of a room by exception."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.core.changes.services import touch
from khet.registers.progress.models import Absence, RollCall
from khet.registers.progress.queries import Room, call_of, pupils

LATE_BY = 30  # days back for which a roll may still be called; older days are corrected by a file
Given = tuple[str, int]  # kind, part


class RollError(ValueError):
    """A roll that cannot be called so; says why."""


@transaction.atomic
def call_roll(room: Room, day: date, exceptions: Mapping[int, Given], *, by) -> RollCall:
    """The call of a room's roll on a day: `exceptions` names who was not there all day, everybody else was.

    exceptions   {enrolment: (kind, part)}
    What a file said of that day stays as the file said it. Raises RollError.
    """
    _may(room, day, by)
    known = {one.pk for one in pupils(by, room, day, "absences.write")}
    if set(exceptions) - known:
        raise RollError(_("The roll has changed meanwhile. Open the page again."))
    earlier = call_of(room, day)
    own = Absence.objects.filter(enrolment__in=known, date=day, batch_id__isnull=True)
    before = [list(row) for row in own.order_by("pk").values_list("enrolment_id", "part", "kind")]
    _write(room, day, {pk: [given] for pk, given in exceptions.items()}, known)
    call, _made = RollCall.objects.update_or_create(
        **room.place, date=day, defaults={"by": by, "before": before if earlier else None}
    )
    record("roll.called", call, by=by, org=room.school, count=len(exceptions))
    return call


@transaction.atomic
def take_back(room: Room, day: date, *, by) -> None:
    """Undo the newest call of a day: the one before stands again, or none. Raises RollError."""
    _may(room, day, by)
    call = call_of(room, day)
    if call is None:
        raise RollError(_("There is nothing to take back on this day."))
    known = {one.pk for one in pupils(by, room, day, "absences.write")}
    wanted: dict[int, list[Given]] = {}
    for pk, part, kind in call.before or []:
        wanted.setdefault(pk, []).append((kind, part))
    _write(room, day, wanted, known)
    record("roll.taken_back", call, by=by, org=room.school)
    if call.before is None:
        call.delete()
    else:
        call.before = None
        call.by = by
        call.save()


def _write(room: Room, day: date, wanted: Mapping[int, list[Given]], known: set[int]) -> None:
    """Make the room's own absences of a day those wanted; rows of files stay."""
    rows = Absence.objects.filter(enrolment__in=known, date=day)
    of_files = set(rows.filter(batch_id__isnull=False).values_list("enrolment_id", flat=True))
    rows.filter(batch_id__isnull=True).delete()
    Absence.objects.bulk_create(
        Absence(enrolment_id=pk, date=day, part=part, kind=kind)
        for pk, given in wanted.items()
        if pk not in of_files
        for kind, part in given
    )
    touch("absences", years=[room.year])


def _may(room: Room, day: date, by) -> None:
    if not can(by, "absences.write", room.school):
        raise RollError(_("Your roles do not include calling the roll here."))
    today = timezone.localdate()
    if day > today:
        raise RollError(_("The day lies in the future. Correct it."))
    if day < today - timedelta(days=LATE_BY):
        raise RollError(_("This day is more than a month ago. Correct it with a file of absences."))
