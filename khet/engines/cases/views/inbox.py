"""The inbox, and the list as a file."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.core.audit.services import record
from khet.core.ui.formats import be_date
from khet.engines.cases import editions, queries, services
from khet.engines.cases.forms import EnterForm, InboxFilter
from khet.engines.cases.queries import bulk as together
from khet.engines.cases.queries import finding
from khet.engines.cases.services.circling import may_enter
from khet.engines.cases.views.base import REFUSED, TAKE_PART
from khet.kit.csv_files import csv_text

ON_A_PAGE = 50


@requires(TAKE_PART)
@never_cache
@reads
def inbox(request):
    """The cases the viewer sees, most pressing first."""
    form = InboxFilter(request.GET or None, viewer=request.user)
    rows = queries.cases(request.user, form.asked())
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    known = queries.names(rows)
    for row in rows:
        row.child, row.shown = known.get(row.pk, ""), queries.shown(row)
    context = {
        "form": form, "page": page, "rows": rows, "counts": queries.counts(request.user), "narrowed": bool(request.GET),
        "may_begin": bool(queries.kinds_to_begin(request.user)), "referrals": queries.referrals_here(request.user),
        "may_enter": _enters(request.user), "asked": form.asked(), "many_kinds": "kind" in form.fields,
        "offers": together.offers(request.user, rows),
    }  # fmt: skip
    return render(request, "cases/_rows.html" if request.htmx else "cases/inbox.html", context)


def _enters(viewer) -> bool:
    kinds = editions.on_offer(timezone.localdate())
    return any(grant.role in kind.may_enter for kind in kinds for grant in viewer.grants)


@require_POST
@requires(TAKE_PART)
@never_cache
def export(request):
    """The list as csv: numbers, kinds, states and days; no name, nothing that was written."""
    form = InboxFilter(request.POST, viewer=request.user)
    rows = list(queries.cases(request.user, form.asked())[:5000])
    record("case.exported", by=request.user, org=request.user.org, count=len(rows))
    heads = [
        _("Number of the case"), _("Kind of case"), _("State"), _("Level"), _("Handled at"), _("Received"), _("Due by"),
        _("Closed on"),
    ]  # fmt: skip
    lines = [heads]
    for case in rows:
        days = [be_date(day) if day else "" for day in (case.received_at, case.due_at, case.closed_at)]
        level = case.level_of.title if case.level_of else ""
        lines.append([case.number, case.kind.title, case.stands.title, level, case.org, *days])
    response = HttpResponse(csv_text(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="cases.csv"'
    return response


@requires(TAKE_PART)
@never_cache
def enter(request):
    """Enter a closed circle by the number of its case, with a reason; all members hear of it."""
    if not _enters(request.user):
        raise Http404
    form = EnterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        case = finding.by_number(form.cleaned_data["number"])
        if case is None or not may_enter(request.user, case):
            form.add_error("number", _("No case of this number that you may enter."))
        else:
            try:
                services.enter(case, form.cleaned_data["reason"], by=request.user)
                services.open_case(request.session, case, form.cleaned_data["reason"], by=request.user)
                return redirect("cases:case", case.ref)
            except REFUSED as error:
                form.add_error(None, str(error))
    return render(request, "cases/enter.html", {"form": form}, status=422 if form.errors else 200)
