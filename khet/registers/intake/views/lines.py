"""A line of a file as it was stored, and the rows that stayed out as a file."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from khet.core.accounts.access import can, requires
from khet.core.audit.services import record
from khet.registers.intake import lines, queries, rejects
from khet.registers.intake.forms import ReasonForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def line(request, pk, file, row):
    """The line of a record: headers and cells. A line about a person opens for a reason (POST), which is audited."""
    batch = get_object_or_404(queries.any_load(), pk=pk)  # whoever may open the line is asked below
    return (_personal if queries.is_personal(batch) else _plain)(
        request, batch, file, request.GET.get("sheet", ""), row
    )


def _plain(request, batch, number, sheet, row):
    """A line that speaks of no person, for who loads files or opens records at the place it speaks of."""
    if request.method == "POST":
        return redirect(request.get_full_path())
    if not any(_reaches(request.user, word, batch, number, sheet, row) for word in ("intake.write", "people.open")):
        raise Http404
    stored = get_object_or_404(batch.files, number=number)
    return render(request, "intake/row.html", _page(request.user, batch, stored, sheet, row))


@requires("people.open")
def _personal(request, batch, number, sheet, row):
    if not _reaches(request.user, "people.open", batch, number, sheet, row):
        raise Http404
    stored = get_object_or_404(batch.files, number=number)
    form = ReasonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"batch": batch, "file": stored, "sheet": sheet, "row": row, "form": form, "closed": True}
        return render(request, "intake/row.html", context, status=422 if form.errors else 200)
    page = _page(request.user, batch, stored, sheet, row)
    _note_opening(request.user, batch, stored, sheet, row, form.cleaned_data["reason"])
    return render(request, "intake/row.html", page)


def _reaches(viewer, permission, batch, number, sheet, row) -> bool:
    """True when the viewer holds the permission where the load is for, or wherever the line's own records are."""
    if not can(viewer, permission):
        return False
    if batch.org is not None and can(viewer, permission, batch.org):
        return True
    orgs = queries.orgs_of_line(batch, number, sheet, row)
    return bool(orgs) and all(can(viewer, permission, org) for org in orgs)


def _note_opening(viewer, batch, stored, sheet, row, reason) -> None:
    """Write to the trail who opened the line, with each person it is about."""
    persons = lines.persons_of(batch, stored.number, sheet, row)
    place = {"load": batch.pk, "file": stored.number, "row": row}
    for person in persons:
        record("person.opened", person, by=viewer, org=person.org, reason=reason, after=place)
    if not persons:
        record("intake.line_opened", batch, by=viewer, org=batch.org, reason=reason, after=place)


def _page(viewer, batch, stored, sheet, row) -> dict:
    page = {"batch": batch, "file": stored, "sheet": sheet, "row": row}
    page["may_see_load"] = queries.loads(viewer).filter(pk=batch.pk).exists()
    how = lines.reading_of(stored, sheet)
    try:
        found = lines.read(batch, stored, [(sheet, row)]).get((sheet, row))
    except lines.LineGone:
        return page | {"gone": True}
    if found is None or how is None:
        raise Http404
    cells = lines.cells_of(batch.definition, how, found, opened=True)
    return page | {"cells": cells, "hides": any(cell.hidden for cell in cells)}


@require_POST
@requires("intake.write")
@never_cache
def rejected(request, pk):
    """The rows that stayed out, with the reasons. Personal cells are hidden unless a reason opens them."""
    batch = get_object_or_404(queries.loads(request.user), pk=pk)
    if queries.is_personal(batch) and request.POST.get("reason", "").strip():
        return _whole(request, batch)
    return _download(request, batch, whole=not queries.is_personal(batch))


@requires("people.open")
def _whole(request, batch):
    form = ReasonForm(request.POST)
    if batch.org is None or not can(request.user, "people.open", batch.org):
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Say in a few words what you need the rows for."))
        return redirect("intake:load", batch.pk)
    return _download(request, batch, whole=True, reason=form.cleaned_data["reason"])


def _download(request, batch, *, whole, reason=""):
    content, count = rejects.workbook(batch, whole=whole)
    record(
        "intake.rejected_exported", batch, by=request.user, org=batch.org, count=count, reason=reason,
        after={"personal": queries.is_personal(batch), "whole": whole},
    )  # fmt: skip
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="rejected-{batch.pk}.xlsx"'
    return response
