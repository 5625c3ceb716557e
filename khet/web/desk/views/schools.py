"""Schools: the list and the page of one."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from khet.core.accounts.access import can, reads, requires
from khet.core.orgs.queries import names_of
from khet.core.ui.place import current_office
from khet.plan import queries as plans
from khet.web.desk.downloads import table_response
from khet.web.desk.queries import followup
from khet.web.desk.queries import quality as data_quality
from khet.web.desk.queries import schools as queries

ON_A_PAGE = 60


@requires("plan.read")
@reads
def overview(request):
    """The schools of the office."""
    office = current_office(request)
    if office is None:
        raise Http404
    text, cluster = request.GET.get("q", "").strip(), request.GET.get("cluster", "")
    rows = _sorted(queries.listed(request.user, office, text=text, cluster=cluster), request.GET.get("sort", ""))
    if request.GET.get("format"):
        head = [_("School code"), _("School"), _("Cluster"), _("Subdistrict"), _("Pupils")]
        body = [[row.org.code, str(row.org), row.cluster, row.subdistrict, row.pupils] for row in rows]
        return table_response(request, f"schools-{office.code}", head, body)
    page = {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "text": text,
        "cluster": cluster,
        "clusters": queries.clusters(request.user, office),
        "year": queries.newest_year(office),
        "may_load": can(request.user, "intake.write", office),
    }
    return render(request, "desk/_schools.html" if request.htmx else "desk/schools.html", page)


def _sorted(rows, key: str):
    if key.removeprefix("-") == "pupils":
        return sorted(rows, key=lambda row: row.pupils or 0, reverse=key.startswith("-"))
    if key.removeprefix("-") == "cluster":
        return sorted(rows, key=lambda row: row.cluster, reverse=key.startswith("-"))
    return rows[::-1] if key == "-school" else rows


@requires("plan.read")
@reads
def school(request, code):
    """One school: profile, its indicators beside others, pupils, staff, loads, what is to be done."""
    org = get_object_or_404(queries.schools(request.user), code=code)
    places, rows = queries.compared(request.user, org)
    year = queries.newest_year(org)
    staff_year, staff = queries.staff_by_type(request.user, org)
    grades = queries.pupils_by_grade(request.user, org, year)
    page = {
        "org": org,
        "profile": queries.profile(request.user, org),
        "places": places,
        "rows": rows,
        "year": year,
        "grades": grades,
        "pupils": sum(together for _grade, _cells, together in grades),
        "staff_year": staff_year,
        "staff": staff,
        "quality": data_quality.of_school(request.user, org),
        "actions": followup.named(plans.actions(request.user, org=org).open()[:20]),
        "names": names_of(org),
        "may_list": can(request.user, "people.list", org),
    }
    return render(request, "desk/school.html", page)
