"""The library of evidence: of an assessment's criterion, and of the whole place."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.core.catalogue import catalogue
from khet.core.files.responses import serve
from khet.engines.assessments import offers, queries, rights, suggestions
from khet.engines.assessments.forms import LinkForm, group_choices
from khet.engines.assessments.models import Evidence
from khet.engines.assessments.readiness import readiness as of
from khet.engines.assessments.schema import Calculated
from khet.engines.assessments.services import AssessmentError
from khet.engines.assessments.services import evidence as services
from khet.engines.assessments.views.getting import back, get_assessment
from khet.kit.thai import sort_key

FEW, SHOWN = 8, 100  # programmes from which one picks without searching; most that are offered at once


@requires("plan.read")
@reads
def library(request):
    """Every item the viewer may see, with what each proves and whether its link opens."""
    rows = queries.evidence(request.user)
    which, words = request.GET.get("show", ""), request.GET.get("q", "").strip()
    if which == "dead":
        rows = rows.filter(kind=Evidence.Kind.LINK, alive__in=("dead", "refused", "shaky"))
    elif which in Evidence.Kind.values:
        rows = rows.filter(kind=which)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(url__icontains=words) | Q(org__name__icontains=words))
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    shown = [("", _("all")), *Evidence.Kind.choices, ("dead", _("links that do not open"))]
    return render(request, "assessments/library.html", {"page": page, "show": which, "shown": shown, "words": words})


@requires("plan.read")
@reads
def readiness(request, pk):
    """What must be proven: answered, evidence there, links opening; by tool and by who answers for it."""
    assessment = get_assessment(request, pk)
    groups = of(request.user, assessment)
    names = dict(group_choices())
    told = [
        {"top": top, "rows": [(row, names.get(row.owner, "")) for row in rows],
         "ready": sum(row.state == "ready" for row in rows), "all": len(rows)}
        for top, rows in groups
    ]  # fmt: skip
    page = {"assessment": assessment, "round": assessment.round, "framework": assessment.framework, "groups": told}
    return render(request, "assessments/readiness.html", page)


@requires("plan.read")
@reads
def criterion(request, pk, criterion):
    """What proves one criterion, what else may, and the ways to add more."""
    assessment = get_assessment(request, pk)
    if criterion not in assessment.framework.by_id:
        raise Http404
    node = assessment.framework.by_id[criterion]
    page = {
        "assessment": assessment, "round": assessment.round, "framework": assessment.framework, "node": node,
        "proofs": queries.proofs(request.user, assessment).get(criterion, []),
        "suggested": suggestions.suggested(request.user, assessment, criterion),
        "may_write": bool(rights.layers_to_write(request.user, assessment)), "form": LinkForm(),
        "figures": _figures(), **_programmes(request, assessment),
    }  # fmt: skip
    return render(request, "assessments/criterion.html", page)


def _programmes(request, assessment) -> dict:
    """The programmes of the place to pick from, narrowed by words where there are many."""
    words = request.GET.get("programme", "").strip()[:80]
    every = offers.programmes(request.user, assessment.org)
    found = offers.programmes(request.user, assessment.org, words) if words else every
    return {"programmes": found[:SHOWN], "programme_words": words, "many_programmes": len(every) > FEW}


def _figures() -> list[tuple[str, str]]:
    """(value, words) of the indicators one may refer to."""
    known = catalogue()
    titles = {f"indicator:{id}": str(known.find("indicator", id).title) for id in known.ids("indicator")}
    return sorted(titles.items(), key=lambda pair: sort_key(pair[1]))


@require_POST
@requires("plan.read")
def add(request, pk, criterion):
    """Add a file, a photo, a link, a number of Khet, or an item of the library."""
    assessment = get_assessment(request, pk)
    if criterion not in assessment.framework.by_id:
        raise Http404
    url = reverse("assessments:criterion", args=[pk, criterion])
    try:
        _add(request, assessment, criterion)
    except AssessmentError as error:
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"words": str(error)}, status=422)
        return back(request, error, url)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"count": assessment.evidence.filter(criterion=criterion).count()})
    return back(request, None, url, done=_("The evidence was added."))


def _add(request, assessment, criterion) -> None:
    asked, by = request.POST, request.user
    if files := request.FILES.getlist("file"):
        for file in files[:10]:
            services.add_file(assessment, criterion, file, by=by, title=asked.get("title", ""))
    elif asked.get("item", "").isdigit():
        item = get_object_or_404(queries.evidence(by), pk=int(asked["item"]))
        services.use(item, assessment, criterion, by=by)
    elif asked.get("figure"):
        kind, _sep, id = asked["figure"].partition(":")
        if kind not in ("indicator", "measure"):
            raise AssessmentError(_("Choose an indicator."))
        services.add_figure(assessment, criterion, Calculated(**{kind: id}), by=by)
    elif asked.get("programme"):
        services.add_programme(assessment, criterion, asked["programme"], by=by)
    elif asked.get("url"):
        services.add_link(assessment, criterion, asked["url"], by=by, title=asked.get("title", ""))
    else:
        raise AssessmentError(_("Choose a file, or give an address."))


@require_POST
@requires("plan.read")
def unuse(request, pk):
    """An item no longer proves a criterion."""
    made = get_object_or_404(queries.uses(request.user), pk=pk)
    url = reverse("assessments:criterion", args=[made.assessment_id, made.criterion])
    try:
        services.unuse(made, by=request.user)
    except AssessmentError as error:
        return back(request, error, url)
    return back(request, None, url, done=_("It proves this criterion no longer; it stays in the library."))


@requires("plan.read")
@reads
def item(request, pk):
    """The item itself: a file is served, a link or number led to."""
    found = get_object_or_404(queries.evidence(request.user), pk=pk)
    if found.kind == Evidence.Kind.FILE:
        return serve(found.file, inline=True)
    if found.kind == Evidence.Kind.LINK:
        return render(request, "assessments/leaving.html", {"item": found})
    if found.kind == Evidence.Kind.FIGURE and found.figure.get("url", "").startswith("/"):
        return redirect(found.figure["url"])
    if found.kind == Evidence.Kind.PROGRAMME and (offer := offers.programme(request.user, found.org, found.programme)):
        return redirect(offer.url)
    raise Http404


@require_POST
@requires("plan.read")
def remove(request, pk):
    found = get_object_or_404(queries.evidence(request.user), pk=pk)
    url = reverse("assessments:library")
    try:
        services.remove(found, by=request.user)
    except AssessmentError as error:
        return back(request, error, url)
    return back(request, None, url, done=_("The item was taken out of the library."))
