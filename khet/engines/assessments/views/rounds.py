"""Rounds: the list, a new one, its overview, its calendar, its targets."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import can, reads, requires
from khet.core.catalogue import CatalogueError, catalogue
from khet.core.orgs import queries as orgs
from khet.core.ui.formats import be_date, number, percent
from khet.core.ui.place import current_office
from khet.engines.assessments import editions, queries, rights
from khet.engines.assessments.forms import CalendarForm, OverviewFilter, RoundForm
from khet.engines.assessments.models import Round
from khet.engines.assessments.models.ratings import Layer
from khet.engines.assessments.services import AssessmentError, moving, reminding
from khet.engines.assessments.services import rounds as services
from khet.engines.assessments.views.getting import back, get_managed, get_round


@requires("plan.read")
@reads
def listing(request):
    """What waits for the viewer, then every round."""
    found = queries.rounds_with_progress(request.user)
    page = {
        "waiting": queries.waiting_for(request.user),
        "rounds": list(found[:200]),
        "may_open": can(request.user, "assess.manage"),
        "layers": dict(Layer.choices),
    }
    return render(request, "assessments/list.html", page)


@requires("assess.manage")
def new(request):
    """GET: choose a framework, then fill in the round. POST: prepare it."""
    id = request.GET.get("framework", "")
    if not id:
        return _choose(request)
    try:
        framework = editions.framework(id)
    except CatalogueError:
        raise Http404 from None
    office = current_office(request)
    form = RoundForm(request.POST or None, framework=framework)
    if request.method == "POST" and form.is_valid():
        try:
            round = _prepared(form, framework, office, request.user)
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The round is prepared. Look it over, then open it."))
            return redirect("assessments:round", round.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/new.html", {"form": form, "framework": framework}, status=status)


def _choose(request):
    """Frameworks on offer today, by system; older editions apart."""
    systems = {system.id: system for system in catalogue().all("system")}
    by_system: dict = {}
    for one in sorted(catalogue().all("framework"), key=lambda one: (one.family, str(one.since or "")), reverse=True):
        entry = by_system.setdefault(one.system, {"system": systems.get(one.system), "now": [], "before": []})
        entry["now" if one.in_force(timezone.localdate()) else "before"].append(one)
    groups = sorted(by_system.values(), key=lambda entry: entry["system"].strategy if entry["system"] else "9")
    return render(request, "assessments/choose.html", {"groups": groups})


def _prepared(form, framework, office, by) -> Round:
    asked = form.cleaned_data
    round = services.prepare_round(
        office, framework.id, asked["period"], by=by, title=asked["title"], layers=asked["layers"], **form.days()
    )
    if asked.get("whole") == RoundForm.ALL:
        services.add_targets(round, orgs.schools_of(office), by=by)
    return round


@requires("plan.read")
@reads
def overview(request, pk):
    """A round: what is judged in it, how far it is, what came out."""
    round = get_round(request, pk)
    asked = OverviewFilter(request.GET or None)
    narrowed = asked.cleaned_data if request.GET and asked.is_valid() else {}
    rows = queries.overview(
        request.user, round, state=narrowed.get("state", ""), late=narrowed.get("late", False),
        words=narrowed.get("words", "").strip(),
    )  # fmt: skip
    page = {
        "round": round, "framework": round.framework, "rows": _told(rows, round), "filter_form": asked,
        "narrowed": bool(narrowed),
        "counts": queries.counts(rows), "manages": rights.may_manage(request.user, round),
        "may_begin": round.is_open and round.framework.target not in ("office", "school")
        and queries.schools_for(request.user, round).exists(),
        "with_self": "self" in round.layers, "with_review": "reviewer" in round.layers,
        "levels": queries.levels_reached(round.framework, rows), "layers": dict(Layer.choices),
        "states": dict(queries.Assessment.State.choices),
    }  # fmt: skip
    template = "assessments/_rows.html" if request.htmx and not request.htmx.boosted else "assessments/round.html"
    return render(request, template, page)


def _told(rows: list[queries.Row], round: Round) -> list[dict[str, str]]:
    """The rows as plain texts, worked out once: a template that asks each row for each word takes most of the page."""
    framework, base = round.framework, reverse("assessments:list")
    states = {code: str(words) for code, words in queries.Assessment.State.choices}
    levels, result = {level.code: str(level.title) for level in framework.levels}, _("Result")
    found = []
    for row in rows:
        one, reviewers = row.assessment, row.reviewers
        level = levels.get(one.level, "") if row.shown else ""
        found.append({
            "target": row.target, "address": f"{base}{one.pk}/", "state": states[one.state], "late": row.late,
            "occasion": number(one.occasion), "judged_on": be_date(one.judged_on) if one.judged_on else "",
            "lacking": one.missing_evidence, "own": percent(row.own, 0), "reviewed": percent(row.reviewed, 0),
            "tally": f"{row.reviewers_done}/{len(reviewers)}" if reviewers else "", "score": number(row.score),
            "result": level or (result if row.score is not None else ""),
        })  # fmt: skip
    return found


@requires("assess.manage")
def edit(request, pk):
    """Title, calendar and who judges."""
    round = get_managed(request, pk)
    initial = {name: getattr(round, name) for name in ("title", "opens", "due", "closes", "layers")}
    form = CalendarForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            services.change_round(round, by=request.user, title=asked["title"], layers=asked["layers"], **form.days())
            return back(request, None, reverse("assessments:round", args=[pk]), done=_("The round was changed."))
        except AssessmentError as error:
            form.add_error(None, str(error))
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/edit.html", {"form": form, "round": round}, status=status)


@requires("assess.manage")
def targets(request, pk):
    """GET: schools of the office, those in the round ticked. POST: add those ticked."""
    round = get_managed(request, pk)
    if round.framework.target != "school":
        raise Http404
    schools = list(orgs.schools_of(round.org).order_by("code"))
    there = dict(round.assessments.values_list("org", "pk"))
    if request.method == "POST":
        wanted = {int(id) for id in request.POST.getlist("school") if id.isdigit()}
        try:
            added = services.add_targets(round, [one for one in schools if one.pk in wanted], by=request.user)
            done = _("%(count)s schools were added.") % {"count": len(added)}
            return back(request, None, reverse("assessments:round", args=[pk]), done=done)
        except AssessmentError as error:
            messages.error(request, str(error))
    return render(request, "assessments/targets.html", {"round": round, "schools": schools, "there": there})


@require_POST
@requires("assess.manage")
def act(request, pk, act):
    """Open, close, sign all, lock, unlock, remind."""
    round = get_managed(request, pk)
    url = reverse("assessments:round", args=[pk])
    try:
        done = _do(request, round, act)
    except AssessmentError as error:
        return back(request, error, url)
    return back(request, None, url, done=done)


def _do(request, round: Round, act: str) -> str:
    by = request.user
    match act:
        case "open":
            services.open_round(round, by=by)
            return _("The round is open; those in charge were told.")
        case "close":
            services.close_round(round, by=by)
            return _("The round is closed for self-assessment; reviewing goes on.")
        case "hand":
            return _("%(count)s were handed on.") % {"count": moving.hand_over_all(round, by=by)}
        case "sign":
            return _("%(count)s results were signed off.") % {"count": moving.sign_all(round, by=by)}
        case "lock":
            services.lock_round(round, by=by, without_unfinished=bool(request.POST.get("without")))
            return _("The round is locked; its results feed the indicators.")
        case "unlock":
            services.unlock_round(round, by=by, reason=request.POST.get("reason", ""))
            return _("The round is open for correction again.")
        case "remind":
            return _("%(count)s people were reminded.") % {"count": reminding.remind(round, by=by)}
    raise Http404
