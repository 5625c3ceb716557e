"""Documents and editions: the list, an upload, a document with what was read in it."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import can, reads, requires
from khet.core.ui.place import current_office
from khet.plan import queries, services
from khet.plan.forms import UploadForm, YearsForm
from khet.plan.services.documents import LARGEST


@requires("plan.read")
@reads
def overview(request):
    """Plan documents and editions of the office."""
    office = current_office(request)
    page = {
        "documents": queries.documents(request.user, office),
        "editions": queries.editions(request.user, office),
        "may_write": office is not None and can(request.user, "plan.write", office),
    }
    return render(request, "plan/overview.html", page)


@requires("plan.write")
def upload(request):
    """Take in a document; what was read is shown next."""
    office = current_office(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST" and form.is_valid() and can(request.user, "plan.write", office):
        try:
            document = services.receive_document(office, form.cleaned_data["file"], by=request.user)
            return redirect("plan:document", document.pk)
        except services.DocumentError as error:
            form.add_error("file", str(error))
    if form.errors:
        status = 422
    return render(request, "plan/upload.html", {"form": form, "limit": LARGEST}, status=status)


@requires("plan.read")
@reads
def document(request, pk):
    """A document: what was read, line by line, and the notices."""
    found = get_object_or_404(queries.documents(request.user), pk=pk)
    marked = {notice.get("line"): notice["message"] for notice in found.notices}
    page = {
        "document": found,
        "notices": found.notices,
        "lines": [(number, text, marked.get(number)) for number, text in found.numbered_lines],
        "editions": queries.editions(request.user).filter(document=found),
        "counts": _counts(found.reading),
        "form": YearsForm(document=found),
        "may_write": can(request.user, "plan.write", found.org),
    }
    return render(request, "plan/document.html", page)


def _counts(reading: dict) -> list[tuple[str, int]]:
    """How many of each sort were read."""
    strategies = reading.get("strategies", [])
    indicators = len(reading.get("indicators", [])) + sum(len(s["indicators"]) for s in strategies)
    return [
        (_("Core values"), len(reading.get("values", []))),
        (_("Missions"), len(reading.get("missions", []))),
        (_("Goals"), len(reading.get("goals", [])) + sum(len(s["goals"]) for s in strategies)),
        (_("Strategies"), len(strategies)),
        (_("Tactics"), sum(len(s["tactics"]) for s in strategies)),
        (_("Indicators"), indicators),
    ]


@requires("plan.read")
@reads
def original(request, pk):
    """The file as it came, always as a download: a page of somebody else's must not run as ours."""
    found = get_object_or_404(queries.documents(request.user), pk=pk)
    response = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["Content-Security-Policy"] = "sandbox"
    return response


@require_POST
@requires("plan.write")
def draft(request, pk):
    """Make a draft of the plan from a document."""
    found = get_object_or_404(queries.documents(request.user, permission="plan.write"), pk=pk)
    form = YearsForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return redirect("plan:document", pk)
    try:
        edition = services.draft_edition(
            found, form.cleaned_data["from_year"], form.cleaned_data["to_year"], by=request.user
        )
    except services.PlanError as error:
        messages.error(request, str(error))
        return redirect("plan:document", pk)
    return redirect("plan:edition", edition.pk)
