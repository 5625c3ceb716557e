"""Sessions and attendance."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.orgs.models import Org
from khet.engines.programmes.marking import touch_from
from khet.engines.programmes.models import Attendance, Participant, Run, Session
from khet.engines.programmes.rights import ProgrammeError, demand, demand_open, may_enter_for

CHANGEABLE = ("kind", "title", "held_on", "hours", "place", "others", "note")


@transaction.atomic
def hold_session(run: Run, org: Org, *, by, kind: str, title: str, held_on: date, hours, **fields) -> Session:
    """A session of the run, or of a school below where schools hold their own.

    fields   place, others (people who came and are not named), note
    raises   ProgrammeError
    """
    demand(may_enter_for(by, run, org))
    demand_open(run)
    if run.rules.sessions is None:
        raise ProgrammeError(_("This programme has no sessions."))
    if org.pk != run.org_id and not run.rules.sessions.by_schools:
        raise ProgrammeError(_("In this programme only %(org)s holds sessions.") % {"org": run.org})
    session = Session(run=run, org=org, kind=kind, title=title, held_on=held_on, hours=hours, by=by, **fields)
    _refuse(session)
    session.save()
    touch_from(held_on)
    record("programme.session_entered", session, by=by, org=org, after={"held_on": held_on, "kind": kind})
    return session


@transaction.atomic
def change_session(session: Session, *, by, **fields) -> Session:
    """Correct a session. Raises ProgrammeError."""
    demand(may_enter_for(by, session.run, session.org))
    demand_open(session.run)
    before = session.held_on
    for name in CHANGEABLE:
        if name in fields:
            setattr(session, name, fields[name])
    _refuse(session)
    session.save()
    touch_from(before, session.held_on)
    record("programme.session_changed", session, by=by, org=session.org, before={"held_on": before})
    return session


def _refuse(session: Session) -> None:
    rules = session.run.rules.sessions
    if session.kind not in {kind.code for kind in rules.kinds}:
        raise ProgrammeError(_("The programme has no sessions of this kind."))
    if not 0 < float(session.hours) <= 24:
        raise ProgrammeError(_("A session lasts more than 0 and at most 24 hours."))
    run = session.run
    if session.held_on < run.starts or (run.ends and session.held_on > run.ends):
        raise ProgrammeError(_("The day lies outside the programme."))


@transaction.atomic
def cancel_session(session: Session, *, by, reason: str = "") -> Session:
    """It did not take place after all: nothing of it counts. Raises ProgrammeError."""
    demand(may_enter_for(by, session.run, session.org))
    demand_open(session.run)
    if session.cancelled_at is None:
        session.cancelled_at, session.cancelled_by = timezone.now(), by
        session.save(update_fields=["cancelled_at", "cancelled_by"])
        touch_from(session.held_on)
        record("programme.session_cancelled", session, by=by, org=session.org, reason=reason)
    return session


@transaction.atomic
def note_attendance(session: Session, noted: Mapping[Participant, str], *, by, hours: Mapping | None = None) -> int:
    """Note who came, did not or is excused ('' takes the note away); how many notes changed.

    hours    {participant: hours} where somebody stayed not for the whole session
    raises   ProgrammeError, also for a session that has not come yet
    """
    run = session.run
    demand_open(run)
    if session.cancelled_at:
        raise ProgrammeError(_("The session was cancelled."))
    if session.held_on > timezone.localdate():
        raise ProgrammeError(_("The session has not taken place yet."))
    holds = may_enter_for(by, run, session.org)
    before = {row.participant_id: row for row in session.attendance.all()}
    changed = 0
    for participant, state in noted.items():
        demand(holds or may_enter_for(by, run, participant.org))
        changed += _note(session, participant, state, before.get(participant.pk), (hours or {}).get(participant))
    if changed:
        touch_from(session.held_on)
        record("programme.attendance_noted", session, by=by, org=session.org, count=changed)
    return changed


def _note(session: Session, participant: Participant, state: str, row: Attendance | None, hours) -> int:
    if participant.run_id != session.run_id:
        raise ProgrammeError(_("Somebody noted takes part in another programme."))
    if state and state not in Attendance.State.values:
        raise ProgrammeError(_("Attendance is: came, did not come, or excused."))
    if hours is not None and not 0 < float(hours) <= float(session.hours):
        raise ProgrammeError(_("Nobody attends longer than the session lasts."))
    if not state:
        return row.delete()[0] if row else 0
    if row and (row.state, row.hours) == (state, hours):
        return 0
    Attendance.objects.update_or_create(
        session=session, participant=participant, defaults={"state": state, "hours": hours}
    )
    return 1
