"""Lists go when they have served: scores are kept one academic year and one more for evaluation."""

from django.db import transaction
from django.utils import timezone

from khet.core.accounts.models import system_user
from khet.core.audit.services import record
from khet.core.orgs.models import Org
from khet.insight.earlywarning.models import FollowUp, WarningRun
from khet.kit.periods import academic_year

YEARS_KEPT = 2  # the year of the newest list and the one before
LISTS_A_YEAR = 12  # of a year under way; older ones of the same year say nothing new


def forget_old(office, *, by, year: int) -> int:
    """Delete lists of years gone by and all but the newest twelve of each year; how many went."""
    runs = WarningRun.objects.filter(org=office, state__in=["done", "failed"]).order_by("-pk")
    old = list(runs.filter(year__lte=year - YEARS_KEPT).values_list("pk", flat=True))
    for kept in range(year - YEARS_KEPT + 1, year + 1):
        old += runs.filter(year=kept).values_list("pk", flat=True)[LISTS_A_YEAR:]
    if old:
        WarningRun.objects.filter(pk__in=old).delete()
        record("warning.lists_deleted", by=by, org=office, count=len(old))
    return len(old)


@transaction.atomic
def forget_due() -> int:
    """The daily job: lists and what was recorded about their pupils, of years whose time is over; how many went."""
    year, by = academic_year(timezone.localdate()).year, system_user()
    offices = Org.objects.filter(pk__in=WarningRun.objects.values("org"))
    gone = sum(forget_old(office, by=by, year=year) for office in offices)
    recorded, _kinds = FollowUp.objects.filter(year__lte=year - YEARS_KEPT).delete()
    if recorded:
        record("warning.followups_deleted", by=by, count=recorded)
    return gone + recorded
