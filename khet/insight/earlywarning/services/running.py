"""Making an office's list: ask for it, do it in the background, keep only who is listed."""

import logging
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Kind
from khet.insight.earlywarning.cohort import Cohort, cohort, years_of
from khet.insight.earlywarning.days import look_at
from khet.insight.earlywarning.listing import Listed, made_list
from khet.insight.earlywarning.models import PATIENCE, FollowUp, PupilWarning, WarningRun
from khet.insight.earlywarning.schema import WarningRules
from khet.insight.earlywarning.services.retention import forget_old
from khet.insight.earlywarning.validation import judge, past_of
from khet.kit.tables import moment

log = logging.getLogger(__name__)


class RunError(ValueError):
    """A list that cannot be asked for; says why."""


def rules_in_force(day: date) -> WarningRules:
    """The newest edition that holds on a day. Raises RunError when the catalogue has none."""
    found = [rules for rules in catalogue().all("warning") if rules.since <= day.isoformat()]
    if not found:
        raise RunError(_("The catalogue holds no rules of early warning that are in force."))
    return max(found, key=lambda rules: rules.since)


@transaction.atomic
def ask(office, *, by, capacity: int | None = None, day: date | None = None) -> WarningRun:
    """Ask for a new list of an office; the capacity left out is that of the list before, else a share of the pupils.

    raises  RunError when one is being made already, there are no pupils, or the org is no office
    """
    day = day or timezone.localdate()
    if office is None or office.kind != Kind.OFFICE:
        raise RunError(_("A list is made for a whole office."))
    rules, years = rules_in_force(day), [year for year in years_of(office) if look_at(year, day) <= day]
    if not years:
        raise RunError(_("There are no pupils on record yet. Load the DMC export first."))
    _give_up_stopped(office)
    before = WarningRun.objects.filter(org=office, state=WarningRun.State.DONE).order_by("-pk").first()
    try:
        with transaction.atomic():
            run = WarningRun.objects.create(
                org=office, rules=rules.id, year=years[-1], day=day, started_by=by,
                capacity=capacity or (before.capacity if before else 0),
            )  # fmt: skip
    except IntegrityError:
        raise RunError(_("A list is being made already. Wait until it is there.")) from None
    record("warning.run_started", run, by=by, org=office, after={"capacity": run.capacity, "day": day.isoformat()})
    return run


def _give_up_stopped(office) -> None:
    now = timezone.now()
    stopped = WarningRun.objects.filter(org=office, state__in=["queued", "running"], started_at__lt=now - PATIENCE)
    words = _("The work was stopped; ask for the list again.")
    stopped.update(state=WarningRun.State.FAILED, finished_at=now, message=words)


def carry_out(run: WarningRun) -> WarningRun:
    """Make the list that was asked for. What stops it is kept with the run, which then has failed."""
    taken = WarningRun.objects.filter(pk=run.pk, state=WarningRun.State.QUEUED).update(state=WarningRun.State.RUNNING)
    run.refresh_from_db()
    if not taken:
        return run  # made meanwhile, or given up
    try:
        _make(run)
    except Exception:
        log.exception("early warning %s failed", run.pk)
        WarningRun.objects.filter(pk=run.pk).update(
            state=WarningRun.State.FAILED, finished_at=timezone.now(),
            message=_("Something went wrong in Khet itself; the list before stands. Try again."),
        )  # fmt: skip
        run.refresh_from_db()
    return run


def _make(run: WarningRun) -> None:
    rules = run.edition
    with moment():
        cohorts = _cohorts(run)
    now = cohorts[-1]
    run.pupils = len(now)
    run.capacity = run.capacity or max(1, round(rules.capacity_share * len(now)))
    share = min(1.0, run.capacity / max(1, len(now)))
    run.card = judge(past_of(cohorts[:-1], rules.least_history), rules, share)
    found = made_list(rules, cohorts, run.capacity, overruled=_overruled(run), use_model=not run.card["why"])
    run.method = WarningRun.Method.MODEL if found.by_model else WarningRun.Method.RULE
    run.schools, run.listed = found.schools, len(found.listed)
    _write(run, found.listed)


def _cohorts(run: WarningRun) -> list[Cohort]:
    """Every year of the office as it stood so far into the year, the year of the run last."""
    years = [year for year in years_of(run.org) if year <= run.year]
    return [cohort(run.org, year, min(run.day, look_at(year, run.day))) for year in years]


def _overruled(run: WarningRun) -> set[int]:
    found = FollowUp.objects.filter(kind=FollowUp.Kind.OVERRULE, year=run.year, withdrawn_at__isnull=True)
    return set(found.filter(school__path__startswith=run.org.path).values_list("enrolment_id", flat=True))


@transaction.atomic
def _write(run: WarningRun, listed: list[Listed]) -> None:
    """The list with its rows, all or nothing; lists older than the rules of retention allow go."""
    PupilWarning.objects.bulk_create(
        [
            PupilWarning(run=run, enrolment_id=one.enrolment, school_id=one.school, rank=rank, level=one.level,
                         detail=one.detail)
            for rank, one in enumerate(listed, start=1)
        ],
        batch_size=1000,
    )  # fmt: skip
    run.state, run.finished_at = WarningRun.State.DONE, timezone.now()
    run.save()
    forget_old(run.org, by=run.started_by, year=run.year)
    record("warning.run_done", run, by=run.started_by, org=run.org, count=run.listed, after={"method": run.method})
