"""Lists go when they have served: scores are kept one academic year and one more for evaluation."""

from khet.core.audit.services import record
from khet.insight.earlywarning.models import WarningRun

YEARS_KEPT = 2  # the year of the newest list and the one before
LISTS_A_YEAR = 12  # of a year under way; older ones of the same year say nothing new


def forget_old(office, *, by) -> int:
    """Delete lists of years gone by and all but the newest twelve of each year; how many went."""
    runs = WarningRun.objects.filter(org=office, state__in=["done", "failed"]).order_by("-pk")
    newest = runs.first()
    if newest is None:
        return 0
    old = list(runs.filter(year__lte=newest.year - YEARS_KEPT).values_list("pk", flat=True))
    for year in range(newest.year - YEARS_KEPT + 1, newest.year + 1):
        old += runs.filter(year=year).values_list("pk", flat=True)[LISTS_A_YEAR:]
    if old:
        WarningRun.objects.filter(pk__in=old).delete()
        record("warning.lists_deleted", by=by, org=office, count=len(old))
    return len(old)
