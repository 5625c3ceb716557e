"""The heat map of data quality: source × school."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from khet.core.accounts.access import can, reads, requires
from khet.core.ui.place import current_office
from khet.web.desk.downloads import table_response
from khet.web.desk.queries import quality as queries


@requires("plan.read")
@reads
def overview(request):
    """What is missing, late or faulty, and the next act."""
    office = current_office(request)
    if office is None:
        raise Http404
    columns, rows = queries.heat_map(request.user, office)
    only = request.GET.get("only") == "faults"
    if only:
        rows = [row for row in rows if row.worst != queries.GOOD]
    if request.GET.get("sort") == "worst":
        rows = sorted(rows, key=lambda row: row.worst)
    if request.GET.get("format"):
        body = [[row.org.code, str(row.org), *(_said(cell) for cell in row.cells)] for row in rows]
        head = [_("School code"), _("School"), *(column.title for column in columns)]
        return table_response(request, f"quality-{office.code}", head, body)
    page = {
        "columns": columns,
        "rows": [(row, [(cell, _said(cell)) for cell in row.cells]) for row in rows],
        "only": only,
        "may_load": can(request.user, "intake.write"),
        "last": queries.last_load(office),
    }
    return render(request, "desk/quality.html", page)


def _said(cell) -> str:
    """The cell in words."""
    if not cell.expected:
        return _("no such grade")
    if not cell.complete:
        return _("missing")
    if cell.valid is not None and cell.valid < queries.ACCEPTED:
        return _("%(share)s%% valid") % {"share": int(100 * cell.valid)}
    return _("complete") if cell.timely else _("old")
