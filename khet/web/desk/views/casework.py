"""From a work-list to cases."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from khet.core.accounts.access import requires
from khet.core.orgs.queries import org_by_code
from khet.engines.cases.services import CaseError
from khet.insight.indicators import worklists
from khet.web.desk.queries import casework
from khet.web.desk.queries.indicator import IndicatorPage, known
from khet.web.desk.services.casework import begin_from_list

MOST = 500  # cases of one act


@require_POST
@requires("cases.take_part")
def begin(request, id):
    """Begin cases for the chosen children of a list, or for all of it; those who have one are left alone."""
    org = org_by_code(request.POST.get("org"))
    if org is None or not known(id):
        raise Http404
    page = IndicatorPage(request.user, id, org, None)
    kind = casework.kind_of(page.worklist.id) if page.worklist else None
    if kind is None or not casework.may_begin(request.user, kind, org):
        raise Http404
    chosen = _chosen(request, page)
    try:
        made = begin_from_list(kind, page.worklist.id, org, chosen[:MOST], by=request.user)
    except CaseError as error:
        messages.error(request, str(error))
    else:
        words = ngettext("%(n)s case begun and handed out.", "%(n)s cases begun and handed out.", len(made))
        messages.success(request, words % {"n": len(made)} if made else _("All of them have a case already."))
    return redirect(f"{reverse('desk:worklist', args=[id])}?org={org.code}")


def _chosen(request, page: IndicatorPage) -> list[str]:
    """References that stand in the list the viewer sees, as far as they were chosen."""
    rows = worklists.rows(request.user, page.worklist.id, page.org, page.value.period) or []
    there = [row.ref for row in rows if row.ref]
    if request.POST.get("all"):
        return there
    asked = set(request.POST.getlist("child"))
    return [ref for ref in there if ref in asked and uuid.UUID(ref)]
