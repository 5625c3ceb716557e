"""Opening, running and locking rounds."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.core.catalogue import CatalogueError
from khet.core.catalogue.kept import content_of
from khet.core.changes.services import touch
from khet.core.orgs.models import Org
from khet.engines.assessments import editions, rights
from khet.engines.assessments.models import Assessment, Edition, Round
from khet.engines.assessments.services import AssessmentError
from khet.engines.assessments.services.telling import tell_of_opening
from khet.kit.periods import Period, PeriodError

CONFIDENTIAL = ("classroom", "teacher", "pupil")  # results of persons, or of whoever stands before the class
State = Round.State


@transaction.atomic
def prepare_round(org: Org, framework: str, period, *, by, title="", layers=(), opens=None, due=None, closes=None):
    """A round in preparation, under the framework as the catalogue holds it today.

    period   a Period, its code, or what an office writes
    raises   AssessmentError for an unknown framework, a period of another kind or time, days out of order
    """
    if not can(by, "assess.manage", org):
        raise AssessmentError(_("You may not run rounds of %(org)s.") % {"org": org})
    try:
        edition = editions.framework(framework)
        period = period if isinstance(period, Period) else Period.parse(str(period), edition.period)
    except (CatalogueError, PeriodError) as error:
        raise AssessmentError(str(error)) from None
    _fits(edition, period)
    _in_order(opens, due, closes)
    digest, content = content_of(edition)
    kept, _made = Edition.objects.get_or_create(
        framework=edition.id, digest=digest, defaults={"family": edition.family, "content": content}
    )
    title = title.strip() or f"{edition.title} {period.label('th')}"
    round = Round.objects.create(
        edition=kept, org=org, period=period.code, title=title[:200],
        layers=list(layers or edition.layers), opens=opens, due=due, closes=closes, by=by,
    )  # fmt: skip
    record("round.prepared", round, by=by, org=org, after={"framework": edition.id, "period": period.code})
    if edition.target == "office":
        add_targets(round, [org], by=by)
    return round


def _fits(edition, period: Period) -> None:
    if period.kind != edition.period:
        raise AssessmentError(_("Rounds of this framework are of another kind of period. Choose one from the list."))
    if not edition.in_force(period.end) and not edition.in_force(period.start):
        raise AssessmentError(
            _("“%(edition)s” does not hold for %(period)s. Choose the edition of that time.")
            % {"edition": edition.edition, "period": period}
        )


def _in_order(*days) -> None:
    known = [day for day in days if day]
    if known != sorted(known):
        raise AssessmentError(_("The days are out of order: opening, then the day it is due, then closing."))


@transaction.atomic
def change_round(round: Round, *, by, title=None, opens=None, due=None, closes=None, layers=None) -> Round:
    """Change title, calendar and layers. Layers only while nothing has been handed over. Raises AssessmentError."""
    _manage(round, by)
    _not_locked(round)
    _in_order(opens, due, closes)
    if layers is not None and list(layers) != round.layers:
        if round.assessments.exclude(state=Assessment.State.RATING).exists():
            raise AssessmentError(_("Something has been handed over already, so who judges stays as it is."))
        if not set(layers) & {"self", "reviewer", "moderated"}:
            raise AssessmentError(_("Choose at least one who judges."))
        round.layers = list(layers)
    before = {"due": round.due, "closes": round.closes}
    round.title = (title or round.title).strip()[:200]
    round.opens, round.due, round.closes = opens, due, closes
    round.save(update_fields=["title", "opens", "due", "closes", "layers"])
    record("round.changed", round, by=by, org=round.org, before=before, after={"due": due, "closes": closes})
    return round


@transaction.atomic
def add_targets(round: Round, orgs: Iterable[Org], *, by) -> list[Assessment]:
    """Have orgs judged in the round; those that are already are left as they are. Raises AssessmentError."""
    _manage(round, by)
    _not_locked(round)
    target = round.framework.target
    if target not in ("office", "school"):
        raise AssessmentError(_("In this round lessons, classrooms or persons are judged; add them at their school."))
    there = set(round.assessments.values_list("org", flat=True))
    orgs = [org for org in orgs if org.pk not in there]
    for org in orgs:
        if org.kind != target or not org.is_under(round.org):
            raise AssessmentError(_("%(org)s cannot be judged in this round.") % {"org": org})
    added = Assessment.objects.bulk_create([Assessment(round=round, org=org) for org in orgs])
    if added:
        record("round.targets_added", round, by=by, org=round.org, count=len(added))
    return added


@transaction.atomic
def add_target(round: Round, org: Org, *, by, person=None, label="", judged_on=None) -> Assessment:
    """Have a classroom, teacher or pupil of a school judged; the next occasion where the framework has many."""
    if not (rights.may_manage(by, round) or can(by, "assess.review", org) or rights._works_at(by, org, "assess.fill")):
        raise AssessmentError(_("You may not add this here."))
    _not_locked(round)
    framework = round.framework
    if framework.target in ("teacher", "pupil") and person is None:
        raise AssessmentError(_("Choose the person."))
    if framework.target == "classroom" and not label.strip():
        raise AssessmentError(_("Name the classroom."))
    if not org.is_under(round.org) or (person is not None and person.org_id != org.pk):
        raise AssessmentError(_("%(org)s cannot be judged in this round.") % {"org": org})
    same = round.assessments.filter(org=org, person=person, label=label.strip()[:80])
    before = same.order_by("-occasion").first()
    if before and framework.occasions == "once":
        return before
    added = Assessment.objects.create(
        round=round, org=org, person=person, label=label.strip()[:80], confidential=framework.target in CONFIDENTIAL,
        occasion=before.occasion + 1 if before else 1, judged_on=judged_on,
    )  # fmt: skip
    if added.confidential and "reviewer" in round.layers and not by.is_system:
        added.assignments.create(layer="reviewer", seat=1, user=by)  # who begins an observation observes
    record("round.targets_added", round, by=by, org=org, count=1)
    return added


@transaction.atomic
def remove_target(assessment: Assessment, *, by) -> None:
    """Take something out of the round that nobody has begun to judge. Raises AssessmentError."""
    round = assessment.round
    _manage(round, by)
    _not_locked(round)
    if assessment.ratings.exists() or assessment.evidence.exists():
        raise AssessmentError(_("It has answers or evidence already, so it stays in the round."))
    record("round.target_removed", round, by=by, org=assessment.org)
    assessment.delete()


@transaction.atomic
def open_round(round: Round, *, by) -> Round:
    """Let those in charge begin, and tell them. Raises AssessmentError when nothing is to be judged."""
    _manage(round, by)
    if round.state not in (State.DRAFT, State.CLOSED):
        return round
    if round.framework.target in ("office", "school") and not round.assessments.exists():
        raise AssessmentError(_("Choose first what is judged in this round."))
    first = round.state == State.DRAFT
    _set(round, State.OPEN, "round.opened", by)
    if first:
        tell_of_opening(round)
    return round


@transaction.atomic
def close_round(round: Round, *, by) -> Round:
    """End the time for self-assessment; reviewers go on."""
    _manage(round, by)
    if round.state == State.OPEN:
        _set(round, State.CLOSED, "round.closed", by)
    return round


@transaction.atomic
def lock_round(round: Round, *, by, without_unfinished=False) -> Round:
    """Make every signed result final; what has none stays without. Raises AssessmentError naming how many."""
    _manage(round, by)
    if round.state == State.LOCKED:
        return round
    open_ones = round.assessments.exclude(state__in=(Assessment.State.SIGNED, Assessment.State.LOCKED))
    if (count := open_ones.count()) and not without_unfinished:
        raise AssessmentError(
            _("%(count)s are not signed off yet. Sign them off, or lock without them.") % {"count": count}
        )
    now = timezone.now()
    locked = round.assessments.filter(state=Assessment.State.SIGNED).update(
        state=Assessment.State.LOCKED, locked_at=now
    )
    round.locked_at, round.locked_by = now, by
    _set(round, State.LOCKED, "round.locked", by, count=locked, fields=("locked_at", "locked_by"))
    touch("assessments", years=_years(round))
    return round


@transaction.atomic
def unlock_round(round: Round, *, by, reason: str) -> Round:
    """Open a locked round again for correction; its results leave the facts until it is locked anew."""
    _manage(round, by)
    if not reason.strip():
        raise AssessmentError(_("Say why the round is unlocked."))
    if round.state != State.LOCKED:
        return round
    round.assessments.filter(state=Assessment.State.LOCKED).update(state=Assessment.State.SIGNED, locked_at=None)
    round.locked_at = round.locked_by = None
    _set(round, State.CLOSED, "round.unlocked", by, reason=reason.strip(), fields=("locked_at", "locked_by"))
    touch("assessments", years=_years(round))
    return round


def _years(round: Round) -> list[int]:
    """Academic years whose facts a result of the round may reach: it may hold for some years."""
    keeps = max((gift.keeps for gift in round.framework.gives), default=1)
    return list(range(round.academic_year, round.academic_year + keeps + 1))


def _set(round: Round, state: str, verb: str, by, *, count=None, reason="", fields=()) -> None:
    before, round.state = round.state, state
    round.save(update_fields=["state", *fields])
    record(
        verb, round, by=by, org=round.org, before={"state": str(before)}, after={"state": str(state)}, count=count,
        reason=reason,
    )  # fmt: skip


def _manage(round: Round, by) -> None:
    if not rights.may_manage(by, round):
        raise AssessmentError(_("You may not run rounds of %(org)s.") % {"org": round.org})


def _not_locked(round: Round) -> None:
    if round.state == State.LOCKED:
        raise AssessmentError(_("The round is locked. Unlock it first, with a reason."))
