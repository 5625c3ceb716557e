"""Handing an assessment on: sent, returned, reviewed, appealed, signed, locked."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.accounts.models import User
from khet.core.audit.services import record
from khet.core.changes.services import touch
from khet.engines.assessments import rights
from khet.engines.assessments.completeness import Lack, lacks
from khet.engines.assessments.models import Assessment, Step
from khet.engines.assessments.services import AssessmentError
from khet.engines.assessments.services.rating import work_out
from khet.engines.assessments.services.rounds import _years
from khet.engines.assessments.services.telling import tell

State = Assessment.State


class NotComplete(AssessmentError):
    """Things are lacking; `lacks` names all of them."""

    def __init__(self, lacking: list[Lack]):
        super().__init__(_("%(count)s things are still lacking.") % {"count": len(lacking)})
        self.lacks = lacking


@transaction.atomic
def send(assessment: Assessment, *, by, words: str = "") -> Assessment:
    """Hand the self-assessment over. Raises AssessmentError, NotComplete."""
    assessment = _locked(assessment)
    _must(rights.may_rate(by, assessment, "self"), _("This is not yours to send, or it has been sent already."))
    if lacking := lacks(assessment, "self"):
        raise NotComplete(lacking)
    reviewed = "reviewer" not in assessment.round.layers
    _move(assessment, State.REVIEWED if reviewed else State.SENT, "sent", by, words)
    _tell_reviewers(assessment)
    return assessment


@transaction.atomic
def give_back(assessment: Assessment, *, by, words: str) -> Assessment:
    """Return it for correction; the words say what to correct. Raises AssessmentError."""
    assessment = _locked(assessment)
    may = rights.is_charged(by, assessment, "reviewer") or rights.may_manage(by, assessment.round)
    _must(may and assessment.state in (State.SENT, State.REVIEWED), _("It cannot be returned now."))
    _must(words.strip(), _("Say what is to be corrected."))
    _move(assessment, State.RETURNED, "returned", by, words)
    tell(assessment, _fillers(assessment), gettext_lazy("An assessment was returned for correction."), key="state")
    return assessment


@transaction.atomic
def finish_review(assessment: Assessment, *, by, words: str = "") -> Assessment:
    """A reviewer has finished; with the last of them the review is. Raises AssessmentError, NotComplete."""
    assessment = _locked(assessment)
    _must(rights.may_rate(by, assessment, "reviewer"), _("The review is not open to you now."))
    if lacking := lacks(assessment, "reviewer"):
        raise NotComplete(lacking)
    mine = [one for one in rights.assignments_of(by, assessment) if one.layer == "reviewer"]
    for one in mine:
        one.finished_at = timezone.now()
        one.save(update_fields=["finished_at"])
    waiting = assessment.assignments.filter(layer="reviewer", finished_at__isnull=True).exists()
    if waiting:
        _note(assessment, "review_part", by, words)
    else:
        _move(assessment, State.REVIEWED, "reviewed", by, words)
        tell(assessment, _fillers(assessment), gettext_lazy("An assessment has been reviewed."), key="state")
    return assessment


@transaction.atomic
def appeal(assessment: Assessment, *, by, words: str) -> Assessment:
    """The assessed object to the review, with a reason; until it is locked. Raises AssessmentError."""
    assessment = _locked(assessment)
    charged = rights.is_charged(by, assessment, "self")
    _must(charged and assessment.state in (State.REVIEWED, State.SIGNED), _("It cannot be appealed against now."))
    _must(words.strip(), _("Say what you object to and why."))
    if "moderated" not in assessment.round.layers:  # somebody must be able to decide
        assessment.round.layers = [*assessment.round.layers, "moderated"]
        assessment.round.save(update_fields=["layers"])
    _move(assessment, State.APPEALED, "appealed", by, words)
    return assessment


@transaction.atomic
def decide(assessment: Assessment, *, by, words: str) -> Assessment:
    """Answer an appeal; what was agreed stands in the layer of agreed results. Raises AssessmentError, NotComplete."""
    assessment = _locked(assessment)
    may = rights.may_manage(by, assessment.round)
    _must(may and assessment.state == State.APPEALED, _("There is no appeal to decide."))
    _must(words.strip(), _("Give the decision and its reason."))
    if lacking := lacks(assessment, "moderated"):
        raise NotComplete(lacking)
    _move(assessment, State.REVIEWED, "decided", by, words)
    tell(assessment, _fillers(assessment), gettext_lazy("An appeal has been decided."), key="state")
    return assessment


@transaction.atomic
def sign(assessment: Assessment, *, by, words: str = "") -> Assessment:
    """Sign the result off. Raises AssessmentError, NotComplete."""
    assessment = _locked(assessment)
    may = rights.may_manage(by, assessment.round)
    _must(may and assessment.state == State.REVIEWED, _("It is not reviewed yet, so it cannot be signed off."))
    if lacking := lacks(assessment, "moderated"):
        raise NotComplete(lacking)
    work_out(assessment)
    assessment.judged_on = assessment.judged_on or timezone.localdate()
    assessment.save(update_fields=["judged_on"])
    _move(assessment, State.SIGNED, "signed", by, words)
    return assessment


@transaction.atomic
def lock(assessment: Assessment, *, by) -> Assessment:
    """Make one signed result final before the whole round is (lessons, schools that were early)."""
    assessment = _locked(assessment)
    may = rights.may_manage(by, assessment.round)
    _must(may and assessment.state == State.SIGNED, _("Only what is signed off can be locked."))
    assessment.locked_at = timezone.now()
    _move(assessment, State.LOCKED, "locked", by, "", fields=("locked_at",))
    touch("assessments", years=_years(assessment.round))
    return assessment


@transaction.atomic
def sign_all(round, *, by) -> int:
    """Sign off everything that is reviewed and complete; how many were signed."""
    signed = 0
    for assessment in round.assessments.filter(state=State.REVIEWED):
        try:
            with transaction.atomic():
                sign(assessment, by=by)
        except NotComplete:
            continue
        signed += 1
    return signed


@transaction.atomic
def hand_over_all(round, *, by) -> int:
    """Hand on everything that is complete where results came from a spreadsheet; how many were.

    The self-assessment is sent; where only reviewers judge, the review is finished.
    """
    _must(rights.may_manage(by, round), _("You may not run rounds of %(org)s.") % {"org": round.org})
    layer = "self" if "self" in round.layers else "reviewer"
    after = State.SENT if layer == "self" and "reviewer" in round.layers else State.REVIEWED
    handed = 0
    for one in round.assessments.filter(state__in=(State.RATING, State.RETURNED)).exclude(progress={}):
        assessment = _locked(one)
        if rights.is_writable(assessment, layer) and not lacks(assessment, layer):
            _move(assessment, after, "sent" if layer == "self" else "reviewed", by, "")
            handed += 1
    return handed


@transaction.atomic
def assign_many(round, assessments, users, layer: str, *, by) -> int:
    """Name the same people for many things judged; how many names are new. Raises AssessmentError."""
    return sum(
        _assigned(assessment, user, layer, by=by) for assessment in assessments for user in users
    )  # fmt: skip


def _assigned(assessment: Assessment, user, layer: str, *, by) -> bool:
    there = assessment.assignments.filter(layer=layer, user=user).exists()
    if not there:
        assign(assessment, user, layer, by=by)
    return not there


@transaction.atomic
def assign(assessment: Assessment, user, layer: str, *, by):
    """Name somebody who judges in a layer; a reviewer gets a seat of their own. Raises AssessmentError."""
    assessment = _locked(assessment)
    _must(rights.may_manage(by, assessment.round), _("You may not name who judges."))
    _must(layer in assessment.round.layers, _("Nobody judges in that part in this round."))
    _must(user.is_active, _("That account is closed."))
    named = list(assessment.assignments.filter(layer=layer))
    if any(one.user_id == user.pk for one in named):
        return next(one for one in named if one.user_id == user.pk)
    seat = max((one.seat for one in named), default=0) + 1 if layer == "reviewer" else 1
    made = assessment.assignments.create(layer=layer, seat=seat, user=user)
    record("assessment.assigned", assessment, by=by, org=assessment.org, after={"layer": layer, "user": user.username})
    tell(assessment, [user], gettext_lazy("You are asked to judge in a round of assessment."), key=f"assigned-{layer}")
    return made


@transaction.atomic
def unassign(assignment, *, by) -> None:
    """Take a name off; answers given stay. Raises AssessmentError."""
    assessment = _locked(assignment.assessment)
    _must(rights.may_manage(by, assessment.round), _("You may not name who judges."))
    record("assessment.unassigned", assessment, by=by, org=assessment.org, before={"user": assignment.user.username})
    assignment.delete()


def _locked(assessment: Assessment) -> Assessment:
    """The row as it stands, held until the end of the transaction."""
    rows = Assessment.objects.select_for_update().select_related("round__edition", "round__org", "org")
    return rows.get(pk=assessment.pk)


def _must(holds, words: str) -> None:
    if not holds:
        raise AssessmentError(words)


def _move(assessment: Assessment, state, act: str, by, words: str, *, fields=()) -> None:
    before, assessment.state = assessment.state, state
    assessment.save(update_fields=["state", *fields])
    _note(assessment, act, by, words)
    record(
        f"assessment.{act}", assessment, by=by, org=assessment.org,
        before={"state": str(before)}, after={"state": str(state)},
    )  # fmt: skip


def _note(assessment: Assessment, act: str, by, words: str) -> None:
    Step.objects.create(assessment=assessment, act=act, words=words.strip()[:2000], by=by)


def _fillers(assessment: Assessment) -> list[User]:
    """Those who fill in the self-assessment."""
    named = [one.user for one in assessment.assignments.select_related("user") if one.layer == "self"]
    if named or assessment.confidential:
        return named
    near = User.objects.people().filter(is_active=True, roles__org=assessment.org).distinct()
    return [user for user in near if any("assess.fill" in grant.permissions for grant in user.grants)]


def _tell_reviewers(assessment: Assessment) -> None:
    named = [one.user for one in assessment.assignments.select_related("user") if one.layer == "reviewer"]
    if named:
        tell(assessment, named, gettext_lazy("An assessment is ready for review."), key="state")
