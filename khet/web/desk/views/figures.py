"""Typing figures: what no file brings yet."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from khet.core.accounts.access import can, requires
from khet.core.orgs import queries as orgs
from khet.core.orgs.models import Org
from khet.core.ui.place import current_office
from khet.kit.thai import arabic_digits
from khet.web.desk.queries import figures as queries


@requires("figures.write")
def overview(request):
    """GET: the grids of an org, or of a measure across schools. POST: save what was changed in them, all or nothing."""
    asked = request.POST if request.method == "POST" else request.GET
    writable = orgs.visible(request.user, "figures.write")
    org = get_object_or_404(writable, code=asked["org"]) if asked.get("org") else _own(request, writable)
    measure = _measure(org, asked.get("measure"))
    grids = queries.by_school(measure, _schools(writable, org)) if measure else queries.of_org(org)
    faults: dict[str, str] = {}
    if request.method == "POST":
        saved, faults = _save(request, grids)
        if not faults:
            words = _("%(count)s figures saved.") % {"count": saved} if saved else _("Nothing was changed.")
            messages.success(request, words)
            more = f"&measure={measure.id}" if measure else ""
            return redirect(f"{reverse('desk:figures')}?org={org.code}{more}")
    page = {
        "org": org,
        "measure": measure,
        "grids": grids,
        "faults": faults,
        "typed": request.POST,
        "orgs": writable.open().order_by("kind", "name"),
        "measures": [] if org.is_school else queries.measures_by_school(org),
        "may_load": can(request.user, "intake.write", org),
    }
    return render(request, "desk/figures.html", page, status=422 if faults else 200)


def _own(request, writable) -> Org:
    office = current_office(request)
    if office and can(request.user, "figures.write", office):
        return office
    found = writable.order_by("path").first()
    if found is None:
        raise Http404
    return found


def _measure(org: Org, id: str | None):
    """The measure typed by school that is asked for; None when none is, 404 when it is no such one."""
    if not id or org.is_school:
        return None
    found = next((one for one in queries.measures_by_school(org) if one.id == id), None)
    if found is None:
        raise Http404
    return found


def _schools(writable, org: Org):
    return writable.schools().open().filter(path__startswith=org.path)


class _Refused(Exception):
    """Some figure was refused: none is saved."""


def _save(request, grids) -> tuple[int, dict[str, str]]:
    """(how many figures were saved, {field: fault}); with a fault none is."""
    changed, faults = _changed(request.POST, grids)
    if faults:
        return 0, faults
    from khet.registers.figures.services import FigureError, remove_figure, set_figure

    try:
        with transaction.atomic():
            for name, line, period, figure, value in changed:
                try:
                    if value is None:
                        remove_figure(figure, by=request.user)
                    else:
                        set_figure(line.org, line.measure.id, period, value, by=request.user, group=line.group)
                except FigureError as error:
                    faults[name] = str(error)
            if faults:
                raise _Refused
    except _Refused:
        return 0, faults
    return len(changed), {}


def _changed(data, grids) -> tuple[list, dict[str, str]]:
    """([(field, line, period, figure there, value typed)], {field: fault}) of the cells that differ."""
    changed, faults = [], {}
    for line in (line for grid in grids for line in grid.all_lines):
        for period, figure in line.cells:
            name = f"{line.key}|{period.code}"
            if name not in data:
                continue
            try:
                value = _number(data[name])
            except ValueError:
                faults[name] = _("Write a number, for example 95 or 92.5.")
                continue
            if (fault := line.measure.refuses(value) if value is not None else None) is not None:
                faults[name] = _("This cannot be right: %(why)s.") % {"why": fault}
            elif value != (figure.value if figure else None):
                changed.append((name, line, period, figure, value))
    return changed, faults


def _number(text: str) -> float | None:
    plain = arabic_digits(text).replace(",", "").replace(" ", "")
    return float(plain) if plain else None
