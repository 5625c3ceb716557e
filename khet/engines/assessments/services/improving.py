"""What is done about the gaps: added, closed, followed up."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.engines.assessments import rights
from khet.engines.assessments.models import Assessment, FollowUp, Improvement
from khet.engines.assessments.services import AssessmentError
from khet.engines.assessments.services.telling import tell

State = Improvement.State


def may_improve(viewer, assessment: Assessment) -> bool:
    """Those of the place judged and those who run the round."""
    return rights.is_charged(viewer, assessment, "self") or rights.may_manage(viewer, assessment.round)


@transaction.atomic
def add_improvement(
    assessment: Assessment, text: str, due: date, *, by, criterion: str = "", owner=None, owner_group: str = ""
) -> Improvement:
    """Something to be done about a criterion, by somebody, until a day. Raises AssessmentError."""
    if not may_improve(by, assessment):
        raise AssessmentError(_("You may not plan improvements here."))
    if criterion and criterion not in assessment.framework.by_id:
        raise AssessmentError(_("That criterion is not in this framework."))
    if not text.strip():
        raise AssessmentError(_("Say what is to be done."))
    if owner is None and not owner_group:
        raise AssessmentError(_("Choose who does it: a person or a working group."))
    if owner is not None and not can(owner, "plan.read", assessment.org):
        raise AssessmentError(
            _("%(name)s cannot see %(org)s. Choose another, or grant a role first.")
            % {"name": owner, "org": assessment.org}
        )
    if due < timezone.localdate():
        raise AssessmentError(_("The day has passed. Choose a later one."))
    made = Improvement.objects.create(
        assessment=assessment, org=assessment.org, criterion=criterion, text=text.strip()[:500], due=due,
        owner=owner, owner_group=owner_group, by=by,
    )  # fmt: skip
    record("improvement.added", made, by=by, org=assessment.org, after={"due": due})
    if owner is not None and owner != by:
        tell(assessment, [owner], gettext_lazy("You answer for an improvement."), key=f"improvement-{made.pk}")
    return made


@transaction.atomic
def close_improvement(one: Improvement, *, by, outcome: str = "", dropped: bool = False) -> Improvement:
    """Mark as done, or as dropped (which needs a reason). Raises AssessmentError."""
    _may(one, by)
    if not one.is_open:
        return one
    if dropped and not outcome.strip():
        raise AssessmentError(_("Say why it is no longer to be done."))
    one.state = State.DROPPED if dropped else State.DONE
    one.closed_at, one.closed_by, one.outcome = timezone.now(), by, outcome.strip()[:500]
    one.save(update_fields=["state", "closed_at", "closed_by", "outcome"])
    record(f"improvement.{one.state}", one, by=by, org=one.org, before={"state": "open"})
    return one


@transaction.atomic
def reopen_improvement(one: Improvement, *, by) -> Improvement:
    """Open it again: the undo of closing."""
    _may(one, by)
    if not one.is_open:
        one.state, one.closed_at, one.closed_by, one.outcome = State.OPEN, None, None, ""
        one.save(update_fields=["state", "closed_at", "closed_by", "outcome"])
        record("improvement.reopened", one, by=by, org=one.org)
    return one


@transaction.atomic
def follow_up(one: Improvement, month: int, *, by, done: int, words: str = "") -> FollowUp:
    """How it stands after 6 or 12 months; a second entry for the same month replaces the first."""
    _may(one, by)
    if month not in one.assessment.framework.followed_up:
        raise AssessmentError(_("This framework is not followed up after that many months."))
    if not 0 <= done <= 100:
        raise AssessmentError(_("Give how much is done, from 0 to 100 percent."))
    made, _new = FollowUp.objects.update_or_create(
        improvement=one, month=month,
        defaults={"on": timezone.localdate(), "done": done, "words": words.strip()[:500], "by": by},
    )  # fmt: skip
    record("improvement.followed_up", one, by=by, org=one.org, after={"month": month, "done": done})
    return made


def _may(one: Improvement, by) -> None:
    if one.owner_id != by.pk and not may_improve(by, one.assessment):
        raise AssessmentError(_("Only its owner, the place judged or those who run the round can change it."))
