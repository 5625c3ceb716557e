"""The list as a file: what a class teacher needs to find the pupil at school, and nothing that tells why."""

import csv
import io

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.ui.formats import be_date, be_datetime

_UNSAFE = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


def as_csv(request, run, rows) -> HttpResponse:
    """Place, school, class, school's own number and what was done. No name, identifier, reason, sign or chance."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [_("Place"), _("School code"), _("School"), _("Grade"), _("Room"), _("Number at school"), _("Last step")]
    )
    for row in rows:
        spell = row.warning.enrolment
        cells = [row.warning.rank, row.warning.school.code, row.warning.school.name, spell.grade, spell.room,
                 spell.student_number, row.last.title if row.last else ""]  # fmt: skip
        writer.writerow([_safe(cell) for cell in cells])
    writer.writerow([])
    writer.writerow([_safe(f"{run.org} · {be_date(run.day)} · {request.user} · {be_datetime(timezone.now())}")])
    writer.writerow([_("Being on this list is sensitive. Delete the file when it has served.")])
    response = HttpResponse(("\ufeff" + text.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="early-warning-{run.pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _safe(cell):
    text = str(cell)
    return f"'{text}" if text.startswith(_UNSAFE) else text
