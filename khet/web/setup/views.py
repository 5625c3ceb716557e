"""The steps of the first run. The first two are open until somebody has an account; the others ask for rights."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from khet.core.accounts.access import can, requires
from khet.core.accounts.middleware import watch
from khet.core.accounts.queries import nobody_works_here
from khet.core.catalogue import catalogue
from khet.core.orgs.queries import default_office
from khet.core.orgs.services import OrgError
from khet.core.ui.place import current_office
from khet.plan.forms import UploadForm, YearsForm
from khet.plan.services import DocumentError, PlanError, draft_edition, receive_document
from khet.plan.services.documents import LARGEST
from khet.web.setup import progress, services
from khet.web.setup.entry import first_run
from khet.web.setup.forms import AdministratorForm, OfficeForm


@login_not_required
def begin(request):
    """What the set-up asks; later, for who runs the office, where it stands."""
    if nobody_works_here():
        return _welcome(request)
    if not can(request.user, "users.manage"):
        return redirect("/")
    place = current_office(request)
    return render(
        request, "setup/state.html", {"steps": progress.steps(office=place), "next": progress.next_step(place)}
    )


@first_run
def _welcome(request):
    return render(request, "setup/welcome.html", {"steps": progress.steps(), "next": progress.next_step()})


@first_run
def office(request):
    """Which office is this?"""
    known = default_office()
    form = OfficeForm(request.POST or None, initial=OfficeForm.as_typed(known) if known else None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name", "code", "name_en", "ministry")}
        try:
            services.name_office(**given)
        except OrgError as error:
            form.add_error("code", str(error))
        else:
            return redirect("setup:administrator")
    return _page(request, "office", {"form": form, "renames": known is not None})


@sensitive_post_parameters("password", "again")
@first_run
def administrator(request):
    """Who opens all other accounts? The answer is signed in at once."""
    if default_office() is None:
        return redirect("setup:office")
    form = AdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("full_name", "username", "password", "email")}
        user = services.open_first_account(**given, language=(get_language() or "th")[:2])
        login(request, user)
        watch(request)
        return redirect("setup:plan")
    return _page(request, "administrator", {"form": form})


@requires("plan.write")
def plan(request):
    """The published plan: upload, what was read, review and adoption."""
    place = current_office(request)
    document, draft = progress.document(place, request.GET.get("document")), progress.draft_of_plan(place)
    upload, years = UploadForm(), YearsForm(document=document)
    if request.method == "POST" and document and "from_year" in request.POST:
        years = YearsForm(request.POST)
        if years.is_valid() and (answer := _draft(request, document, years)):
            return answer
    elif request.method == "POST":
        upload = UploadForm(request.POST, request.FILES)
        if upload.is_valid() and (answer := _receive(request, upload)):
            return answer
    context = {
        "document": document,
        "draft": draft,
        "adopted": progress.adopted_plan(place),
        "counts": (counts := progress.what_was_read(document)),
        "holds_a_plan": any(count for _name, count in counts),
        "upload": upload,
        "years": years,
        "limit": LARGEST,
        "form": upload if upload.errors else years,
    }
    return _page(request, "plan", context)


def _receive(request, form):
    try:
        document = receive_document(current_office(request), form.cleaned_data["file"], by=request.user)
    except DocumentError as error:
        form.add_error("file", str(error))
        return None
    if any(count for _name, count in progress.what_was_read(document)):
        messages.success(request, _("The document was read."))
    return redirect(reverse("setup:plan") + f"?document={document.pk}")


def _draft(request, document, form):
    try:
        edition = draft_edition(document, form.cleaned_data["from_year"], form.cleaned_data["to_year"], by=request.user)
    except PlanError as error:
        form.add_error(None, str(error))
        return None
    return redirect("plan:edition", edition.pk)


@requires("intake.write")
def files(request):
    """The files the office already has: which kinds are known, what is loaded."""
    sources = sorted(catalogue().all("source"), key=lambda source: source.order)
    return _page(request, "files", {"sources": sources, "loaded": progress.loaded_files(current_office(request))})


def _page(request, step: str, context: dict):
    form = context.get("form")
    status = 422 if form is not None and form.errors else 200
    context = {"steps": progress.steps(step, current_office(request)), **context}
    return render(request, f"setup/{step}.html", context, status=status)
