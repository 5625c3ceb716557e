"""Census days: what was frozen, a school's counts, a round against another."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import can, reads, requires
from khet.core.ui.place import current_office
from khet.facts.disclosure import may_see_small
from khet.kit.periods import Period, PeriodError
from khet.kit.thai import sort_key
from khet.web.desk.downloads import table_response
from khet.web.desk.queries import census as queries
from khet.web.desk.queries.small import hidden
from khet.web.desk.services import census as services

HIDDEN = "•"


@requires("plan.read")
@reads
def overview(request):
    """The rounds of the last years, frozen or waiting."""
    office = current_office(request)
    frozen = {one.round: one for one in queries.snapshots(request.user, office)} if office else {}
    rounds = [(period, frozen.get(period.code)) for period in queries.rounds()]
    page = {"rounds": rounds, "may_freeze": office is not None and can(request.user, "plan.write", office)}
    return render(request, "desk/census.html", page)


@require_POST
@requires("plan.write")
def freeze(request):
    """Count a census day and keep the count."""
    office = current_office(request)
    if office is None or not can(request.user, "plan.write", office):
        return redirect("desk:census")
    try:
        period = Period.parse(request.POST.get("round", ""))
        snapshot = services.freeze(office, period, by=request.user, reason=request.POST.get("reason", ""))
    except PeriodError:
        messages.error(request, _("Choose one of the census days."))
        return redirect("desk:census")
    except services.CensusError as error:
        messages.error(request, str(error))
        return redirect("desk:census")
    return redirect("desk:census_round", snapshot.round)


@requires("plan.read")
@reads
def round(request, code):
    """One round: a row for each school, beside another round when one is named (?with=)."""
    office = current_office(request)
    frozen = queries.snapshots(request.user, office)
    snapshot = get_object_or_404(frozen, round=code)
    others = list(frozen.exclude(pk=snapshot.pk))
    other = next((one for one in others if one.round == request.GET.get("with")), None)
    grades, rows = queries.table(request.user, snapshot, other)
    small = may_see_small(request.user, office)
    rows = _sorted(rows, request.GET.get("sort", "school"))
    if request.GET.get("format") in ("csv", "xlsx"):
        return _download(request, snapshot, grades, rows, small)
    page = {
        "snapshot": snapshot,
        "period": snapshot.period,
        "others": others,
        "other": other,
        "grades": grades,
        "rows": [(row, *_cells(row, grades, small)) for row in rows],
        "total": sum(row.pupils for row in rows),
        "small": small,
    }
    return render(request, "desk/census_round.html", page)


def _sorted(rows, key: str):
    order = {
        "school": lambda row: sort_key(str(row.school)),
        "pupils": lambda row: row.pupils,
        "change": lambda row: row.change or 0,
    }.get(key.removeprefix("-"), lambda row: sort_key(str(row.school)))
    return sorted(rows, key=order, reverse=key.startswith("-"))


def _cells(row, grades, small: bool) -> tuple[list, list]:
    """(counts by grade, counts by sex) as they may be shown; None is withheld, beside its total a second one too."""
    by_grade = [row.by_grade.get(grade) for grade in grades]
    by_sex = [row.by_sex.get(sex, 0) for sex in queries.SEXES]
    if small:
        return by_grade, by_sex
    return _withheld(by_grade), _withheld(by_sex)


def _withheld(cells: list) -> list:
    return [HIDDEN if hide else cell for cell, hide in zip(cells, hidden("pupils", cells), strict=True)]


def _download(request, snapshot, grades, rows, small):
    head = [_("School code"), _("School"), *grades, _("Boys"), _("Girls"), _("Total")]
    body = []
    for row in rows:
        by_grade, by_sex = _cells(row, grades, small)
        body.append([row.school.code, str(row.school), *by_grade, *by_sex, row.pupils])
    return table_response(request, f"census-{snapshot.round}", head, body)
