"""Typing figures: what no file brings yet."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from khet.core.accounts.access import can, requires
from khet.core.orgs.models import Org
from khet.core.ui.place import current_office
from khet.kit.thai import arabic_digits
from khet.web.desk.queries import figures as queries


@requires("figures.write")
def overview(request):
    """GET: the grid of an org. POST: save what was changed in it."""
    writable = Org.objects.visible_to(request.user, "figures.write")
    code = (request.POST if request.method == "POST" else request.GET).get("org")
    org = get_object_or_404(writable, code=code) if code else _own(request, writable)
    grids = queries.grids(org)
    faults = []
    if request.method == "POST":
        saved, faults = _save(request, org, grids)
        if not faults:
            words = _("%(count)s figures saved.") % {"count": saved} if saved else _("Nothing was changed.")
            messages.success(request, words)
            return redirect(f"{reverse('desk:figures')}?org={org.code}")
        messages.error(request, _("Nothing was saved. Mend the marked figures and save again."))
    page = {
        "org": org,
        "grids": grids,
        "faults": dict(faults),
        "typed": request.POST,
        "orgs": writable.open().order_by("kind", "name") if not org.is_school or writable.count() > 1 else [],
        "may_load": can(request.user, "intake.write", org),
    }
    return render(request, "desk/figures.html", page, status=422 if faults else 200)


def _own(request, writable) -> Org:
    office = current_office(request)
    if office and can(request.user, "figures.write", office):
        return office
    return get_object_or_404(writable.order_by("path")[:1])


def _save(request, org, grids) -> tuple[int, list[tuple[str, str]]]:
    """(how many figures were saved, [(field, fault)]); all or none."""
    from khet.registers.figures.services import FigureError, remove_figure, set_figure

    asked, faults = [], []
    for grid in grids:
        for line in grid.lines:
            for period, figure in line.cells:
                name = f"{line.key}|{period.code}"
                if name not in request.POST:
                    continue
                try:
                    value = _number(request.POST[name])
                except ValueError:
                    faults.append((name, _("Write a number, for example 95 or 92.5.")))
                    continue
                if value != (figure.value if figure else None):
                    asked.append((name, line, period, figure, value))
    saved = 0
    try:
        with transaction.atomic():
            for name, line, period, figure, value in asked:
                try:
                    if value is None:
                        remove_figure(figure, by=request.user)
                    else:
                        set_figure(org, line.measure.id, period, value, by=request.user, group=line.group)
                    saved += 1
                except FigureError as error:
                    faults.append((name, str(error)))
            if faults:
                raise _Refused
    except _Refused:
        return 0, faults
    return saved, faults


class _Refused(Exception):
    """Some figure was refused: none is saved."""


def _number(text: str) -> float | None:
    plain = arabic_digits(text).replace(",", "").replace(" ", "")
    return float(plain) if plain else None
