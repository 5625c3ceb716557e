"""Steps, contacts, notes, tasks and files of an opened case."""

import uuid

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from khet.core.accounts.access import requires
from khet.core.forms.build import form_class
from khet.core.workflow.machine import open_moves
from khet.engines.cases import seats, services
from khet.engines.cases.forms import DayForm, NoteForm, TaskForm, WhyForm, users_who_see
from khet.engines.cases.services.noting import Contacted
from khet.engines.cases.views.base import (
    REFUSED,
    TAKE_PART,
    attempt,
    offer_back,
    onward,
    opened_or_404,
    refuse_fields,
    to_case,
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKE_PART)
@never_cache
def move(request, ref, move):
    """A step of the workflow: its form, its reason, and what follows."""
    case = opened_or_404(request, ref)
    definition = open_moves(case.rules.workflow, case.state, seats.roles_in(request.user, case)).get(move)
    if definition is None or move == "merge":
        raise Http404
    asked, after = case.rules.form(definition.form), case.rules.workflow.states[definition.to]
    posted = request.method == "POST"
    initial = {id: value for id, value in case.known.items()}
    form = form_class(asked.fields if asked else ())(request.POST if posted else None,
                                                     request.FILES if posted else None, initial=initial)  # fmt: skip
    why = WhyForm(request.POST if posted else None, required=definition.reason)
    if posted and all([form.is_valid(), why.is_valid()]):
        given = {"answers": form.answers(), "uploads": form.uploads(), "reason": why.cleaned_data["reason"]}
        try:
            services.move(case, move, by=request.user, **given)
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The case now stands at: %(state)s.") % {"state": after.title})
            return onward(request, case)
    context = {"case": case, "move": definition, "form": form, "why": why, "asked": asked,
               "next": after}  # fmt: skip
    return render(request, "cases/move.html", context, status=422 if posted else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKE_PART)
@never_cache
def contact(request, ref, kind):
    """A call, a visit, a letter. A phone without a line keeps what was written and sends it later, once."""
    case = opened_or_404(request, ref)
    definition = case.kind.contact(kind)
    roles = seats.roles_in(request.user, case)
    if definition is None or not roles & {*(definition.by or ("worker",)), "manager"}:
        raise Http404
    asked, posted = case.rules.form(definition.form), request.method == "POST"
    form = form_class(asked)(request.POST if posted else None, request.FILES if posted else None)
    day = DayForm(request.POST if posted else None, initial={"on": timezone.localdate()})
    by_script = request.headers.get("Accept", "").startswith("application/json")
    if posted and all([form.is_valid(), day.is_valid()]):
        try:
            made = services.record_contact(case, _contacted(request, kind, form, day), by=request.user)
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            if by_script:
                return JsonResponse({"kept": True})
            offer_back(request, _("Saved."), reverse("cases:withdraw", args=[case.ref, made.pk]))
            return onward(request, case)
    if posted and by_script:
        faults = {name: [str(f) for f in found] for name, found in (form.errors | day.errors).items()}
        return JsonResponse({"faults": faults}, status=422)
    key = request.POST.get("key") or uuid.uuid4()
    context = {"case": case, "contact": definition, "form": form, "day": day, "key": key, "asked": asked}
    return render(request, "cases/contact.html", context, status=422 if posted else 200)


def _contacted(request, kind: str, form, day) -> Contacted:
    place = None
    try:
        place = float(request.POST.get("lat", "")), float(request.POST.get("lon", ""))
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        key = _key(request)
    return Contacted(kind, day.cleaned_data["on"], form.answers(), form.uploads(), place, key)


def _key(request) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None


@require_POST
@requires(TAKE_PART)
def withdraw(request, ref, pk):
    """Take a contact back."""
    case = opened_or_404(request, ref)
    found = case.contacts.filter(pk=pk).select_related("case__edition").first()
    if found is None:
        raise Http404
    attempt(request, lambda: services.withdraw_contact(found, by=request.user), _("It was taken back."))
    return to_case(case)


@require_POST
@requires(TAKE_PART)
def note(request, ref):
    """Write a note."""
    case, form = opened_or_404(request, ref), NoteForm(request.POST)
    made = None
    if form.is_valid():
        made = attempt(request, lambda: services.add_note(case, form.cleaned_data["text"], by=request.user))
    else:
        refuse_fields(request, form)
    return to_case(case, "timeline" if made else "")


@require_POST
@requires(TAKE_PART)
def task(request, ref):
    """Add a task."""
    case = opened_or_404(request, ref)
    form = TaskForm(request.POST, users=users_who_see(case))
    made = None
    if form.is_valid():
        given = form.cleaned_data
        made = attempt(request, lambda: services.add_task(case, by=request.user, **given))
    else:
        refuse_fields(request, form)
    return to_case(case, "tasks" if made else "")


@require_POST
@requires(TAKE_PART)
def task_done(request, ref, pk):
    """A task is done, or is not done after all."""
    case = opened_or_404(request, ref)
    found = case.tasks.filter(pk=pk).select_related("case__edition").first()
    if found is None:
        raise Http404
    act = services.reopen_task if request.POST.get("again") else services.finish_task
    attempt(request, lambda: act(found, by=request.user))
    return to_case(case, "tasks")


@require_POST
@requires(TAKE_PART)
def file_add(request, ref):
    """Attach a file."""
    case = opened_or_404(request, ref)
    upload = request.FILES.get("file")
    if upload is None:
        raise Http404
    attempt(request, lambda: services.add_file(case, upload, by=request.user), _("The file was attached."))
    return to_case(case)


@require_POST
@requires(TAKE_PART)
def file_remove(request, ref, pk):
    """Take a file away."""
    case = opened_or_404(request, ref)
    found = case.files.filter(pk=pk).select_related("file", "case__edition").first()
    if found is None:
        raise Http404
    if attempt(request, lambda: services.remove_file(found, by=request.user)):
        offer_back(request, _("The file was removed."), reverse("cases:file_restore", args=[case.ref, pk]))
    return to_case(case)


@require_POST
@requires(TAKE_PART)
def file_restore(request, ref, pk):
    """Put a file back that was taken away."""
    case = opened_or_404(request, ref)
    found = case.files.filter(pk=pk).select_related("file", "case__edition").first()
    if found is None:
        raise Http404
    attempt(request, lambda: services.restore_file(found, by=request.user), _("The file is back."))
    return to_case(case)
