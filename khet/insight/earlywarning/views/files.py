"""The list as a file: what a class teacher needs to find the pupil at school, and nothing that tells why."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.ui.formats import be_date, be_datetime
from khet.kit.csv_files import csv_text


def as_csv(request, run, rows) -> HttpResponse:
    """Place, school, class, school's own number and what was done. No name, identifier, reason, sign or chance."""
    heads = [_("Place"), _("School code"), _("School"), _("Grade"), _("Room"), _("Number at school"), _("Last step")]
    lines: list[list] = [heads]
    for row in rows:
        spell, school, last = row.warning.enrolment, row.warning.school, row.last.title if row.last else ""
        number = spell.student_number
        lines.append([row.warning.rank, school.code, school.name, spell.grade, spell.room, number, last])
    lines += [[], [f"{run.org} · {be_date(run.day)} · {request.user} · {be_datetime(timezone.now())}"]]
    lines.append([_("Being on this list is sensitive. Delete the file when it has served.")])
    response = HttpResponse(csv_text(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="early-warning-{run.pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response
