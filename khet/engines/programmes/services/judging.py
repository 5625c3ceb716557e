"""Statuses: who stands on which rung, by whose word, on what evidence, until when."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.files.models import StoredFile
from khet.engines.programmes.counting import Held, reaches, rung
from khet.engines.programmes.marking import touch_from
from khet.engines.programmes.models import Participant, Run, Status
from khet.engines.programmes.rights import ProgrammeError, demand, demand_open, may_run
from khet.engines.programmes.schema import Level


@dataclass(frozen=True)
class Judgement:
    """What is recorded of a participant: the rung, the day, whose word, the evidence."""

    participant: Participant
    level: str
    judged_on: date
    judged_by: str = ""
    valid_until: date | None = None
    file: StoredFile | None = None
    link: str = ""
    note: str = ""
    answers: dict = field(default_factory=dict)


def judge(run: Run, judgement: Judgement, *, by) -> Status:
    """One status. Raises ProgrammeError."""
    return judge_many(run, [judgement], by=by)[0]


@transaction.atomic
def judge_many(run: Run, judgements: Iterable[Judgement], *, by) -> list[Status]:
    """Statuses, all or none; only for those who run the programme. Raises ProgrammeError that names every fault."""
    demand(may_run(by, run))
    demand_open(run)
    judgements, faults = list(judgements), []
    held = _held([one.participant for one in judgements])
    for one in judgements:
        if why := fault(run, one, held.get(one.participant.pk, ())):
            faults.append(f"{_called(one.participant)}: {why}")
    if faults:
        raise ProgrammeError("; ".join(faults))
    made = Status.objects.bulk_create(_status(run, one, by) for one in judgements)
    if made:
        touch_from(*(one.judged_on for one in made))
        levels = sorted({one.level for one in made})
        org = judgements[0].participant.org if len(made) == 1 else run.org
        record("programme.status_judged", run, by=by, org=org, after={"levels": levels}, count=len(made))
    return made


def fault(run: Run, one: Judgement, held: Iterable[Held]) -> str:
    """Why a status cannot be recorded, '' when it can."""
    rules, level = run.rules, run.rules.level(one.level)
    if level is None:
        return _("the programme has no status “%(code)s”") % {"code": one.level}
    if one.participant.run_id != run.pk:
        return _("takes part in another programme")
    if one.judged_on > timezone.localdate():
        return _("the day has not come yet")
    if one.judged_on < one.participant.joined_on or (
        one.participant.left_on and one.judged_on >= one.participant.left_on
    ):
        return _("did not take part on that day")
    if one.valid_until and one.valid_until < one.judged_on:
        return _("would have run out before it was judged")
    if level.evidence == "required" and not (one.file or one.link):
        return _("“%(level)s” asks for evidence: attach a file or give a link") % {"level": level.title}
    if level.needs and not _stood(rules, level, held, one.judged_on):
        return _("“%(level)s” comes only after “%(needs)s”, valid on that day") % {
            "level": level.title, "needs": rules.level(level.needs).title,
        }  # fmt: skip
    return ""


def _stood(rules, level: Level, held: Iterable[Held], day: date) -> bool:
    return reaches(rules.ladder, level.needs, rung(rules.ladder, held, day))


def _held(participants: Iterable[Participant]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = {}
    rows = Status.objects.filter(participant__in=[one.pk for one in participants], withdrawn_at__isnull=True)
    for id, of, level, judged_on, until in rows.values_list(
        "pk", "participant_id", "level", "judged_on", "valid_until"
    ):
        found.setdefault(of, []).append(Held(level, judged_on, until, id))
    return found


def _status(run: Run, one: Judgement, by) -> Status:
    level = run.rules.level(one.level)
    return Status(
        participant=one.participant, level=one.level, judged_on=one.judged_on,
        judged_by=(one.judged_by or (level.judged_by.th if level.judged_by else ""))[:200],
        valid_until=one.valid_until or runs_out(level, one.judged_on),
        file=one.file, link=one.link, note=one.note[:300], answers=one.answers, by=by,
    )  # fmt: skip


def runs_out(level: Level, judged_on: date) -> date | None:
    """The last day on which a status is valid, by the years its level lasts."""
    if level.years is None:
        return None
    try:
        again = judged_on.replace(year=judged_on.year + level.years)
    except ValueError:  # 29 February
        again = judged_on.replace(year=judged_on.year + level.years, month=3, day=1)
    return date.fromordinal(again.toordinal() - 1)


def _called(participant: Participant) -> str:
    """How a fault names a participant: never a person."""
    return str(participant.org) if participant.is_person else participant.label


@transaction.atomic
def withdraw_status(status: Status, *, by, reason: str) -> Status:
    """Take a status back; it stays in the history with the reason. Raises ProgrammeError."""
    run = status.participant.run
    demand(may_run(by, run))
    demand_open(run)
    if not reason.strip():
        raise ProgrammeError(_("Say why it is withdrawn."))
    if not status.stands:
        raise ProgrammeError(_("It is withdrawn already."))
    status.withdrawn_at, status.withdrawn_by, status.withdrawn_because = timezone.now(), by, reason.strip()[:200]
    status.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    touch_from(status.judged_on)
    record("programme.status_withdrawn", status, by=by, org=status.participant.org, reason=reason)
    return status
