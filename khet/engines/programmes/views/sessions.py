"""Sessions, and noting who came with one tap each."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.engines.programmes import queries, services
from khet.engines.programmes.forms import SessionForm
from khet.engines.programmes.models import Attendance
from khet.engines.programmes.rights import RUN, ProgrammeError, may_enter_for, may_name
from khet.engines.programmes.views.base import READ, attempt, run_or_404


@requires(RUN)
def new(request, pk):
    """Enter a session."""
    run = run_or_404(request, pk)
    places = queries.places_to_meet(request.user, run)
    if run.rules.sessions is None or not places or not run.is_open:
        raise Http404
    form = SessionForm(request.POST or None, rules=run.rules, orgs=places)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        org = next(org for org in places if org.code == fields.pop("org"))
        try:
            session = services.hold_session(run, org, by=request.user, **fields)
        except ProgrammeError as error:
            form.add_error(None, str(error))
        else:
            return redirect("programmes:session", session.pk)
    context = {"form": form, "run": run, "title": _("Session")}
    return render(request, "programmes/session_form.html", context, status=422 if form.errors else 200)


@requires(RUN)
def edit(request, pk):
    """Correct a session."""
    session = _session(request, pk, to_hold=True)
    run, fields = session.run, ("kind", "title", "held_on", "hours", "place", "others", "note")
    initial = {name: getattr(session, name) for name in fields} | {"org": session.org.code}
    form = SessionForm(request.POST or None, rules=run.rules, orgs=[session.org], initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_session(session, by=request.user, **{name: form.cleaned_data[name] for name in fields})
        except ProgrammeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("programmes:session", session.pk)
    context = {"form": form, "run": run, "session": session, "title": session.title}
    return render(request, "programmes/session_form.html", context, status=422 if form.errors else 200)


@requires(READ)
@reads
def page(request, pk):
    """A session and who came, as far as the viewer sees the participants."""
    session = _session(request, pk)
    context = _page(request, session)
    return render(request, "programmes/session.html", context)


def _page(request, session) -> dict:
    run = session.run
    kind = next((kind for kind in run.rules.sessions.kinds if kind.code == session.kind), None)
    rows = queries.seats(request.user, session)
    for one in rows:
        one.named = may_name(request.user, one)
        one.noting = _may_note(request.user, session, one)
    return {
        "session": session, "run": run, "kind": kind, "rows": rows, "states": Attendance.State.choices,
        "holds": may_enter_for(request.user, run, session.org) and run.is_open,
        "counts": {state: sum(one.seat == state for one in rows) for state in Attendance.State.values},
        "unnoted": sum(not one.seat for one in rows),
    }  # fmt: skip


def _may_note(viewer, session, participant) -> bool:
    open_ = session.run.is_open and session.cancelled_at is None and session.held_on <= timezone.localdate()
    return (
        open_
        and may_name(viewer, participant)
        and (may_enter_for(viewer, session.run, session.org) or may_enter_for(viewer, session.run, participant.org))
    )


@requires(RUN)
@require_POST
def note(request, pk, participant):
    """One tap: what is noted of one participant."""
    session = _session(request, pk)
    one = get_object_or_404(queries.participants(request.user, session.run), pk=participant)
    if not _may_note(request.user, session, one):
        raise Http404
    noted = attempt(
        request, lambda: services.note_attendance(session, {one: request.POST.get("state", "")}, by=request.user)
    )
    if request.htmx:
        context = _page(request, session)
        context["one"] = next((row for row in context["rows"] if row.pk == one.pk), one)
        return render(request, "programmes/_seat.html", context, status=409 if noted is None else 200)
    return redirect(f"{_address(session)}#seat-{one.pk}")


@requires(RUN)
@require_POST
def note_rest(request, pk):
    """Whoever is not noted yet came: the usual case, in one tap."""
    session = _session(request, pk)
    rest = {
        one: Attendance.State.PRESENT
        for one in queries.seats(request.user, session)
        if not one.seat and _may_note(request.user, session, one)
    }
    attempt(request, lambda: services.note_attendance(session, rest, by=request.user), _("Saved."))
    return redirect("programmes:session", session.pk)


@requires(RUN)
@require_POST
def cancel(request, pk):
    """It did not take place."""
    session = _session(request, pk, to_hold=True)
    attempt(request, lambda: services.cancel_session(session, by=request.user), _("The session no longer counts."))
    return redirect("programmes:session", session.pk)


def _session(request, pk, *, to_hold: bool = False):
    session = get_object_or_404(queries.sessions(request.user), pk=pk)
    if to_hold and not may_enter_for(request.user, session.run, session.org):
        raise Http404
    return session


def _address(session) -> str:
    return reverse("programmes:session", args=[session.pk])
