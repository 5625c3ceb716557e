"""Pages of this room."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from khet.core.accounts.access import can, reads, requires
from khet.core.catalogue import catalogue
from khet.web.desk.place import org_of
from khet.web.overviews import equity as equities
from khet.web.overviews import tables


@requires("plan.read")
@never_cache
@reads
def overview(request):
    """The lists the viewer has cases in, and the comparisons of groups."""
    lists = tables.on_offer(request.user) if can(request.user, "cases.take_part") else []
    return render(request, "overviews/all.html", {"lists": lists, "equities": catalogue().all("equity")})


@requires("cases.take_part")
@never_cache
@reads
def table(request, id):
    """A list of cases with its sums. 404 where the viewer sees none of them."""
    definition = next((one for one in tables.on_offer(request.user) if one.id == id), None)
    if definition is None:
        raise Http404
    found = tables.table(request.user, definition, request.GET.get("by", ""), timezone.localdate())
    return render(request, "overviews/table.html", {"table": found})


@requires("plan.read")
@never_cache
@reads
def equity(request, id):
    """Which groups of pupils are reached, in counts only."""
    definition = catalogue().find("equity", id)
    if definition is None:
        raise Http404
    org = org_of(request)
    whole, found = equities.comparisons(request.user, definition, org, timezone.localdate())
    context = {"definition": definition, "org": org, "whole": whole, "comparisons": found,
               "may_begin": can(request.user, "cases.take_part")}  # fmt: skip
    return render(request, "overviews/equity.html", context)
