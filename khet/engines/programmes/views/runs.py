"""Programmes by system, one programme, and opening, changing, starting and closing it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from khet.core.accounts.access import can, reads, requires
from khet.core.catalogue import catalogue
from khet.core.orgs import queries as orgs
from khet.engines.programmes import queries, services
from khet.engines.programmes.forms import CostForm, ListFilter, RunForm, TargetForm
from khet.engines.programmes.giving import given, name_measure
from khet.engines.programmes.plan_items import plan_items
from khet.engines.programmes.rights import RUN, ProgrammeError, may_enter_for, may_name, may_run
from khet.engines.programmes.views.base import READ, attempt, run_or_404, to_run_page
from khet.engines.programmes.views.outputs import name_level

ACTS = {
    "start": (services.start_run, gettext_lazy("It runs now; its records count.")),
    "close": (services.close_run, gettext_lazy("It is closed. What it counted stays.")),
    "reopen": (services.reopen_run, gettext_lazy("It is open again.")),
}


@requires(READ)
@reads
def overview(request):
    """Every programme the viewer may see, by system."""
    form = ListFilter(request.GET or None, systems=queries.systems(request.user))
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = queries.runs(request.user, system=asked.get("system", ""), state=asked.get("state", ""))
    page = {
        "form": form,
        "systems": queries.by_system(request.user, rows),
        "narrowed": any(asked.values()),
        "may_open": bool(queries.to_open(request.user)),
        "waiting": queries.to_review(request.user).count(),
    }
    return render(request, "programmes/list.html", page)


@requires(RUN)
@reads
def choose(request):
    """Which programme of the catalogue is opened, and where."""
    offers = [
        (org, [(rules, catalogue().find("system", rules.system)) for rules in offered])
        for org, offered in queries.to_open(request.user)
    ]
    return render(request, "programmes/choose.html", {"offers": offers})


@requires(RUN)
def open_run(request, code, programme):
    """Open a programme at an org."""
    org = orgs.org_by_code(code)
    offered = next((offered for place, offered in queries.to_open(request.user) if place == org), [])
    rules = next((rules for rules in offered if rules.id == programme), None)
    if rules is None:
        raise Http404
    initial = {"title": str(rules.title), "starts": timezone.localdate()}
    form = RunForm(request.POST or None, initial=initial, plan=plan_items(request.user, org))
    if request.method == "POST" and form.is_valid():
        try:
            run = services.open_run(rules, org, by=request.user, **form.cleaned_data)
        except ProgrammeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is in preparation: enter who takes part, then start it."))
            return to_run_page(run)
    page = {"form": form, "rules": rules, "org": org, "title": _("Open “%(title)s”") % {"title": rules.title}}
    return render(request, "programmes/form.html", page, status=422 if form.errors else 200)


@requires(READ)
@reads
def page(request, pk):
    """One programme: who stands where, sessions, outputs, money, and which numbers it gives."""
    run = run_or_404(request, pk)
    runs_it = may_run(request.user, run)
    rows = list(queries.participants(request.user, run))
    for one in rows:
        one.named = may_name(request.user, one)
    here = None if runs_it else {one.org.code for one in rows}
    context = {
        "run": run,
        "rules": run.rules,
        "system": catalogue().find("system", run.rules.system),
        "runs_it": runs_it,
        "enters": runs_it or may_enter_for(request.user, run, request.user.org or run.org),
        "board": queries.board(run, rows),
        "taking_part": [one for one in rows if one.left_on is None],
        "left": [one for one in rows if one.left_on],
        "missing": queries.not_in(request.user, run) if "school" in run.rules.who else [],
        "expiring": queries.last_days(request.user, run),
        "sessions": queries.with_presence(request.user, queries.sessions(request.user, run)[:20]),
        "meets": bool(run.rules.sessions and queries.places_to_meet(request.user, run)),
        "outputs": [name_level(one) for one in queries.outputs(request.user, run=run)[:20]]
        if run.rules.outputs
        else [],
        "writes": bool(run.rules.outputs and queries.places_to_write(request.user, run)),
        "costs": list(queries.costs(request.user, run)),
        "given": given(run, here, sees_small=runs_it or can(request.user, "people.list", run.org)),
        "targets": [name_measure(target) for target in run.targets.all()],
        "target_form": TargetForm(rules=run.rules) if runs_it and run.rules.gives else None,
        "cost_form": CostForm(orgs=[run.org]) if runs_it and run.rules.costs else None,
    }
    context["planned"] = sum(cost.planned for cost in context["costs"])
    context["paid"] = sum(cost.paid for cost in context["costs"])
    return render(request, "programmes/run.html", context)


@requires(RUN)
def edit(request, pk):
    """Correct what is said of a programme."""
    run = run_or_404(request, pk, to_run=True)
    initial = {name: getattr(run, name) for name in ("title", "starts", "ends", "lead", "budget", "note")}
    plan = plan_items(request.user, run.org)
    form = RunForm(request.POST or None, initial=initial, plan=plan, links=run.links)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_run(run, by=request.user, **form.cleaned_data)
        except ProgrammeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return to_run_page(run)
    context = {"form": form, "rules": run.rules, "org": run.org, "run": run, "title": _("Change the programme")}
    return render(request, "programmes/form.html", context, status=422 if form.errors else 200)


@requires(RUN)
@require_POST
def act(request, pk, act):
    """Start, close or open it again."""
    run = run_or_404(request, pk, to_run=True)
    if act not in ACTS:
        raise Http404
    do, done = ACTS[act]
    attempt(request, lambda: do(run, by=request.user), done)
    return to_run_page(run)


@requires(RUN)
@require_POST
def target(request, pk):
    """Set or take away a target."""
    run = run_or_404(request, pk, to_run=True)
    form = TargetForm(request.POST, rules=run.rules)
    if form.is_valid():
        asked = form.cleaned_data
        set_target = services.set_target
        attempt(
            request,
            lambda: set_target(run, asked["measure"], str(asked["year_be"]), asked["value"], by=request.user),
            _("Saved."),
        )
    else:
        messages.error(request, _("The target was not saved: choose a number, write a year and a value."))
    return to_run_page(run, "gives")


@requires(RUN)
@require_POST
def cost(request, pk):
    """Enter a line of the costs."""
    run = run_or_404(request, pk, to_run=True)
    form = CostForm(request.POST, orgs=[run.org])
    if form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("what", "source", "planned", "paid")}
        attempt(request, lambda: services.add_cost(run, run.org, by=request.user, year=form.year, **asked), _("Saved."))
    else:
        messages.error(request, " ".join(str(fault) for faults in form.errors.values() for fault in faults))
    return to_run_page(run, "costs")


@requires(RUN)
@require_POST
def cost_withdraw(request, pk, cost):
    """Take a line of the costs back."""
    run = run_or_404(request, pk, to_run=True)
    line = queries.costs(request.user, run).filter(pk=cost).first()
    if line is None:
        raise Http404
    attempt(request, lambda: services.withdraw_cost(line, by=request.user), _("The line was taken back."))
    return to_run_page(run, "costs")
