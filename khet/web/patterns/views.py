"""Pages: which kinds of case one answers for, what their cases tell together, and what was learnt."""

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from khet.core.accounts.access import can, reads, requires
from khet.core.forms.answers import readable
from khet.engines.cases.queries import overview as cases
from khet.engines.cases.schema import CaseKind
from khet.insight.indicators.queries import NotVisible
from khet.web.desk.place import period_of
from khet.web.desk.queries.geo import features
from khet.web.patterns import places, queries

TAKE_PART = "cases.take_part"


@requires(TAKE_PART)
@reads
def overview(request):
    """The kinds one answers for; a single one opens at once."""
    found = queries.kinds(request.user)
    if len(found) == 1:
        return redirect("patterns:pattern", found[0].family)
    return render(request, "patterns/list.html", {"kinds": found})


@requires(TAKE_PART)
@never_cache
@reads
def pattern(request, family):
    """What the cases of a kind tell together."""
    kind = _kind(request, family)
    found = queries.cases_of(request.user, family)
    context = {
        "kind": kind, "office": queries.office_for(request.user), "values": list(queries.values_of(request.user, kind)),
        "drawings": queries.over_time(kind, found), "audits": queries.audits(kind, found), "months": queries.MONTHS,
        "has_rate": places.rate_of(kind) is not None,
    }  # fmt: skip
    return render(request, "patterns/pattern.html", context)


@requires(TAKE_PART)
@never_cache
@reads
def by_school(request, family):
    """The cases of a kind beside the pupils of each school: on the map, and the same as a table."""
    kind = _kind(request, family)
    shown = _shown(request, kind)
    context = {
        "kind": kind, "shown": shown, "has_points": bool(features(request.user, shown)["features"]),
        "may_bring_maps": can(request.user, "orgs.manage", shown.org),
    }  # fmt: skip
    return render(request, "patterns/map.html", context)


@requires(TAKE_PART)
@never_cache
@reads
def map_data(request, family):
    """The map as GeoJSON."""
    shown = _shown(request, _kind(request, family))
    return JsonResponse(features(request.user, shown), json_dumps_params={"ensure_ascii": False})


def _kind(request, family: str) -> CaseKind:
    """The kind of an address, for who answers for it. Raises Http404."""
    kind = next((one for one in queries.kinds(request.user) if one.family == family), None)
    if kind is None:
        raise Http404
    return kind


def _shown(request, kind: CaseKind) -> places.BySchool:
    """What was chosen in the address; what it names wrongly does not exist."""
    rate, office = places.rate_of(kind), queries.office_for(request.user)
    if rate is None:
        raise Http404
    try:
        return places.by_school(request.user, office, rate, period_of(request), request.GET.get("group", ""))
    except NotVisible:
        raise Http404 from None


@requires(TAKE_PART)
@reads
def lessons(request):
    """What was learnt and changed, without a school, a day or a name."""
    office = queries.office_for(request.user)
    found = cases.lessons(request.user, office) if office else []
    rows = [(case.kind.title, words, readable(fields, case.answers)) for case, fields, words in found]
    return render(request, "patterns/lessons.html", {"rows": rows, "office": office})
