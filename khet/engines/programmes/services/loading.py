"""Loading a spreadsheet: looked at first, then all of it in one transaction; it can be undone."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.engines.programmes import sheets
from khet.engines.programmes.marking import touch_from
from khet.engines.programmes.models import Participant, Run, Sheet, Status
from khet.engines.programmes.rights import ProgrammeError, demand, demand_open, may_run
from khet.engines.programmes.services.joining import join_many, same
from khet.engines.programmes.services.judging import Judgement, judge_many


@transaction.atomic
def receive_sheet(run: Run, data: bytes, name: str, *, by) -> Sheet:
    """The sheet as read; nothing of it counts yet. Raises ProgrammeError when it is no table of this programme."""
    demand(may_run(by, run))
    demand_open(run)
    try:
        rows, faults = sheets.read(run, data)
    except sheets.FileError as error:
        raise ProgrammeError(str(error)) from None
    if faults:
        raise ProgrammeError(" ".join(f"{fault.where} {fault.what}. {fault.mend}" for fault in faults))
    return Sheet.objects.create(run=run, name=name[:200], content={"rows": rows}, by=by)


@transaction.atomic
def load_sheet(sheet: Sheet, *, by) -> Sheet:
    """All rows, or none. Raises ProgrammeError when something in it is wrong now."""
    run = sheet.run
    demand(may_run(by, run))
    demand_open(run)
    if sheet.state != Sheet.State.CHECKED:
        raise ProgrammeError(_("It has been loaded or discarded already."))
    plan = sheets.planned(run, sheet.content["rows"], by=by)
    if plan.faults:
        raise ProgrammeError(_("Something in the sheet is wrong; nothing was loaded."))
    made = join_many(run, [entrant for _place, entrant in plan.entrants], by=by)
    for participant, ((page, row), _entrant) in zip(made, plan.entrants, strict=True):
        participant.source, participant.page, participant.row = sheet, page[:60], row
    Participant.objects.bulk_update(made, ["source", "page", "row"])
    Status.objects.filter(participant__in=made).update(source=sheet)
    fresh = {same(one): one for one in made}
    judgements = [
        Judgement(of if isinstance(of, Participant) else fresh[of], **judged)
        for _place, of, judged, _org in sorted(plan.judgements, key=lambda entry: entry[2]["judged_on"])
    ]
    statuses = _judged_in_turn(run, judgements, by)
    Status.objects.filter(pk__in=[one.pk for one in statuses]).update(source=sheet)
    sheet.state, sheet.loaded_at, sheet.content = Sheet.State.LOADED, timezone.now(), {}
    sheet.joined, sheet.judged = len(made), len(statuses)
    sheet.save()
    record("programme.sheet_loaded", sheet, by=by, org=run.org, count=len(made) + len(statuses))
    return sheet


def _judged_in_turn(run: Run, judgements: list[Judgement], by) -> list[Status]:
    """Statuses recorded day by day: one may need another of the same sheet."""
    by_day: dict = {}
    for one in judgements:
        rank = run.rules.ladder.rank(one.level)
        by_day.setdefault((one.judged_on, rank), []).append(one)
    return [status for key in sorted(by_day) for status in judge_many(run, by_day[key], by=by)]


@transaction.atomic
def discard_sheet(sheet: Sheet, *, by) -> Sheet:
    """Forget what was read; nothing had been written."""
    demand(may_run(by, sheet.run))
    if sheet.state == Sheet.State.CHECKED:
        sheet.state, sheet.content = Sheet.State.DISCARDED, {}
        sheet.save()
    return sheet


@transaction.atomic
def undo_sheet(sheet: Sheet, *, by) -> Sheet:
    """The state before the sheet comes back. Raises ProgrammeError when its participants were worked on since."""
    run = sheet.run
    demand(may_run(by, run))
    demand_open(run)
    if sheet.state != Sheet.State.LOADED:
        raise ProgrammeError(_("It is not loaded."))
    made = Participant.objects.filter(source=sheet)
    later = made.filter(left_on__isnull=False) | made.filter(attendance__isnull=False)
    statuses = Status.objects.filter(source=sheet)
    touched = Status.objects.filter(participant__in=statuses.values("participant"), at__gt=sheet.loaded_at)
    if later.exists() or touched.exclude(source=sheet).exists():
        raise ProgrammeError(_("Some of its participants were judged, noted or ended since. Take that back first."))
    days = [*made.values_list("joined_on", flat=True), *statuses.values_list("judged_on", flat=True)]
    statuses.delete()
    made.delete()
    sheet.state, sheet.undone_at, sheet.undone_by = Sheet.State.UNDONE, timezone.now(), by
    sheet.save()
    touch_from(*days)
    record("programme.sheet_undone", sheet, by=by, org=run.org, count=sheet.joined + sheet.judged)
    return sheet
