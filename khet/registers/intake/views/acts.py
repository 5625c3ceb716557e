"""Steps of a load, each a POST: check again, answer its questions, write it, discard it, undo it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import requires
from khet.core.orgs.models import Org
from khet.registers.intake import queries, services, tasks
from khet.registers.intake.forms import AgainForm, UndoForm
from khet.registers.intake.models import Batch
from khet.registers.intake.recheck import read_as


def _load(request, pk) -> Batch:
    return get_object_or_404(queries.loads(request.user), pk=pk)


def _start(request, batch: Batch, act: str, **more) -> None:
    if not tasks.start(batch, act, by=request.user, **more):
        messages.info(request, _("This load is being worked on already."))


@require_POST
@requires("intake.write")
def check(request, pk):
    """Check a load again: as another kind of file or of another day when the form says so."""
    batch = _load(request, pk)
    if "again" in request.POST:
        form = AgainForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(str(fault) for found in form.errors.values() for fault in found))
            return redirect("intake:load", pk)
        try:
            batch = read_as(batch, **form.cleaned_data, by=request.user)
        except services.IntakeError as error:
            messages.error(request, str(error))
            return redirect("intake:load", pk)
    _start(request, batch, "check")
    return redirect("intake:load", pk)


@require_POST
@requires("intake.write")
def commit(request, pk):
    """Write what the check has shown."""
    _start(request, _load(request, pk), "commit")
    return redirect("intake:load", pk)


@require_POST
@requires("intake.write")
def confirm(request, pk):
    """Take the answers that were given on schools, and check the load with them."""
    batch = _load(request, pk)
    if queries.is_working(batch):
        messages.info(request, _("This load is being worked on already."))
        return redirect("intake:load", pk)
    answered = 0
    try:
        for number, question in enumerate(batch.waiting):
            answer = request.POST.get(f"answer-{number}", "later")
            if answer == "later" or request.POST.get(f"key-{number}") != question["key"]:
                continue
            services.confirm_match(batch, question["key"], _meant(request, number, answer, question), by=request.user)
            answered += 1
    except services.IntakeError as error:
        messages.error(request, str(error))
    if answered:
        _start(request, batch, "check")
    else:
        messages.info(request, _("Nothing was answered, so nothing changed."))
    return redirect("intake:load", pk)


def _meant(request, number: int, answer: str, question: dict) -> Org | None:
    """The org an answer names; None: no such school. Raises IntakeError for a school that is not found."""
    if answer == "suggestion" and question["suggestion"]:
        return queries.school_meant(request.user, pk=question["suggestion"])
    if answer != "other":
        return None
    written = request.POST.get(f"school-{number}", "").strip()
    found = queries.school_meant(request.user, code=written.split(" ")[0])
    if found is None:
        raise services.IntakeError(
            _("“%(written)s” is no school here. Choose one of the list, or write its 8-digit code.")
            % {"written": written}
        )
    return found


@require_POST
@requires("intake.write")
def discard(request, pk):
    """Drop a load that was not written."""
    batch = _load(request, pk)
    try:
        services.discard(batch, by=request.user)
    except services.IntakeError as error:
        messages.error(request, str(error))
        return redirect("intake:load", pk)
    messages.success(request, _("The load was discarded and its files were deleted."))
    return redirect("intake:list")


@require_POST
@requires("intake.write")
def undo(request, pk):
    """Put back what a load replaced."""
    batch = _load(request, pk)
    form = UndoForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say in a few words why the load is undone."))
        return redirect("intake:load", pk)
    _start(request, batch, "undo", reason=form.cleaned_data["reason"])
    return redirect("intake:load", pk)
