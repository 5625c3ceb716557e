"""Which number stands behind each indicator of the plan, how it is read, what is to be reached, and whose it is."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import can, reads, requires
from khet.core.accounts.queries import colleague
from khet.core.catalogue import catalogue
from khet.kit.periods import to_be
from khet.kit.thai import fold_loosely
from khet.plan import queries, services
from khet.plan.forms import OwnerForm
from khet.plan.groups import group_choices
from khet.plan.models import PlanTarget
from khet.plan.services.binding import Target
from khet.plan.suggestions import ranked, suggest
from khet.plan.words import target_words

ALL_YEARS = "all"


@requires("plan.read")
@reads
def overview(request, pk):
    """Every indicator of an edition with its number, reading, targets and owner."""
    edition = get_object_or_404(queries.editions(request.user), pk=pk)
    plan = queries.plan_of(edition)
    page = _rights(request, edition) | {
        "edition": edition,
        "branches": [
            (branch.item, [_card(item) for item in branch.indicators]) for branch in plan.branches if branch.indicators
        ],
        "groups": group_choices(),
        "step": 2,
    }
    return render(request, "plan/indicators.html", page)


def _rights(request, edition) -> dict:
    may_write = can(request.user, "plan.write", edition.org)
    return {"may_write": may_write, "may_edit": may_write and edition.is_draft}


def _card(item) -> dict:
    """An indicator with everything its card shows."""
    binding, definition = item.binding, item.binding.definition
    targets = list(binding.targets.all())
    years = [None, *item.edition.years]
    by_year = {year: [target for target in targets if target.year == year] for year in years}
    return {
        "item": item,
        "binding": binding,
        "definition": definition,
        "readings": definition.readings if definition else (),
        "because": _because(binding),
        "reading": binding.reading or (definition.reading if definition else ""),
        "owner_form": OwnerForm(
            initial={"group": binding.owner_group, "owner": binding.owner.username if binding.owner else ""},
            prefix=f"i{item.pk}",
        ),
        "years": [_cell(year, by_year[year], definition) for year in years],
        "target_words": target_words(by_year[None], definition),
    }


def _because(binding) -> str:
    """Why the number was suggested, in the viewer's language; '' once somebody has confirmed it."""
    if binding.confirmed or not binding.suggested_because:
        return ""
    found = suggest(binding.item.text)
    return found.reason if found and found.indicator == binding.indicator else binding.suggested_because


def _cell(year, targets, definition) -> dict:
    """A year of the target grid."""
    first = targets[0] if targets else None
    return {
        "key": ALL_YEARS if year is None else year,
        "label": _("All years") if year is None else str(to_be(year)),
        "words": target_words(targets, definition),
        "value": first.value if first else None,
        "direction": first.direction
        if first
        else ("at_most" if definition and definition.better == "lower" else "at_least"),
        "reference": first.reference if first else "",
        "range": len(targets) > 1,
    }


def _item(request, pk, permission="plan.write"):
    return get_object_or_404(queries.items(request.user, permission), pk=pk, kind="indicator")


def _back(request, item, error=""):
    """The indicator's card anew, or the page at it."""
    if request.htmx:
        item = queries.items(request.user).get(pk=item.pk)
        page = _rights(request, item.edition) | {"card": _card(item), "edition": item.edition, "error": error}
        return render(request, "plan/_indicator.html", page, status=409 if error else 200)
    if error:
        messages.error(request, error)
    return redirect(f"{reverse('plan:indicators', args=[item.edition_id])}#item-{item.pk}")


@requires("plan.read")
def binding(request, pk):
    """GET: choose the number behind an indicator. POST: bind it, choose its reading, or leave it unbound."""
    if request.method != "POST":
        return choices(request, pk)
    item = _item(request, pk)
    asked = request.POST
    try:
        if "unbound_reason" in asked:
            services.leave_unbound(item.binding, asked["unbound_reason"], by=request.user)
        else:
            services.bind(item.binding, asked.get("indicator", ""), by=request.user, reading=asked.get("reading", ""))
    except services.PlanError as error:
        return _back(request, item, str(error))
    return _back(request, item)


@requires("plan.read")
@reads
def choices(request, pk):
    """Numbers of the catalogue that could stand behind an indicator: the likeliest first, all of them by search."""
    item = _item(request, pk, "plan.read")
    query = request.GET.get("q", "").strip()
    found = _searched(query) if query else ranked(item.text)
    page = _rights(request, item.edition) | {"item": item, "found": found, "query": query, "edition": item.edition}
    template = "plan/_choices.html" if request.htmx else "plan/choices.html"
    return render(request, template, page)


def _searched(query: str) -> list[tuple]:
    """(indicator, why) for all whose title, id or system holds the words."""
    wanted = fold_loosely(query)
    known = catalogue()
    newest = [known.find("indicator", id) for id in known.ids("indicator")]
    return [
        (one, str(one.words))
        for one in newest
        if wanted in fold_loosely(f"{one.title.th} {one.title.en} {one.id.replace('_', ' ')} {one.system}")
    ]


@require_POST
@requires("plan.write")
def targets(request, pk):
    """The target of one year, or the one for all years; empty takes it away."""
    item = _item(request, pk)
    try:
        year = None if request.POST.get("year") == ALL_YEARS else int(request.POST.get("year", ""))
        services.set_targets(item.binding, year, _asked_targets(request.POST, item.binding), by=request.user)
    except ValueError as error:
        words = (
            str(error)
            if isinstance(error, services.PlanError)
            else _("Write the target as a number, for example 95 or 92.5.")
        )
        return _back(request, item, words)
    return _back(request, item)


def _asked_targets(data, binding) -> list[Target]:
    direction, text = data.get("direction", "at_least"), (data.get("value") or "").replace(",", "").strip()
    reference = (data.get("reference") or "").strip()
    without_number = direction in ("zero", "decrease", "increase")
    if data.get("clear") or (not text and not reference and not without_number):
        return []
    definition = binding.definition
    unit = {"percent": PlanTarget.Unit.PERCENT, "level": PlanTarget.Unit.LEVEL}.get(
        definition.unit if definition else "", PlanTarget.Unit.COUNT if definition else ""
    )
    value = 0.0 if direction == "zero" else float(text) if text and not without_number else None
    return [Target(value=value, direction=direction, unit=unit, reference=reference)]


@require_POST
@requires("plan.write")
def owner(request, pk):
    """Which working group, and who, is on an indicator."""
    item = _item(request, pk)
    form = OwnerForm(request.POST, prefix=f"i{item.pk}")
    if not form.is_valid():
        return _back(request, item, _("Choose a working group of the list."))
    name = form.cleaned_data["owner"].strip()
    person = colleague(name, item.edition.org, "plan.read") if name else None
    if name and person is None:
        return _back(request, item, _("Nobody has the user name “%(name)s”.") % {"name": name})
    try:
        services.set_owner(item.binding, by=request.user, group=form.cleaned_data["group"], owner=person)
    except services.PlanError as error:
        return _back(request, item, str(error))
    return _back(request, item)
