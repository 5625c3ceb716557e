"""Pages: which kinds of case one answers for, what their cases tell together, and what was learnt."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from khet.core.accounts.access import reads, requires
from khet.core.forms.answers import readable
from khet.engines.cases.queries import overview as cases
from khet.web.patterns import queries

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
    kind = next((one for one in queries.kinds(request.user) if one.family == family), None)
    if kind is None:
        raise Http404
    found = queries.cases_of(request.user, family)
    context = {
        "kind": kind, "office": queries.office_for(request.user), "values": list(queries.values_of(request.user, kind)),
        "drawings": queries.over_time(kind, found), "audits": queries.audits(kind, found), "months": queries.MONTHS,
    }  # fmt: skip
    return render(request, "patterns/pattern.html", context)


@requires(TAKE_PART)
@reads
def lessons(request):
    """What was learnt and changed, without a school, a day or a name."""
    office = queries.office_for(request.user)
    found = cases.lessons(request.user, office) if office else []
    rows = [(case.kind.title, words, readable(fields, case.answers)) for case, fields, words in found]
    return render(request, "patterns/lessons.html", {"rows": rows, "office": office})
