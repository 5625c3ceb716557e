"""Notes and dated actions: mine, overdue, and those of an indicator."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from khet.core.accounts.access import can, reads, requires
from khet.core.accounts.queries import colleague
from khet.core.orgs import queries as orgs
from khet.core.orgs.models import Org
from khet.core.ui.forms import BuddhistDateField
from khet.core.ui.place import current_office
from khet.plan import queries as plans
from khet.plan import services
from khet.plan.groups import group_choices
from khet.web.desk.queries import followup

VIEWS = {
    "mine": gettext_lazy("Mine"),
    "overdue": gettext_lazy("Overdue"),
    "open": gettext_lazy("All open"),
    "closed": gettext_lazy("Closed"),
}


@requires("plan.read")
@reads
def overview(request):
    """Actions: those of the viewer first."""
    office = current_office(request)
    which = request.GET.get("view") if request.GET.get("view") in VIEWS else "mine"
    everything = plans.actions(request.user, org=office) if office else plans.actions(request.user)
    found = {
        "mine": lambda: everything.open().of(request.user),
        "overdue": everything.overdue,
        "open": everything.open,
        "closed": lambda: everything.exclude(state="open").order_by("-done_at")[:200],
    }[which]()
    page = {"actions": followup.named(found), "view": which, "views": VIEWS.items()}
    return render(request, "desk/actions.html", page)


def _org(request) -> Org:
    """The org a note or action is for; 404 where the viewer may not write one."""
    return get_object_or_404(orgs.visible(request.user, "notes.write"), code=request.POST.get("org", ""))


def _home(org, indicator) -> str:
    return f"{reverse('desk:indicator', args=[indicator])}?org={org.code}#follow-up"


@require_POST
@requires("notes.write")
def add_note(request, indicator):
    org = _org(request)
    try:
        services.add_note(
            org, indicator, request.POST.get("text", ""), by=request.user, period=request.POST.get("period", "")
        )
    except services.PlanError as error:
        messages.error(request, str(error))
    return redirect(_home(org, indicator))


@require_POST
@requires("notes.write")
def withdraw_note(request, pk):
    """Take a note back, or put it back (?undo)."""
    note = get_object_or_404(plans.notes(request.user, withdrawn=True), pk=pk)
    try:
        if request.POST.get("undo"):
            services.restore_note(note, by=request.user)
        else:
            services.withdraw_note(note, by=request.user)
            messages.success(request, _("The note has been taken back."), extra_tags=f"undo:{note.pk}")
    except services.PlanError as error:
        messages.error(request, str(error))
    return redirect(_home(note.org, note.indicator))


@require_POST
@requires("notes.write")
def add_action(request, indicator):
    org = _org(request)
    asked = request.POST
    name = asked.get("owner", "").strip()
    owner = colleague(name, org, "plan.read") if name else None
    try:
        if name and owner is None:
            raise services.PlanError(_("Nobody has the user name “%(name)s”.") % {"name": name})
        group = asked.get("owner_group", "")
        if group and group not in dict(group_choices()):
            raise services.PlanError(_("Choose a working group of the list."))
        due = _due(asked.get("due", ""))
        services.add_action(org, indicator, asked.get("text", ""), due, by=request.user, owner=owner, owner_group=group)
    except services.PlanError as error:
        messages.error(request, str(error))
    return redirect(_home(org, indicator))


def _due(text: str):
    from django.core.exceptions import ValidationError

    try:
        return BuddhistDateField().clean(text)
    except ValidationError as error:
        raise services.PlanError(" ".join(error.messages)) from None


@require_POST
@requires("notes.write")
def close_action(request, pk):
    """Mark an action as done or dropped, or open it again."""
    action = get_object_or_404(plans.actions(request.user), pk=pk)
    if not (action.owner_id == request.user.pk or can(request.user, "notes.write", action.org)):
        return redirect("desk:actions")
    asked = request.POST
    try:
        if asked.get("undo"):
            services.reopen_action(action, by=request.user)
        else:
            services.close_action(
                action, by=request.user, outcome=asked.get("outcome", ""), dropped=bool(asked.get("dropped"))
            )
    except services.PlanError as error:
        messages.error(request, str(error))
    if asked.get("back") == "actions":
        return redirect("desk:actions")
    return redirect(_home(action.org, action.indicator))
