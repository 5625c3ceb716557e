"""The trail on a page and as a file."""

import csv
from io import StringIO

from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.core.audit import details, queries
from khet.core.audit.forms import TrailFilter
from khet.core.audit.services import record
from khet.core.audit.words import verb_words
from khet.kit.csv_files import harmless

ROWS = 100


@requires("audit.read")
@reads
def trail(request):
    """Who did what, with what, where, when and why; narrowed as asked."""
    form, rows, narrowed = _asked(request, request.GET)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    for entry in page.object_list:
        entry.words = verb_words(entry.verb)
        entry.details = details.in_words(entry)
    return render(request, "audit/list.html", {"form": form, "page": page, "narrowed": narrowed})


@requires("audit.read")
@require_POST
def export(request):
    """The same entries as a file; the export is an entry itself."""
    _form, rows, narrowed = _asked(request, request.POST)
    entry = record("audit.exported", by=request.user, org=request.user.org, count=rows.count(), after=narrowed)
    name = f"khet-audit-{timezone.localdate():%Y%m%d}.csv"
    lines = _lines(rows.filter(pk__lt=entry.pk).order_by("-pk"))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked(request, data):
    """(form, entries, what they were narrowed by): a wrong date or org narrows to nothing, not to all."""
    form = TrailFilter(data or None, viewer=request.user)
    rows = queries.entries(request.user)
    if not form.is_bound:
        return form, rows, {}
    if not form.is_valid():
        return form, rows.none(), {}
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    return form, queries.narrowed(rows, **asked), {name: str(value) for name, value in asked.items()}


def _lines(rows):
    """CSV lines, the first with a mark by which Excel knows the encoding."""
    yield "\ufeff" + _line([_("When"), _("Who"), _("Did what"), _("With what"), _("Where"), _("Reason"), _("Count")])
    for entry in rows.iterator(chunk_size=1000):
        yield _line([
            f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}", entry.actor.username, verb_words(entry.verb),
            entry.label or f"{entry.object_type} {entry.object_id}".strip(), entry.org.code if entry.org else "",
            entry.reason, "" if entry.count is None else entry.count,
        ])  # fmt: skip


def _line(cells) -> str:
    buffer = StringIO()
    csv.writer(buffer).writerow([harmless(cell) for cell in cells])
    return buffer.getvalue()
