"""Who takes part: adding many at once, one participant's page, leaving, statuses."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.core.audit.services import record
from khet.core.files.responses import serve
from khet.core.files.services import FileRefused, keep
from khet.core.forms.answers import readable
from khet.core.forms.build import form_class
from khet.core.ui.forms import BuddhistDateField
from khet.engines.programmes import queries, services
from khet.engines.programmes.forms import LeaveForm, NameForm, StatusForm
from khet.engines.programmes.rights import RUN, ProgrammeError, may_enter_for, may_name, may_run
from khet.engines.programmes.services.joining import Entrant
from khet.engines.programmes.services.judging import Judgement
from khet.engines.programmes.views.base import READ, attempt, participant_or_404, run_or_404, to_run_page


@requires(READ)
@reads
def page(request, pk):
    """One participant: what it states, every status it was given, sessions it came to, what comes next."""
    one = participant_or_404(request, pk)
    rules, standing = one.run.rules, queries.standing(one)
    level = rules.level(standing.level) if standing else None
    statuses = sorted(one.statuses.all(), key=lambda s: (s.judged_on, s.pk), reverse=True)
    for status in statuses:
        rung = rules.level(status.level)
        status.words = rung.title if rung else status.level
        status.stated = readable(rung.fields, status.answers) if rung else []
    context = {
        "one": one, "run": one.run, "rules": rules, "standing": standing, "level": level,
        "next": _next_level(rules, level), "statuses": statuses, "stated": readable(rules.fields, one.answers),
        "attendance": queries.attendance_of(request.user, one),
        "judges": may_run(request.user, one.run) and one.run.is_open,
        "enters": may_enter_for(request.user, one.run, one.org) and one.run.is_open,
    }  # fmt: skip
    return render(request, "programmes/participant.html", context)


def _next_level(rules, level):
    """The rung above, None at the top or without a ladder."""
    if rules.ladder is None:
        return None
    rank = rules.ladder.rank(level.code) if level else 0
    return rules.ladder.levels[rank] if rank < len(rules.ladder.levels) else None


@requires(RUN)
def add_schools(request, pk):
    """Choose schools from the list of those that do not take part yet."""
    run = _entering(request, pk, "school")
    day = BuddhistDateField(required=True)
    missing = queries.not_in(request.user, run)
    fault, chosen = "", set(request.POST.getlist("school"))
    if request.method == "POST":
        try:
            on = day.clean(request.POST.get("joined_on", ""))
            picked = [org for org in missing if org.code in chosen]
            if not picked:
                raise ProgrammeError(_("Choose at least one school."))
            made = services.join_many(run, [Entrant("school", org, on) for org in picked], by=request.user)
        except ProgrammeError as error:
            fault = str(error)
        except ValidationError as error:
            fault = " ".join(error.messages)
        else:
            done = ngettext("%(n)s school takes part now.", "%(n)s schools take part now.", len(made))
            messages.success(request, done % {"n": len(made)})
            return to_run_page(run, "participants")
    context = {"run": run, "missing": missing, "fault": fault, "chosen": chosen, "day": timezone.localdate()}
    return render(request, "programmes/add_schools.html", context, status=422 if fault else 200)


@requires(RUN)
def add_people(request, pk):
    """Choose persons of one school."""
    run = run_or_404(request, pk)
    kinds = [kind for kind in ("teacher", "pupil") if kind in run.rules.who]
    places = queries.places_to_enter(request.user, run)
    if not kinds or not places or not run.is_open:
        raise Http404
    kind = request.GET.get("kind", "") if request.GET.get("kind") in kinds else kinds[0]
    org = next((org for org in places if org.code == request.GET.get("org")), None)
    people = queries.people_of(request.user, run, kind, org) if org else []
    if request.method == "POST" and org:
        refs = set(request.POST.getlist("person"))
        picked = [Entrant(kind, org, timezone.localdate(), person) for person in people if str(person.ref) in refs]
        if attempt(request, lambda: services.join_many(run, picked, by=request.user)):
            messages.success(request, _("They take part now."))
            return to_run_page(run, "participants")
    context = {"run": run, "kinds": kinds, "kind": kind, "places": places, "org": org, "people": people}
    return render(request, "programmes/add_people.html", context)


@requires(RUN)
def add_name(request, pk):
    """Enter a classroom or a partner, with what is asked on joining."""
    run = run_or_404(request, pk)
    labels = {"classroom": _("classroom"), "partner": _("partner")}
    kinds = [(kind, label) for kind, label in labels.items() if kind in run.rules.who]
    orgs = queries.places_to_enter(request.user, run)
    if not kinds or not orgs or not run.is_open:
        raise Http404
    form = NameForm(request.POST or None, kinds=kinds, orgs=orgs)
    asked = form_class(run.rules.fields, upload=False)(request.POST or None)
    if request.method == "POST" and form.is_valid() and asked.is_valid():
        given = form.cleaned_data
        org = next(org for org in orgs if org.code == given["org"])
        entrant = Entrant(given["kind"], org, given["joined_on"], name=given["name"], answers=asked.answers())
        try:
            services.join(run, entrant, by=request.user)
        except ProgrammeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("“%(name)s” takes part now.") % {"name": given["name"]})
            return to_run_page(run, "participants")
    context = {"run": run, "form": form, "asked": asked}
    return render(request, "programmes/add_name.html", context, status=422 if form.errors or asked.errors else 200)


@requires(RUN)
def answers(request, pk):
    """What a participant states of itself, and its role."""
    one = participant_or_404(request, pk, to_enter=True)
    rules = one.run.rules
    if not rules.fields and not rules.roles:
        raise Http404
    asked = form_class(rules.fields, upload=False)(request.POST or None, initial=one.answers | one.secret)
    role = request.POST.get("role", one.role)
    if one.secret and request.method == "GET":
        record("programme.secret_shown", one, by=request.user, org=one.org)
    if request.method == "POST" and asked.is_valid():
        attempt(
            request,
            lambda: services.change_answers(one, asked.answers(), by=request.user, role=role),
            _("Saved."),
        )
        return redirect("programmes:participant", one.pk)
    context = {"one": one, "run": one.run, "asked": asked, "rules": rules, "role": role}
    return render(request, "programmes/answers.html", context, status=422 if asked.errors else 200)


@requires(RUN)
def leave(request, pk):
    """End a participation."""
    one = participant_or_404(request, pk, to_enter=True)
    form = LeaveForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            services.leave(one, form.cleaned_data["on"], by=request.user, reason=form.cleaned_data["reason"])
        except ProgrammeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The participation has ended; its record stays."))
            return redirect("programmes:participant", one.pk)
    context = {"one": one, "run": one.run, "form": form, "title": _("End the participation")}
    return render(request, "programmes/leave.html", context, status=422 if form.errors else 200)


@requires(RUN)
@require_POST
def stay(request, pk):
    """Take back the end of a participation."""
    one = participant_or_404(request, pk, to_enter=True)
    attempt(request, lambda: services.take_back_leaving(one, by=request.user), _("It takes part again."))
    return redirect("programmes:participant", one.pk)


@requires(RUN)
def judge(request, pk):
    """Record one status, with its evidence and what its rung asks."""
    one = participant_or_404(request, pk)
    run = one.run
    if not may_run(request.user, run) or run.rules.ladder is None:
        raise Http404
    level = request.POST.get("level") or request.GET.get("level") or ""
    rung = run.rules.level(level)
    form = StatusForm(request.POST or None, request.FILES or None, rules=run.rules, initial={"level": level})
    asked = form_class(rung.fields if rung else (), upload=False)(request.POST or None)
    if request.method == "POST" and form.is_valid() and asked.is_valid():
        try:
            _record_status(one, form.cleaned_data, asked.answers(), request.user)
        except (ProgrammeError, FileRefused) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The status is recorded."))
            return redirect("programmes:participant", one.pk)
    context = {"one": one, "run": run, "form": form, "asked": asked, "rung": rung}
    return render(request, "programmes/judge.html", context, status=422 if form.errors or asked.errors else 200)


def _record_status(one, given: dict, stated: dict, by) -> None:
    with transaction.atomic():
        file = keep(given.pop("file"), by=by, org=one.org) if given.get("file") else None
        given.pop("file", None)
        services.judge(one.run, Judgement(one, file=file, answers=stated, **given), by=by)


@requires(RUN)
def judge_many(request, pk):
    """Record one status for several participants."""
    run = run_or_404(request, pk, to_run=True)
    if run.rules.ladder is None:
        raise Http404
    rows = [one for one in queries.participants(request.user, run) if one.left_on is None]
    rows = [one for one in rows if may_name(request.user, one)]
    for one in rows:
        one.standing = queries.standing(one)
    chosen = set(request.POST.getlist("participant"))
    form = StatusForm(request.POST or None, rules=run.rules)
    form.fields.pop("file")
    if request.method == "POST" and form.is_valid():
        picked = [one for one in rows if str(one.pk) in chosen]
        try:
            if not picked:
                raise ProgrammeError(_("Choose at least one participant."))
            judgements = [Judgement(one, **form.cleaned_data) for one in picked]
            made = services.judge_many(run, judgements, by=request.user)
        except ProgrammeError as error:
            form.add_error(None, str(error))
        else:
            done = ngettext("%(n)s status is recorded.", "%(n)s statuses are recorded.", len(made))
            messages.success(request, done % {"n": len(made)})
            return to_run_page(run, "participants")
    context = {"run": run, "rows": rows, "form": form, "chosen": chosen, "levels": run.rules.ladder.levels}
    return render(request, "programmes/judge_many.html", context, status=422 if form.errors else 200)


@requires(RUN)
@require_POST
def status_withdraw(request, pk):
    """Take a status back, with the reason."""
    status = get_object_or_404(queries.statuses(request.user), pk=pk)
    if not may_run(request.user, status.participant.run):
        raise Http404
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: services.withdraw_status(status, by=request.user, reason=reason),
        _("The status was withdrawn; it stays in the history."),
    )
    return redirect("programmes:participant", status.participant_id)


@requires(READ)
@reads
def status_file(request, pk):
    """The evidence of a status."""
    status = get_object_or_404(queries.statuses(request.user), pk=pk)
    if status.file is None or not may_name(request.user, status.participant):
        raise Http404
    return serve(status.file)


def _entering(request, pk, kind: str):
    """The run, for those who may enter some participant of a kind. Raises Http404."""
    run = run_or_404(request, pk)
    if kind not in run.rules.who or not run.is_open or not queries.places_to_enter(request.user, run):
        raise Http404
    return run
