"""Results from and to a spreadsheet."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.core.audit.services import record
from khet.engines.assessments import queries, spreadsheet
from khet.engines.assessments.forms import SheetForm
from khet.engines.assessments.models import Load
from khet.engines.assessments.services import AssessmentError, loading
from khet.engines.assessments.views import sheet
from khet.engines.assessments.views.getting import back, get_managed
from khet.engines.assessments.views.results import _with_results

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 300


@requires("assess.manage")
def bulk(request, pk):
    """GET: give a spreadsheet. POST: check it."""
    round = get_managed(request, pk)
    form = SheetForm(request.POST or None, request.FILES or None, layers=round.layers)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            load = loading.check_load(round, asked["file"], layer=asked["layer"], by=request.user)
            return redirect("assessments:load", load.pk)
        except AssessmentError as error:
            form.add_error("file", str(error))
    page = {"form": form, "round": round, "loads": list(queries.loads(request.user).filter(round=round)[:20])}
    return render(request, "assessments/bulk.html", page, status=422 if request.method == "POST" else 200)


@requires("assess.manage")
@reads
def load(request, pk):
    """What a spreadsheet would change, or why it cannot be taken."""
    found = get_object_or_404(queries.loads(request.user), pk=pk)
    changes = loading.difference(found)[0] if found.state == Load.State.CHECKED else []
    orgs = dict(found.round.assessments.values_list("pk", "org__name"))
    framework, na = found.round.framework, _("does not apply")
    shown = [
        {
            "org": orgs.get(change.assessment, ""),
            "criterion": framework.by_id[change.criterion].printed,
            "before": sheet.answer_words(framework, change.criterion, change.before, na),
            "after": sheet.answer_words(framework, change.criterion, change.after, na),
        }
        for change in changes[:MOST_SHOWN]
    ]
    faults = [dict(zip(("where", "what", "mend"), one, strict=True)) for one in found.content.get("faults", [])]
    page = {
        "load": found, "changes": shown, "more": max(0, len(changes) - MOST_SHOWN), "faults": faults[:500],
        "may_write": bool(changes),
    }  # fmt: skip
    return render(request, "assessments/load.html", page)


@require_POST
@requires("assess.manage")
def load_act(request, pk, act):
    """Write a load, or undo it."""
    found = get_object_or_404(queries.loads(request.user), pk=pk)
    url = reverse("assessments:load", args=[pk])
    try:
        if act == "undo":
            count = loading.undo_load(found, by=request.user)
            return back(request, None, url, done=_("%(count)s answers were put back.") % {"count": count})
        loading.write_load(found, by=request.user)
    except AssessmentError as error:
        return back(request, error, url)
    return back(request, None, url, done=_("The results were written."))


@requires("assess.manage")
@reads
def template(request, pk):
    """The empty spreadsheet of a round."""
    round = get_managed(request, pk)
    rows = round.assessments.filter(person=None, label="").select_related("org").defer("result").order_by("org__code")
    return _xlsx(spreadsheet.empty_sheet(round, rows), f"{round.period}-{round.framework.id}.xlsx")


@requires("assess.manage")
def export(request, pk):
    """The results of a round as a spreadsheet; leaving it is noted in the trail."""
    round = get_managed(request, pk)
    rows = _with_results(request.user, round)
    record("round.exported", round, by=request.user, org=round.org, count=len(rows))
    return _xlsx(spreadsheet.results_sheet(round, rows), f"{round.period}-{round.framework.id}-results.xlsx")


def _xlsx(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
