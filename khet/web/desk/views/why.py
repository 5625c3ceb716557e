"""Why a number is what it is: from the formula down to the line of the file."""

from django.http import Http404
from django.shortcuts import render

from khet.core.accounts.access import can, reads, requires
from khet.core.orgs.queries import names
from khet.insight.indicators.explain import explain
from khet.insight.indicators.queries import NotVisible
from khet.plan.judging import without_judging
from khet.web.desk.place import org_of, period_of
from khet.web.desk.queries.indicator import IndicatorPage, known

LINES = 20


@requires("plan.read")
@reads
def page(request, id):
    """The way of one number."""
    if not known(id):
        raise Http404
    org, period = org_of(request), period_of(request)
    page = IndicatorPage(request.user, id, org, period)
    try:
        with without_judging():
            found = explain(request.user, id, org, period, readings=page.readings, lines=LINES)
    except NotVisible:
        raise Http404 from None
    context = {
        "page": page,
        "org": org,
        "found": found,
        "edition": found.edition,
        "value": found.value,
        "orgs": names(request.user, {line.org for part in found.parts for line in part.lines}, "plan.read"),
        "may_open_people": can(request.user, "people.list", org),
        "may_open_loads": can(request.user, "intake.write", org),
        "may_open_lines": can(request.user, "intake.write", org) or can(request.user, "people.open", org),
    }
    return render(request, "desk/why.html", context)
