"""The review: read text beside structure, everything correctable in place."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import can, reads, requires
from khet.kit.thai import fold
from khet.plan import queries, services
from khet.plan.forms import ItemForm, SplitForm
from khet.plan.models import PlanItem
from khet.plan.models.items import UNDER_A_STRATEGY


@requires("plan.read")
@reads
def structure(request, pk):
    """An edition: its items beside the lines they were read from; ?item= marks one of them in both."""
    edition = get_object_or_404(queries.editions(request.user), pk=pk)
    return render(request, "plan/edition.html", _page(request, edition, request.GET.get("item")))


def _page(request, edition, chosen=None) -> dict:
    plan = queries.plan_of(edition)
    item = next((i for i in plan.items if str(i.pk) == str(chosen)), None) if chosen else None
    return {
        "edition": edition,
        "plan": plan,
        "chosen": item,
        "lines": _lines(edition, plan.items, item),
        "notices": edition.document.notices if edition.document else [],
        "may_edit": edition.is_draft and can(request.user, "plan.write", edition.org),
        "may_write": can(request.user, "plan.write", edition.org),
        "kinds": PlanItem.Kind.choices,
        "step": 1,
    }


def _lines(edition, items, chosen) -> list[dict]:
    """The document's lines: number, text, the item read from each, and whether it is the chosen one's."""
    if edition.document is None:
        return []
    owner: dict[int, PlanItem] = {}
    for item in items:
        if item.lines:
            for number in range(item.lines[0], item.lines[1] + 1):
                owner.setdefault(number, item)
    span = range(chosen.lines[0], chosen.lines[1] + 1) if chosen and chosen.lines else range(0)
    noticed = {notice.get("line") for notice in edition.document.notices}
    return [
        {"number": n, "text": text, "item": owner.get(n), "marked": n in span, "noticed": n in noticed}
        for n, text in edition.document.numbered_lines
    ]


@requires("plan.read")
def item(request, pk):
    """GET: one item with the form that corrects it. POST: correct it."""
    if request.method == "POST":
        return _change(request, pk)
    found = get_object_or_404(queries.items(request.user), pk=pk)
    return _item_form(request, found, ItemForm(edition=found.edition, initial=_initial(found)))


def _initial(item) -> dict:
    return {"kind": item.kind, "title": item.title, "text": item.text, "parent": item.parent_id}


def _item_form(request, item, form, error="", status=200) -> HttpResponse:
    may_edit = item.edition.is_draft and can(request.user, "plan.write", item.edition.org)
    page = {
        "item": item,
        "edition": item.edition,
        "form": form,
        "split": SplitForm(),
        "error": error,
        "may_edit": may_edit,
    }
    template = "plan/_item_form.html" if request.htmx else "plan/item.html"
    return render(request, template, page, status=status)


def _change(request, pk):
    found = _editable(request, pk)
    form = ItemForm(request.POST, edition=found.edition)
    if not form.is_valid():
        return _item_form(request, found, form, status=422)
    asked = form.cleaned_data
    try:
        changed = services.change_item(
            found, by=request.user, text=asked["text"], title=asked["title"], kind=asked["kind"]
        )
        if (
            changed.kind in UNDER_A_STRATEGY
            and asked["parent"] != changed.parent
            and (asked["parent"] or changed.kind != "tactic")
        ):
            services.move_item(changed, by=request.user, parent=asked["parent"])
    except services.PlanError as error:
        return _item_form(request, found, form, error=str(error), status=409)
    return _back(request, found.edition, found)


def _editable(request, pk) -> PlanItem:
    return get_object_or_404(queries.items(request.user, "plan.write"), pk=pk)


def _back(request, edition, item=None) -> HttpResponse:
    """After an act: the structure anew for htmx, else the page at the item."""
    if request.htmx:
        return render(request, "plan/_review.html", _page(request, edition, item.pk if item else None))
    address = reverse("plan:edition", args=[edition.pk])
    return redirect(f"{address}?item={item.pk}#item-{item.pk}" if item else address)


def _tried(request, edition, act, item=None) -> HttpResponse:
    """Do something to the plan; what it refuses is said above the structure."""
    try:
        outcome = act()
    except services.PlanError as error:
        if not request.htmx:
            messages.error(request, str(error))
            return _back(request, edition, item)
        page = _page(request, edition, item.pk if item else None) | {"error": str(error)}
        return render(request, "plan/_review.html", page, status=409)
    return _back(request, edition, outcome if isinstance(outcome, PlanItem) else item)


@require_POST
@requires("plan.write")
def add(request, pk):
    """A new item that was not read."""
    edition = get_object_or_404(queries.editions(request.user, permission="plan.write"), pk=pk)
    form = ItemForm(request.POST, edition=edition)
    if not form.is_valid():
        return _tried(request, edition, lambda: _refuse(form))
    asked = form.cleaned_data
    details = {"title": asked["title"], "parent": asked["parent"]}
    return _tried(
        request,
        edition,
        lambda: services.add_item(edition, asked["kind"], asked["text"], by=request.user, **details),
    )


def _refuse(form):
    raise services.PlanError(" ".join(str(e) for errors in form.errors.values() for e in errors))


@require_POST
@requires("plan.write")
def move(request, pk):
    """One place up or down among its kind."""
    found = _editable(request, pk)
    step = -1 if request.POST.get("step") == "up" else 1
    return _tried(request, found.edition, lambda: services.move_item(found, by=request.user, step=step), found)


@require_POST
@requires("plan.write")
def remove(request, pk):
    found = _editable(request, pk)
    return _tried(request, found.edition, lambda: services.remove_item(found, by=request.user))


@require_POST
@requires("plan.write")
def split(request, pk):
    """Two items from one, cut where the second begins."""
    found = _editable(request, pk)
    return _tried(
        request, found.edition, lambda: services.split_item(found, _cut(found, request.POST), by=request.user)[0], found
    )


def _cut(item, data) -> int:
    """Where in the item's text the given words begin; spaces do not matter."""
    words = (data.get("second") or "").strip()
    at = item.text.find(words) if words else -1
    if at < 0 and fold(words):
        at = next((n for n in range(len(item.text)) if fold(item.text[n:]).startswith(fold(words))), -1)
    if at <= 0:
        raise services.PlanError(
            _("These words do not stand inside the item. Copy the first words of the second item.")
        )
    return at


@require_POST
@requires("plan.write")
def merge(request, pk):
    """Join with the next item of its kind."""
    found = _editable(request, pk)
    return _tried(request, found.edition, lambda: services.merge_items(found, by=request.user), found)
