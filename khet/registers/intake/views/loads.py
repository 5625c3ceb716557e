"""The list of loads with the place to drop files, and one load from its check to its report."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from khet.core.accounts.access import can, reads, requires
from khet.core.ui.place import current_office
from khet.registers.intake import queries, reading, services, tasks
from khet.registers.intake.forms import AgainForm, FilterForm, UndoForm, UploadForm
from khet.registers.intake.models import State
from khet.registers.intake.recheck import OPEN
from khet.registers.intake.views import words

ON_A_PAGE = 25
FAULTS_ON_A_PAGE = 50


@requires("intake.write")
@never_cache
def overview(request):
    """GET: loads, newest first. POST: take in files, a load for each kind, and start checking them."""
    if request.method == "POST":
        return _receive(request)
    return _overview(request)


@reads
def _overview(request):
    return render(request, "intake/_loads.html" if request.htmx else "intake/list.html", _list(request, UploadForm()))


def _list(request, form) -> dict:
    office = current_office(request)
    chosen = FilterForm(request.GET or None)
    found = queries.loads(request.user, office).prefetch_related("files")
    if chosen.is_bound and chosen.is_valid():
        found = found.filter(**{name: value for name, value in chosen.cleaned_data.items() if value})
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return {
        "form": form,
        "filter_form": chosen,
        "filtered": any(request.GET.get(name) for name in chosen.fields),
        "page": page,
        "rows": [words.summary(batch) for batch in page],
        "working": any(queries.is_working(batch) for batch in page),
        "limit": min(settings.KHET_LARGEST_UPLOAD, reading.MAX_FILE),
    }


def _receive(request):
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        batches, refused = _take(request, form.cleaned_data["files"], form.cleaned_data["as_of"])
        for name, why in refused:
            messages.error(request, f"{name}: {why}")
        if batches:
            return redirect("intake:load", batches[0].pk) if len(batches) == 1 else redirect("intake:list")
        if refused:
            return redirect("intake:list")
    return render(request, "intake/list.html", _list(request, form), status=422)


def _take(request, files, as_of):
    """(loads, [(name, why refused)]): one damaged file does not keep the others out."""
    good, refused = [], []
    for file in files:
        try:
            reading.members(file.read(), file.name)
            file.seek(0)
            good.append(file)
        except reading.FileError as error:
            refused.append((file.name, str(error)))
    try:
        batches = services.receive_all(good, by=request.user, as_of=as_of, org=_place(request))
    except (services.IntakeError, reading.FileError) as error:
        return [], [*refused, (", ".join(file.name for file in good), str(error))]
    for batch in batches:
        tasks.start(batch, "check", by=request.user)
    if len(batches) > 1:
        messages.success(
            request, _("%(count)s loads were made, in the order in which they go in.") % {"count": len(batches)}
        )
    return batches, refused


def _place(request):
    """The office looked at where the viewer loads for it; None lets the service take the viewer's own place."""
    office = current_office(request)
    return office if office is not None and can(request.user, "intake.write", office) else None


@requires("intake.write")
@never_cache
@reads
def load(request, pk):
    """One load: what it is, what it would change, what is wrong in it; its report once it is written."""
    batch = get_object_or_404(queries.loads(request.user).prefetch_related("files"), pk=pk)
    working = queries.is_working(batch)
    page = {
        "batch": batch,
        "summary": words.summary(batch),
        "working": working,
        "stuck": queries.is_stuck(batch),
        "phase": words.phase(batch),
        "steps": words.steps(batch),
    }
    if request.htmx:
        response = render(request, "intake/_working.html", page)
        if not working:
            response["HX-Refresh"] = "true"
        return response
    if not working:
        page |= _found(request, batch)
    return render(request, "intake/load.html", page)


def _found(request, batch) -> dict:
    """What the check has found."""
    personal = queries.is_personal(batch)
    opens = batch.org is not None and can(request.user, "people.open", batch.org)
    is_open = batch.state in OPEN and not batch.committed_at
    choices = queries.choices_of_school(batch) if batch.waiting else []
    return {
        "recognised": words.recognised(batch),
        "tally": words.tally(batch),
        "kinds": [words.kind(kind, batch) for kind in queries.fault_kinds(batch)],
        "schools": [(school, [row.get(word) for word in words.COUNTS]) for school, row in queries.by_school(batch)],
        "count_words": words.COUNTS,
        "samples": words.samples(batch, queries.samples(request.user, batch)),
        "questions": words.questions(batch),
        "school_choices": choices,
        "without_schools": bool(batch.waiting) and not choices,
        "schools_since": is_open and _schools_since(batch, choices),
        "is_open": is_open,
        "writes": words.to_write(batch),
        "earlier": queries.earlier(request.user, batch) if is_open else [],
        "personal": personal,
        "may_have_whole_rows": opens,
        "may_open_rows": opens or not personal,
        "again": AgainForm(initial={"source": batch.source, "as_of": batch.as_of if batch.as_of_given else None}),
        "undo_form": UndoForm(),
        "may_undo": bool(batch.committed_at) and batch.state in (State.COMMITTED, State.CHECKED),
    }


def _schools_since(batch, schools) -> bool:
    """Whether a school whose code the check did not know is on record now."""
    codes = {school.code for school in schools}
    return any(item.get("code") in codes and not item.get("known") for item in batch.waiting)


@requires("intake.write")
@never_cache
@reads
def faults(request, pk):
    """Every fault of a load, or of one kind (?severity= &code= &field=), in the order of the file."""
    batch = get_object_or_404(queries.loads(request.user).prefetch_related("files"), pk=pk)
    chosen = {name: request.GET.get(name, "") for name in ("severity", "code", "field")}
    found = queries.faults(batch, chosen["severity"], chosen["code"], chosen["field"])
    page = Paginator(found, FAULTS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [words.fault(fault, batch) for fault in page]
    opens = batch.org is not None and can(request.user, "people.open", batch.org)
    context = {
        "may_open_rows": opens or not queries.is_personal(batch),
        "batch": batch,
        "page": page,
        "rows": rows,
        "chosen": chosen,
        "total": words.fault_total(batch, chosen),
    }
    return render(request, "intake/faults.html", context)
