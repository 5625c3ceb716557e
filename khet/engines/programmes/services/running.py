"""Opening, starting and closing runs."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.core.catalogue import catalogue
from khet.core.catalogue.kept import content_of
from khet.core.orgs.models import Org
from khet.engines.programmes.marking import touch_from
from khet.engines.programmes.models import Edition, Run, Target
from khet.engines.programmes.rights import RUN, ProgrammeError, demand, may_run
from khet.engines.programmes.schema import Programme
from khet.kit.periods import Period, PeriodError, period_of

CHANGEABLE = ("title", "starts", "ends", "lead", "budget", "note", "links")


@transaction.atomic
def open_run(rules: Programme, org: Org, *, by, starts: date, title: str = "", **fields) -> Run:
    """A run in preparation; nothing counts until it is started.

    fields   ends, lead, budget, note, links
    raises   ProgrammeError when the org may not run it, or the edition is not in force on the first day
    """
    demand(can(by, RUN, org))
    if ("school" if org.is_school else "office") not in rules.run_by:
        raise ProgrammeError(_("“%(title)s” is not run by %(org)s itself.") % {"title": rules.title, "org": org})
    if not rules.in_force(starts):
        raise ProgrammeError(_("This edition does not hold on that day. Choose another day or edition."))
    if rules.lasting != "open" and not fields.get("ends"):
        fields["ends"] = period_of(starts, rules.lasting).end
    digest, content = content_of(rules)
    edition, _made = Edition.objects.get_or_create(
        programme=rules.id, digest=digest,
        defaults={"family": rules.family, "system": rules.system, "content": content},
    )  # fmt: skip
    run = Run(edition=edition, org=org, title=title or rules.title.th, starts=starts, by=by, **fields)
    _refuse_wrong_days(run)
    run.save()
    record("programme.opened", run, by=by, org=org, after={"programme": rules.id, "starts": starts})
    return run


@transaction.atomic
def change_run(run: Run, *, by, **fields) -> Run:
    """Correct what is said of a run. Raises ProgrammeError."""
    demand(may_run(by, run))
    before = {name: getattr(run, name) for name in fields if name in CHANGEABLE}
    for name in before:
        setattr(run, name, fields[name])
    _refuse_wrong_days(run)
    changed = {name: value for name, value in before.items() if value != getattr(run, name)}
    if changed:
        run.save(update_fields=list(changed))
        if {"starts", "ends"} & set(changed) and run.state != Run.State.DRAFT:
            touch_from(before.get("starts"), run.starts)
        record("programme.changed", run, by=by, org=run.org, after={"changed": sorted(changed)})
    return run


@transaction.atomic
def start_run(run: Run, *, by) -> Run:
    """From now on its records count, for every day since it starts. Raises ProgrammeError."""
    demand(may_run(by, run))
    if run.state != Run.State.DRAFT:
        raise ProgrammeError(_("It has been started already."))
    run.state = Run.State.RUNNING
    run.save(update_fields=["state"])
    touch_from(run.starts)
    record("programme.started", run, by=by, org=run.org, count=run.participants.count())
    return run


@transaction.atomic
def close_run(run: Run, on: date | None = None, *, by) -> Run:
    """End a run on a day (today); what it counted until then stays. Raises ProgrammeError."""
    demand(may_run(by, run))
    on = on or timezone.localdate()
    if run.state != Run.State.RUNNING:
        raise ProgrammeError(_("Only a programme that runs can be closed."))
    if on < run.starts:
        raise ProgrammeError(_("It cannot end before it starts."))
    run.state, run.ends = Run.State.CLOSED, on
    run.save(update_fields=["state", "ends"])
    touch_from(run.starts)
    record("programme.closed", run, by=by, org=run.org, after={"ends": on})
    return run


@transaction.atomic
def reopen_run(run: Run, *, by) -> Run:
    """Take back the closing; a run that lasts until it is closed has no last day any more."""
    demand(may_run(by, run))
    if run.state != Run.State.CLOSED:
        raise ProgrammeError(_("It is not closed."))
    run.state = Run.State.RUNNING
    run.ends = None if run.rules.lasting == "open" else run.ends
    run.save(update_fields=["state", "ends"])
    touch_from(run.starts)
    record("programme.reopened", run, by=by, org=run.org)
    return run


@transaction.atomic
def set_target(run: Run, measure: str, period: str, value: float | None, *, by) -> Target | None:
    """What a measure shall be in a period; None takes the target away. Raises ProgrammeError."""
    demand(may_run(by, run))
    if measure not in {gift.measure for gift in run.rules.gives}:
        raise ProgrammeError(_("The programme gives nothing to this number."))
    known = catalogue().get("measure", measure)
    try:
        code = Period.parse(period, known.period).code
    except PeriodError as error:
        raise ProgrammeError(str(error)) from None
    place = {"run": run, "measure": measure, "period": code}
    before = Target.objects.filter(**place).first()
    was = {"value": before.value if before else None}
    if value is None:
        if before:
            before.delete()
        target = None
    else:
        target, _new = Target.objects.update_or_create(**place, defaults={"value": value})
    record("programme.targets_set", run, by=by, org=run.org, before=was, after={"measure": measure, "value": value})
    return target


def _refuse_wrong_days(run: Run) -> None:
    if run.ends and run.ends < run.starts:
        raise ProgrammeError(_("It cannot end before it starts."))
