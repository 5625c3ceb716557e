"""Naming the columns of a file that nobody knows."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from khet.core.accounts.access import requires
from khet.registers.intake import mapping as service
from khet.registers.intake import queries, tasks
from khet.registers.intake.forms import SaveSourceForm
from khet.registers.intake.models import State
from khet.registers.intake.services import IntakeError
from khet.registers.intake.source_words import field_title


@requires("intake.write")
@never_cache
def mapping(request, pk):
    """GET: the columns with samples, and what each may be (?as= the kind of data). POST: keep it and check the load."""
    batch = get_object_or_404(queries.loads(request.user), pk=pk)
    if batch.state != State.NEEDS_MAPPING:
        return redirect("intake:load", pk)
    try:
        table = service.table_of(batch)
    except IntakeError as error:
        messages.error(request, str(error))
        return redirect("intake:load", pk)
    known = service.nearest(table)
    asked = request.POST.get("as") or request.GET.get("as")
    base = next((source for source in known if source.id == asked), known[0])
    form = SaveSourceForm(request.POST or None)
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            service.save_mapping(batch, base, _named(request), form.cleaned_data["title"], by=request.user)
            tasks.start(batch, "check", by=request.user)
            messages.success(request, _("Saved. Your office now knows this kind of file."))
            return redirect("intake:load", pk)
        except IntakeError as fault:
            error = str(fault)
    chosen = _named(request) if request.method == "POST" else service.guesses(table, base)
    for column in table.columns:
        column.guess = chosen.get(column.index, "")
    context = {
        "batch": batch,
        "table": table,
        "base": base,
        "known": known,
        "fields": [(column.field, field_title(base, column.field), _must(base, column)) for column in base.columns],
        "needed": service.missing(base, set()),
        "form": form,
        "error": error,
    }
    return render(request, "intake/mapping.html", context, status=422 if error or form.errors else 200)


def _named(request) -> dict[int, str]:
    """{column index: field} of the form."""
    given = {name.removeprefix("column-"): value for name, value in request.POST.items() if name.startswith("column-")}
    return {int(index): value for index, value in given.items() if index.isdecimal() and value}


def _must(base, column) -> bool:
    return column.required or column.field in base.recognise.fields
