"""Which org and period a page speaks of: those of its address, as far as the viewer may see them."""

from django.http import Http404

from khet.core.accounts.access import can
from khet.core.orgs.models import Org
from khet.core.ui.place import current_office
from khet.kit.periods import Period, PeriodError


def org_of(request) -> Org:
    """The org of ?org=, else the place the viewer works at: the office, or the own school.

    404 for an org the viewer may not read: to them it does not exist.
    """
    code = request.GET.get("org")
    if code:
        found = Org.objects.visible_to(request.user, "plan.read").filter(code=code).first()
        if found is None:
            raise Http404
        return found
    office = current_office(request)
    if office and can(request.user, "plan.read", office):
        return office
    highest = Org.objects.visible_to(request.user, "plan.read").order_by("path").first()
    if highest is None:
        raise Http404
    return highest


def period_of(request) -> Period | None:
    """The period of ?period=; None when none is named. 404 for one that cannot be read."""
    text = request.GET.get("period")
    if not text:
        return None
    try:
        return Period.parse(text)
    except PeriodError:
        raise Http404 from None
