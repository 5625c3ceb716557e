"""What is recorded about a pupil of the list: opened and why, overruled, what was done, how it went."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.insight.earlywarning.models import FollowUp, PupilWarning, WarningRun

SHORTEST_REASON = 4  # letters; "-" is no reason
LONGEST_NOTE = 1000


class FollowUpError(ValueError):
    """Something that cannot be recorded; says why and how to mend."""


@transaction.atomic
def open_warning(warning: PupilWarning, reason: str, *, by) -> None:
    """Note in the trail who opens a pupil of the list, and what for. Raises FollowUpError without a reason."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise FollowUpError(_("Say in a few words what you open this pupil for."))
    record("warning.opened", warning, by=by, org=warning.school, reason=reason)


def act(warning: PupilWarning, choice: str, *, by, on: date | None = None, note: str = "") -> FollowUp:
    """Record what was done for a pupil."""
    return _follow(warning, FollowUp.Kind.ACTION, choice, by=by, on=on, note=note)


def end(warning: PupilWarning, choice: str, *, by, on: date | None = None, note: str = "") -> FollowUp:
    """Record how it went; next year's evaluation asks whether acting helped."""
    return _follow(warning, FollowUp.Kind.ENDING, choice, by=by, on=on, note=note)


def overrule(warning: PupilWarning, choice: str, *, by, note: str) -> FollowUp:
    """Take a pupil off the list of this year, for a reason. Lists made later pass the pupil over."""
    if len(" ".join(note.split())) < SHORTEST_REASON:
        raise FollowUpError(_("Say in a few words why the warning is wrong: who comes after you has to understand it."))
    return _follow(warning, FollowUp.Kind.OVERRULE, choice, by=by, on=None, note=note)


@transaction.atomic
def _follow(warning: PupilWarning, kind: str, choice: str, *, by, on: date | None, note: str) -> FollowUp:
    rules = warning.run.edition
    lists = {"action": rules.actions, "ending": rules.endings, "overrule": rules.overrules}
    if choice not in {entry.id for entry in lists[kind]}:
        raise FollowUpError(_("Choose one of the list."))
    on, today = on or timezone.localdate(), timezone.localdate()
    if not warning.run.period.start <= on <= today:
        raise FollowUpError(_("The day must lie in this academic year and not in the future."))
    try:
        with transaction.atomic():
            made = FollowUp.objects.create(
                enrolment=warning.enrolment, school=warning.school, year=warning.run.year, rules=rules.id, kind=kind,
                choice=choice, on=on, note={"text": note.strip()[:LONGEST_NOTE]}, by=by,
            )  # fmt: skip
    except IntegrityError:
        raise FollowUpError(_("This warning has been overruled already.")) from None
    verb = {"action": "warning.acted", "ending": "warning.ended", "overrule": "warning.overruled"}[kind]
    record(verb, made, by=by, org=warning.school, after={"choice": choice})
    return made


@transaction.atomic
def take_back(warning: PupilWarning, *, by) -> bool:
    """Put an overruled pupil back on the list; False when nothing was overruled."""
    found = FollowUp.objects.select_for_update().filter(
        enrolment=warning.enrolment, kind=FollowUp.Kind.OVERRULE, withdrawn_at__isnull=True
    )
    overruling = found.first()
    if overruling is None:
        return False
    overruling.withdrawn_at, overruling.withdrawn_by = timezone.now(), by
    overruling.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("warning.restored", overruling, by=by, org=warning.school)
    return True


def note_export(run: WarningRun, *, by, org, count: int, reason: str) -> None:
    """Note in the trail who takes the list away as a file. Raises FollowUpError without a reason."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise FollowUpError(_("Say in a few words what you need the file for."))
    record("warning.exported", run, by=by, org=org, count=count, reason=reason)
