"""Participants from a spreadsheet: template, upload, preview, load, undo."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.engines.programmes import exporting, queries, services, sheets
from khet.engines.programmes.forms import SheetForm
from khet.engines.programmes.rights import RUN, ProgrammeError, may_run
from khet.engines.programmes.views.base import attempt, run_or_404, to_run_page

LARGEST = 5_000_000


@requires(RUN)
def upload(request, pk):
    """Take a spreadsheet; what was loaded before can be undone here."""
    run = run_or_404(request, pk, to_run=True)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > LARGEST:
            form.add_error("file", _("The file is larger than 5 MB. Split it."))
        else:
            try:
                sheet = services.receive_sheet(run, file.read(), file.name, by=request.user)
            except ProgrammeError as error:
                form.add_error("file", str(error))
            else:
                return redirect("programmes:sheet_preview", sheet.pk)
    context = {"form": form, "run": run, "limit": LARGEST, "loaded": queries.sheets(request.user).filter(run=run)[:20]}
    return render(request, "programmes/sheet.html", context, status=422 if form.errors else 200)


@requires(RUN)
@reads
def template(request, pk):
    """An empty sheet with the right headings and the schools that do not take part yet."""
    run = run_or_404(request, pk, to_run=True)
    head, rows, texts = sheets.template(run)
    return exporting.file(f"programme-{run.pk}", "xlsx", exporting.xlsx(head, rows, texts=texts))


@requires(RUN)
@reads
def preview(request, pk):
    """What loading the sheet will do, and every fault in it."""
    sheet = _sheet(request, pk)
    if sheet.state != sheet.State.CHECKED:
        return redirect("programmes:sheet", sheet.run_id)
    plan = sheets.planned(sheet.run, sheet.content["rows"], by=request.user)
    levels = {level.code: level.title for level in sheet.run.rules.ladder.levels} if sheet.run.rules.ladder else {}
    context = {
        "sheet": sheet,
        "run": sheet.run,
        "plan": plan,
        "lines": list(sheets.shown(plan))[:500],
        "levels": levels,
    }
    return render(request, "programmes/sheet_preview.html", context)


@requires(RUN)
@require_POST
def act(request, pk, act):
    """Load, discard or undo."""
    sheet = _sheet(request, pk)
    acts = {
        "load": (services.load_sheet, _("The sheet is loaded.")),
        "discard": (services.discard_sheet, _("The sheet was discarded; nothing was written.")),
        "undo": (services.undo_sheet, _("The sheet was undone: the state before is back.")),
    }
    if act not in acts:
        raise Http404
    do, done = acts[act]
    if attempt(request, lambda: do(sheet, by=request.user), done) is None and act == "load":
        return redirect("programmes:sheet_preview", sheet.pk)
    if act == "load":
        messages.info(request, _("Undo it under “From a sheet” if something is wrong."))
    return to_run_page(sheet.run, "participants")


def _sheet(request, pk):
    sheet = get_object_or_404(queries.sheets(request.user), pk=pk)
    if not may_run(request.user, sheet.run):
        raise Http404
    return sheet
