"""The plan as home, fitted to who looks: director, planner, school; and one strategy of it."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from khet.core.accounts.access import can, reads, requires
from khet.core.ui.place import current_office
from khet.plan import carriers
from khet.plan.status import plan_status
from khet.web.desk.place import org_of, period_of
from khet.web.desk.queries import changes, systems, work


@reads
def home(request):
    """The plan of the office, alive."""
    if not can(request.user, "plan.read"):
        return render(request, "desk/nothing.html", {"office": current_office(request)})
    org, since = org_of(request), changes.since(request.user)
    state = plan_status(request.user, org, period_of(request), since=since)
    page = {"org": org, "state": state, "since": since, "home": _kind(request.user, org)}
    if state is None:
        page |= {"may_write": can(request.user, "plan.write", org), "draft": work.newest_draft(request.user, org)}
        return render(request, "desk/no_plan.html", page)
    page["may_load"] = state.as_of is None and can(request.user, "intake.write", org)
    page["work"] = work.of(request.user, org, state.actions)
    return render(request, "desk/home.html", page)


def _kind(viewer, org) -> str:
    return "school" if org.is_school else viewer.home


@requires("plan.read")
@reads
def strategy(request, number):
    """One strategy: its goals, tactics and indicators."""
    org = org_of(request)
    state = plan_status(request.user, org, period_of(request), since=changes.since(request.user))
    if state is None:
        return redirect("desk:home")
    found = next((one for one in state.strategies if one.item and one.item.number == number), None)
    if found is None:
        raise Http404
    numbers = [one.item.number for one in state.strategies if one.item]
    page = {
        "org": org,
        "state": state,
        "strategy": found,
        "tactics": systems.of_tactics(request.user, org, found.branch.tactics),
        "choices": carriers.systems() if can(request.user, "plan.write", state.plan.edition.org) else [],
        "number_words": _("Strategy %(number)s") % {"number": number},
        "before": number - 1 if number - 1 in numbers else None,
        "after": number + 1 if number + 1 in numbers else None,
    }
    return render(request, "desk/strategy.html", page)
