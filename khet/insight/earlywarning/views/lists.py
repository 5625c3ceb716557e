"""The list by school, the pupils of a school, how good the list is, asking for a new one, the list as a file."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.core.orgs.models import Kind
from khet.core.ui.place import current_office
from khet.insight.earlywarning import queries, services, tasks
from khet.insight.earlywarning.forms import ExportForm, RunForm
from khet.insight.earlywarning.views.files import as_csv
from khet.insight.earlywarning.views.words import card_page, letters

ON_A_PAGE = 50


@requires("people.open")
@never_cache
@reads
def schools(request):
    """Where to look first: the schools of the newest list, most pressing first. A school goes to its own pupils."""
    office = current_office(request)
    run, working = queries.newest(request.user, office), queries.under_way(request.user, office)
    context = {
        "office": office, "run": run, "working": working, "may_run": queries.may_run(request.user, office),
        "form": RunForm(initial={"capacity": run.capacity if run else None}), "export_form": ExportForm(),
    }  # fmt: skip
    if request.htmx:
        response = render(request, "earlywarning/_working.html", context)
        if working is None or working.state == "failed":
            response["HX-Refresh"] = "true"
        return response
    if run is not None:
        context["rows"] = queries.schools(request.user, run)
        if len(context["rows"]) == 1 and not context["may_run"]:
            return redirect("earlywarning:school", context["rows"][0].school.code)
        context["totals"] = _totals(context["rows"])
    return render(request, "earlywarning/schools.html", context)


def _totals(rows) -> dict[str, int]:
    names = ("pupils", "act", "listed", "stopped", "met", "waiting")
    return {name: sum(getattr(row, name) for row in rows) for name in names}


@requires("people.open")
@never_cache
@reads
def school(request, code):
    """The pupils of one school on the newest list: class, kind of signs and what was done; no reasons yet."""
    run, place = _place(request, code)
    rows = queries.pupils(request.user, run, place)
    page = Paginator([row for row in rows if not row.overruled], ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "run": run, "school": place, "page": page, "overruled": [row for row in rows if row.overruled],
        "summary": next((row for row in queries.schools(request.user, run) if row.school == place), None),
        "rows": [(row, letters(row.warning)) for row in page], "guide": run.edition.guide, "rules": run.edition,
        "export_form": ExportForm(), "waiting": sum(row.waiting_days is not None for row in rows),
    }  # fmt: skip
    return render(request, "earlywarning/school.html", context)


def _place(request, code):
    """(newest list, school); 404 where there is none, or the viewer may not open the school's records."""
    place = get_object_or_404(queries.places(request.user), code=code, kind=Kind.SCHOOL)
    run = queries.newest(request.user, queries.office_above(place))
    if run is None:
        raise Http404
    return run, place


@requires("people.open")
@never_cache
@reads
def card(request):
    """How good this list is: what rules and model would have found in a year that is over, and for whom."""
    run = queries.newest(request.user, current_office(request))
    if run is None:
        return redirect("earlywarning:schools")
    return render(request, "earlywarning/card.html", {"run": run, "rules": run.edition} | card_page(run))


@require_POST
@requires("people.open")
def run(request):
    """Ask for a new list; it is made in the background."""
    office = current_office(request)
    if not queries.may_run(request.user, office):
        raise Http404
    form = RunForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write a number of pupils from 1 to 20,000, or leave the field empty."))
        return redirect("earlywarning:schools")
    try:
        tasks.start(office, by=request.user, capacity=form.cleaned_data["capacity"])
    except services.RunError as error:
        messages.error(request, str(error))
    return redirect("earlywarning:schools")


@require_POST
@requires("people.open")
@never_cache
def export(request):
    """The list as csv for who may open it: classes and numbers of the school, no names, no reasons, no chances."""
    code = request.POST.get("school", "")
    office = current_office(request)
    run, place = _place(request, code) if code else (queries.newest(request.user, office), None)
    if run is None:
        raise Http404
    rows = queries.pupils(request.user, run, place)
    try:
        services.note_export(
            run, by=request.user, org=place or run.org, count=len(rows), reason=request.POST.get("reason", "")
        )
    except services.FollowUpError as error:
        messages.error(request, str(error))
        return redirect("earlywarning:school", code) if code else redirect("earlywarning:schools")
    return as_csv(request, run, rows)
