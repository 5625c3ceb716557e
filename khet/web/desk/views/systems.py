"""The government systems on one page, and the office's word on which of them carry a tactic."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from khet.core.accounts.access import can, reads, requires
from khet.plan import queries as plans
from khet.plan import services
from khet.web.desk.place import org_of
from khet.web.desk.queries import systems


@requires("plan.read")
@reads
def overview(request):
    """Every system: the tactics it carries, the numbers it gives, what goes on in it."""
    org = org_of(request)
    found = systems.overview(request.user, org, plans.current_plan(request.user, org))
    return render(request, "desk/systems.html", {"org": org, "groups": systems.by_strategy(found)})


@require_POST
@requires("plan.write")
def decide(request, pk):
    """Say that a system carries a tactic, or that it does not."""
    tactic = get_object_or_404(plans.items(request.user, "plan.write"), pk=pk)
    if not can(request.user, "plan.write", tactic.edition.org):
        raise Http404
    try:
        services.decide_system(
            tactic, request.POST.get("system", ""), request.POST.get("carries") == "1", by=request.user
        )
    except services.PlanError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('desk:strategy', args=[tactic.parent.number])}#tactic-{tactic.pk}")
