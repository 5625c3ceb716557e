"""Joining and leaving."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.forms.answers import parted
from khet.core.orgs.models import Org
from khet.engines.programmes.marking import touch_from
from khet.engines.programmes.models import Participant, Run, Status
from khet.engines.programmes.rights import ProgrammeError, demand, demand_open, may_enter_for
from khet.registers.people.models import Person


@dataclass(frozen=True)
class Entrant:
    """Who is to join: a school by its org alone, a person, or a name at an org."""

    kind: str
    org: Org
    joined_on: date
    person: Person | None = None
    name: str = ""
    role: str = ""
    answers: dict = field(default_factory=dict)


def join(run: Run, entrant: Entrant, *, by) -> Participant:
    """One participant more, on the rung held on joining. Raises ProgrammeError."""
    return join_many(run, [entrant], by=by)[0]


@transaction.atomic
def join_many(run: Run, entrants: Iterable[Entrant], *, by) -> list[Participant]:
    """Participants more, all or none. Raises ProgrammeError that names every one that cannot join."""
    demand_open(run)
    entrants, faults = list(entrants), []
    here = {same(one) for one in run.participants.taking_part().select_related("org")}
    for one in entrants:
        demand(may_enter_for(by, run, one.org))
        if why := fault(run, one):
            faults.append(f"{one.name or one.org}: {why}")
        elif same(one) in here:
            faults.append(_("%(who)s: takes part already") % {"who": one.name or one.org})
        here.add(same(one))
    if faults:
        raise ProgrammeError("; ".join(faults))
    made = _created(run, entrants, by)
    entry = run.rules.entry
    if entry:
        Status.objects.bulk_create(
            Status(participant=one, level=entry.code, judged_on=one.joined_on, by=by,
                   judged_by=str(entry.judged_by.th if entry.judged_by else ""))
            for one in made
        )  # fmt: skip
    if made:
        touch_from(*(one.joined_on for one in made))
        org = made[0].org if len({one.org_id for one in made}) == 1 else run.org
        record("programme.joined", run, by=by, org=org, count=len(made))
    return made


def _created(run: Run, entrants: list[Entrant], by) -> list[Participant]:
    try:
        with transaction.atomic():
            return Participant.objects.bulk_create(_participant(run, one, by) for one in entrants)
    except IntegrityError:  # somebody else entered one of them at the same moment
        raise ProgrammeError(_("Some of them were entered a moment ago. Look at the list and try again.")) from None


def _participant(run: Run, one: Entrant, by) -> Participant:
    open_answers, secret = parted(run.rules.fields, one.answers)
    return Participant(
        run=run, kind=one.kind, org=one.org, person=one.person, name=one.name.strip()[:200], role=one.role,
        joined_on=one.joined_on, answers=open_answers, secret=secret, by=by,
    )  # fmt: skip


def fault(run: Run, one: Entrant) -> str:
    """Why somebody cannot join, '' when they can; whether they take part already is asked elsewhere."""
    rules = run.rules
    if one.kind not in rules.who:
        return _("this programme is not for such participants")
    if not one.org.is_under(run.org):
        return _("is not below %(org)s") % {"org": run.org}
    if one.kind in ("school", "classroom", "pupil") and not one.org.is_school:
        return _("is no school")
    if one.kind in ("classroom", "partner") and not one.name.strip():
        return _("has no name; write one")
    if (one.kind in ("teacher", "pupil")) != (one.person is not None):
        return _("is no person of the register; choose one")
    if one.role and one.role not in {role.code for role in rules.roles}:
        return _("has a role that the programme does not know")
    if one.joined_on > timezone.localdate():
        return _("joins on a day that has not come yet")
    return ""


def same(one) -> tuple:
    """What makes an entrant and a participant of one run the same."""
    person = one.person.pk if one.person else None
    return one.kind, one.org.pk, person, one.name if one.kind in ("classroom", "partner") else ""


@transaction.atomic
def leave(participant: Participant, on: date, *, by, reason: str = "") -> Participant:
    """End a participation; the record stays. Raises ProgrammeError."""
    demand(may_enter_for(by, participant.run, participant.org))
    demand_open(participant.run)
    if participant.left_on:
        raise ProgrammeError(_("It has ended already."))
    if not participant.joined_on <= on <= timezone.localdate():
        raise ProgrammeError(_("The day must lie between joining and today."))
    participant.left_on, participant.left_reason = on, reason[:200]
    participant.save(update_fields=["left_on", "left_reason"])
    touch_from(on)
    record("programme.left", participant, by=by, org=participant.org, reason=reason, after={"left_on": on})
    return participant


@transaction.atomic
def take_back_leaving(participant: Participant, *, by) -> Participant:
    """The participation goes on as if it had not ended. Raises ProgrammeError."""
    demand(may_enter_for(by, participant.run, participant.org))
    demand_open(participant.run)
    others = participant.run.participants.taking_part().select_related("org", "person")
    if same(participant) in {same(one) for one in others}:
        raise ProgrammeError(_("It has joined again since; end that first."))
    before, participant.left_on, participant.left_reason = participant.left_on, None, ""
    participant.save(update_fields=["left_on", "left_reason"])
    touch_from(before)
    record("programme.rejoined", participant, by=by, org=participant.org, before={"left_on": before})
    return participant


@transaction.atomic
def change_answers(participant: Participant, answers: dict, *, by, role: str | None = None) -> Participant:
    """What it states of itself, anew. Raises ProgrammeError."""
    demand(may_enter_for(by, participant.run, participant.org))
    demand_open(participant.run)
    participant.answers, participant.secret = parted(participant.run.rules.fields, answers)
    if role is not None:
        participant.role = role
    participant.save(update_fields=["answers", "secret", "role"])
    touch_from(participant.joined_on)
    record("programme.answers_changed", participant, by=by, org=participant.org)
    return participant
