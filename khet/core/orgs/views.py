"""The tree of orgs, one org with its history, and the dated changes to it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.core.accounts.access import can, reads, requires
from khet.core.orgs import queries, services
from khet.core.orgs.forms import CloseForm, MoveForm, NewOrgForm, RenameForm, ReopenForm
from khet.core.orgs.models import Kind
from khet.kit.thai import fold_loosely

MANAGE = "orgs.manage"


@requires(MANAGE)
@reads
def org_tree(request):
    """Office, clusters and schools as they stand today; closed ones on demand."""
    words, with_closed = fold_loosely(request.GET.get("q", "")), request.GET.get("closed") == "1"
    shown = [org for org in queries.tree(request.user, MANAGE) if with_closed or not org.closed]
    if words:
        shown = [org for org in shown if words in fold_loosely(org.name) or words in org.code.casefold()]
    return render(request, "orgs/tree.html", {"orgs": shown, "with_closed": with_closed, "words": words})


@requires(MANAGE)
def org_new(request):
    initial = {"parent": request.GET.get("parent", ""), "kind": request.GET.get("kind", Kind.SCHOOL)}
    form = NewOrgForm(request.POST or None, viewer=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            org = services.create_org(by=request.user, **form.cleaned_data)
        except services.OrgError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(org)s was added.") % {"org": org})
            return redirect("orgs:org", org.pk)
    return render(request, "orgs/new.html", {"form": form}, status=422 if form.errors else 200)


@requires(MANAGE)
@reads
def org_page(request, pk):
    """One org: where it stands, what befell it, and what can be recorded of it."""
    org = _org(request, pk)
    acts = ["reopen"] if org.closed else ["rename", *(["move"] if _may_move(org) else []), "close"]
    context = {"org": org, "history": queries.history(org), "acts": acts, "below": org.children.open().order_by("code")}
    return render(request, "orgs/org.html", context)


@requires(MANAGE)
def org_change(request, pk, act):
    """Rename, move, close or reopen, each with its day."""
    org = _org(request, pk)
    if act not in _ACTS:
        raise Http404
    title, make_form, change, done = _ACTS[act]
    form = make_form(request, org)
    if request.method == "POST" and form.is_valid():
        try:
            if not can(request.user, MANAGE, form.cleaned_data.get("parent") or org):
                raise Http404
            change(org, by=request.user, **form.cleaned_data)
        except services.OrgError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect("orgs:org", pk)
    context = {"org": org, "form": form, "title": title, "act": act}
    return render(request, "orgs/change.html", context, status=422 if form.errors else 200)


def _org(request, pk):
    return get_object_or_404(queries.visible(request.user, MANAGE), pk=pk)


def _may_move(org) -> bool:
    return org.kind in (Kind.CLUSTER, Kind.SCHOOL)


def _rename_form(request, org):
    initial = {"name": org.name, "name_en": org.name_en, "on": timezone.localdate()}
    return RenameForm(request.POST or None, initial=initial)


def _move_form(request, org):
    kinds = [Kind.OFFICE, Kind.CLUSTER] if org.kind == Kind.SCHOOL else [Kind.OFFICE]
    return MoveForm(request.POST or None, viewer=request.user, kinds=kinds, initial={"on": timezone.localdate()})


def _close_form(request, org):
    return CloseForm(request.POST or None, viewer=request.user, org=org, initial={"on": timezone.localdate()})


def _reopen_form(request, org):
    return ReopenForm(request.POST or None)


# act → heading, its form, its service, what is said when it is done
_ACTS = {
    "rename": (_("Rename"), _rename_form, services.rename_org, _("The new name is recorded.")),
    "move": (_("Move"), _move_form, services.move_org, _("The new place is recorded.")),
    "close": (_("Close or merge"), _close_form, services.close_org, _("It is closed.")),
    "reopen": (_("Open again"), _reopen_form, services.reopen_org, _("It is open again.")),
}
