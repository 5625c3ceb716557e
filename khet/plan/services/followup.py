"""Notes and dated actions on an indicator. What was written is withdrawn or closed, never deleted."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.core.catalogue import catalogue
from khet.plan.models import Action, Note
from khet.plan.services.editing import PlanError


@transaction.atomic
def add_note(org, indicator: str, text: str, *, by, period: str = "") -> Note:
    """A remark on an indicator of an org. Raises PlanError when it is empty or the indicator unknown."""
    _known(indicator)
    text = text.strip()
    if not text:
        raise PlanError(_("Write the note first."))
    note = Note.objects.create(org=org, indicator=indicator, text=text[:2000], by=by, period=period)
    record("note.added", note, by=by, org=org)
    return note


@transaction.atomic
def withdraw_note(note: Note, *, by) -> Note:
    """Take a note back; its writer, or who may write the plan, can. `restore_note` undoes it."""
    if note.by_id != by.pk and not can(by, "plan.write", note.org):
        raise PlanError(_("Only its writer can take a note back."))
    note.withdrawn_at = timezone.now()
    note.save(update_fields=["withdrawn_at"])
    record("note.withdrawn", note, by=by, org=note.org)
    return note


@transaction.atomic
def restore_note(note: Note, *, by) -> Note:
    """Put back a note that was taken back."""
    note.withdrawn_at = None
    note.save(update_fields=["withdrawn_at"])
    record("note.restored", note, by=by, org=note.org)
    return note


@transaction.atomic
def add_action(org, indicator: str, text: str, due: date, *, by, owner=None, owner_group: str = "") -> Action:
    """Something to be done by somebody until a day.

    raises  PlanError when nobody or nothing is named, the day has passed, or the owner cannot see the org
    """
    _known(indicator)
    text = text.strip()
    if not text:
        raise PlanError(_("Say what is to be done."))
    if owner is None and not owner_group:
        raise PlanError(_("Choose who does it: a person or a working group."))
    if owner is not None and not can(owner, "plan.read", org):
        raise PlanError(
            _("%(name)s cannot see %(org)s. Choose another, or grant a role first.") % {"name": owner, "org": org}
        )
    if due < timezone.localdate():
        raise PlanError(_("The day has passed. Choose a later one."))
    action = Action.objects.create(
        org=org, indicator=indicator, text=text[:500], owner=owner, owner_group=owner_group, due=due, by=by
    )
    record(
        "action.added", action, by=by, org=org, after={"due": due, "owner": owner.username if owner else owner_group}
    )
    return action


@transaction.atomic
def close_action(action: Action, *, by, outcome: str = "", dropped: bool = False) -> Action:
    """Mark an action as done, or as dropped (which needs a reason)."""
    if not action.is_open:
        return action
    outcome = outcome.strip()
    if dropped and not outcome:
        raise PlanError(_("Say why it is no longer to be done."))
    action.state = Action.State.DROPPED if dropped else Action.State.DONE
    action.done_at, action.done_by, action.outcome = timezone.now(), by, outcome[:500]
    action.save(update_fields=["state", "done_at", "done_by", "outcome"])
    record(
        f"action.{action.state}",
        action,
        by=by,
        org=action.org,
        before={"state": "open"},
        after={"state": str(action.state)},
    )
    return action


@transaction.atomic
def reopen_action(action: Action, *, by) -> Action:
    """Open an action again: the undo of closing it."""
    if action.is_open:
        return action
    before = {"state": str(action.state)}
    action.state, action.done_at, action.done_by, action.outcome = Action.State.OPEN, None, None, ""
    action.save(update_fields=["state", "done_at", "done_by", "outcome"])
    record("action.reopened", action, by=by, org=action.org, before=before, after={"state": "open"})
    return action


def _known(indicator: str) -> None:
    if catalogue().find("indicator", indicator) is None:
        raise PlanError(_("The catalogue holds no indicator “%(id)s”. Choose one from the list.") % {"id": indicator})
