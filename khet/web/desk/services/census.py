"""Freezing the count of a census day. What was reported stays what it was, whatever the register learns later."""

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.orgs.queries import schools_of
from khet.kit.periods import Period
from khet.registers.people.facts import on_roll
from khet.registers.people.models import Enrolment
from khet.web.desk.models import CensusCount, CensusSnapshot


class CensusError(ValueError):
    """A count that cannot be frozen; says why."""


@transaction.atomic
def freeze(office, round: Period, *, by, reason: str = "") -> CensusSnapshot:
    """The pupils on the rolls of an office's schools on a census day, by school, grade and sex, kept from now on.

    reason  needed when the day has been counted before; the earlier count stays, marked as superseded
    raises  CensusError for a day to come, for a recount without a reason, and when no pupil is on any roll
    """
    day = round.start
    if round.kind != "census" or day > timezone.localdate():
        raise CensusError(_("This day is still to come. It can be counted from that day on."))
    before = CensusSnapshot.objects.select_for_update().filter(org=office, round=round.code, superseded=False).first()
    if before and not reason.strip():
        raise CensusError(_("This day has been counted. Say why it is counted again."))
    counts = _counted(office, day)
    if not counts:
        raise CensusError(_("No pupil is on a roll on that day. Load the pupils of the year first."))
    if before:
        before.superseded = True
        before.save(update_fields=["superseded"])
    snapshot = CensusSnapshot.objects.create(
        org=office,
        round=round.code,
        by=by,
        reason=reason.strip()[:300],
        pupils=sum(row["pupils"] for row in counts),
        schools=len({row["school"] for row in counts}),
    )
    CensusCount.objects.bulk_create(
        CensusCount(
            snapshot=snapshot, school_id=row["school"], grade=row["grade"], sex=row["person__sex"], pupils=row["pupils"]
        )
        for row in counts
    )
    was, now = {"pupils": before.pupils if before else None}, {"round": round.code, "pupils": snapshot.pupils}
    record("census.frozen", snapshot, by=by, org=office, reason=reason, count=snapshot.pupils, before=was, after=now)
    return snapshot


def _counted(office, day) -> list[dict]:
    year = Period("census", day.year, day.month * 100 + day.day).academic_year
    rows = Enrolment.objects.filter(on_roll(day), school__in=schools_of(office, on=day), year=year)
    return list(
        rows.order_by().values("school", "grade", "person__sex").annotate(pupils=Count("person", distinct=True))
    )
