"""An indicator: value, trend, schools, map, breakdowns, readings, what is done about it; and the list behind it."""

from functools import wraps

from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from khet.core.accounts.access import can, reads, requires
from khet.core.orgs.queries import names
from khet.insight.indicators import worklists
from khet.insight.indicators.queries import NotVisible
from khet.plan.groups import group_choices
from khet.web.desk.downloads import table_response
from khet.web.desk.place import org_of, period_of
from khet.web.desk.queries import casework
from khet.web.desk.queries.geo import features
from khet.web.desk.queries.indicator import IndicatorPage, known, sorted_rows
from khet.web.desk.templatetags.desk import sign_of

WORST = 8


def of_indicator(view):
    """Give a view the page of the indicator in its address; 404 when there is none, or none to be seen."""

    @wraps(view)
    def found(request, id):
        if not known(id):
            raise Http404
        page = IndicatorPage(request.user, id, org_of(request), period_of(request), _reading(request, id))
        try:
            page.value  # noqa: B018  raises here when the viewer may not see it
            return view(request, page)
        except NotVisible:
            raise Http404 from None

    return found


def _reading(request, id: str) -> str | None:
    from khet.core.catalogue import catalogue

    asked = request.GET.get("reading")
    readings = {reading.id for edition in catalogue().editions("indicator", id) for reading in edition.readings}
    return asked if asked in readings else None


@requires("plan.read")
@reads
@of_indicator
def page(request, page):
    """One indicator of one org."""
    page_rows = page.rows
    context = {
        "page": page,
        "org": page.org,
        "edition": page.edition,
        "value": page.value,
        "rows": page_rows[:WORST],
        "count": len(page_rows),
        "groups": group_choices(),
        "may_note": can(request.user, "notes.write", page.org),
        "may_enter": can(request.user, "figures.write", page.org),
        "may_load": can(request.user, "intake.write", page.org),
        "may_judge": can(request.user, "people.open", page.org),
        "has_map": bool(page_rows),
    }
    return render(request, "desk/indicator.html", context)


@requires("plan.read")
@reads
@of_indicator
def schools(request, page):
    """Every school with its value: sortable, searchable, as a file."""
    text = request.GET.get("q", "")
    rows = sorted_rows(page.aged_rows, request.GET.get("sort", "rank"), text)
    if request.GET.get("format"):
        return _download(request, page, rows)
    context = {"page": page, "org": page.org, "edition": page.edition, "value": page.value, "rows": rows, "text": text}
    return render(request, "desk/_school_rows.html" if request.htmx else "desk/indicator_schools.html", context)


def _download(request, page, rows):
    parts = list(page.value.parts)
    head = [
        _("Rank"),
        _("School code"),
        _("School"),
        f"{_('Value')} {sign_of(page.edition)}".strip(),
        _("Status"),
        *([_("Last result"), _("Next due")] if page.edition.renewed else []),
        *parts,
    ]
    body = []
    for row in rows:
        shown = _("withheld") if row.value.suppressed else row.value.value
        figures = [row.value.parts.get(part) for part in parts]
        ages = [row.renewal.last, row.renewal.due] if row.renewal else []
        body.append(
            [
                row.place.rank,
                row.value.org,
                row.name,
                shown,
                row.status,
                *(age.code if age else "" for age in ages),
                *figures,
            ]
        )
    notes = [
        str(page.edition.title),
        f"{page.org.name} · {page.value.period.code} · {page.shown_value}",
        str(page.edition.words),
    ]
    return table_response(request, f"{page.id}-{page.value.period.code}", head, body, notes=notes)


@requires("plan.read")
@reads
@of_indicator
def map_data(request, page):
    """The map of the schools' values as GeoJSON."""
    return JsonResponse(features(request.user, page), json_dumps_params={"ensure_ascii": False})


@requires("plan.read")
@reads
@of_indicator
def worklist(request, page):
    """The schools, children or posts behind the number that somebody can act on."""
    found = page.worklist
    if found is None:
        raise Http404
    rows = worklists.rows(request.user, found.id, page.org, page.value.period) or []
    orgs = names(request.user, {row.org for row in rows}, "plan.read")
    figures = list(dict.fromkeys(name for row in rows for name in row.figures))
    shown = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = casework.of_list(request.user, found.id, page.org, shown) | {
        "page": page,
        "org": page.org,
        "edition": page.edition,
        "list": found,
        "rows": shown,
        "figures": figures,
        "has_notes": any(row.note for row in rows),
        "has_places": any(row.place and row.place != orgs.get(row.org) for row in rows),
        "orgs": orgs,
    }
    return render(request, "desk/worklist.html", context)
