"""Adopting, revising, discarding and comparing editions."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.plan import queries, services
from khet.plan.compare import compare as compared


@requires("plan.write")
def adopt(request, pk):
    """GET: what is missing and what deserves a look. POST: put the draft in force."""
    edition = get_object_or_404(queries.editions(request.user, permission="plan.write"), pk=pk)
    if request.method == "POST":
        try:
            services.adopt(edition, by=request.user)
        except services.PlanError as error:
            messages.error(request, str(error))
            return redirect("plan:adopt", pk)
        messages.success(request, _("The plan %(years)s is in force.") % {"years": edition})
        return redirect("desk:home")
    found = services.faults(edition) if edition.is_draft else []
    in_force = queries.editions(request.user, edition.org).filter(state="adopted").first()
    page = {
        "edition": edition,
        "stops": [fault for fault in found if fault.stops],
        "looks": _by_item(fault for fault in found if not fault.stops),
        "in_force": in_force,
        "may_write": True,
        "step": 3,
    }
    return render(request, "plan/adopt.html", page)


def _by_item(found) -> list[tuple]:
    """[(item or None, what is said of it)], in the order of the plan: an indicator is named once."""
    said: dict = {}
    for fault in found:
        said.setdefault(fault.item.pk if fault.item else None, (fault.item, []))[1].append(fault.message)
    return list(said.values())


@require_POST
@requires("plan.write")
def revise(request, pk):
    """Start a draft as a copy of an edition."""
    edition = get_object_or_404(queries.editions(request.user, permission="plan.write"), pk=pk)
    draft = services.revise(edition, by=request.user)
    messages.success(request, _("A revision has been started. The plan in force stays until you adopt it."))
    return redirect("plan:edition", draft.pk)


@require_POST
@requires("plan.write")
def discard(request, pk):
    """Throw a draft away."""
    edition = get_object_or_404(queries.editions(request.user, permission="plan.write"), pk=pk)
    try:
        services.discard_draft(edition, by=request.user)
    except services.PlanError as error:
        messages.error(request, str(error))
        return redirect("plan:edition", pk)
    messages.success(request, _("The draft has been discarded. The document is still there."))
    return redirect("plan:overview")


@requires("plan.read")
@reads
def compare(request, pk):
    """An edition beside another of the same office (?with=): the one it revises, else the one before it."""
    edition = get_object_or_404(queries.editions(request.user), pk=pk)
    others = list(queries.editions(request.user, edition.org).exclude(pk=pk))
    asked = request.GET.get("with") or edition.revises_id
    other = next((one for one in others if str(one.pk) == str(asked)), others[0] if others else None)
    pairs = compared(other, edition) if other else []
    page = {
        "edition": edition,
        "other": other,
        "others": others,
        "changes": [pair for pair in pairs if pair.change != "same"],
        "same": sum(1 for pair in pairs if pair.change == "same"),
    }
    return render(request, "plan/compare.html", page)
