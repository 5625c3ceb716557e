"""Pages of this room."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.core.forms.build import form_class
from khet.engines.programmes.rights import ProgrammeError
from khet.web.behind import queries, services
from khet.web.behind.forms import ReasonForm
from khet.web.behind.queries import OPENS
from khet.web.behind.words import said
from khet.web.classroom.views import MY_CLASS

ON_A_PAGE = 50


@requires(OPENS)
@never_cache
@reads
def places(request):
    """The schools with how many results there are to mend. Who has one school goes to its list."""
    rules, today = _rules(), timezone.localdate()
    found = queries.places(request.user, rules, today)
    if len(found) == 1:
        return redirect("behind:school", found[0].code)
    return render(request, "behind/places.html", {"rules": rules, "places": found})


@requires(OPENS)
@never_cache
@reads
def school(request, code):
    """The list of a school once it is opened; before that, the question what for."""
    rules, place = _rules(), _school(request, code)
    context = {"rules": rules, "school": place, "many": queries.schools(request.user).count() > 1}
    if not services.is_open(request.session, place):
        return render(request, "behind/closed.html", context | {"form": ReasonForm()})
    found = queries.rows(request.user, rules, place, timezone.localdate())
    rooms = sorted({row.room for row in found})
    room, only = _narrowed(request, place, rooms)
    shown = [row for row in found if room in ("", row.room) and only in ("", "helped" if row.helped else "alone")]
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    runs = queries.runs(request.user, rules, place)
    context |= {
        "page": page, "rows": [(row, *said(row)) for row in page], "rooms": rooms, "room": room, "only": only,
        "runs": runs, "asked": form_class(runs[0].rules.fields, upload=False)() if runs else None,
        "may_begin": queries.may_open_group(request.user, place), "query": urlencode({"room": room, "only": only}),
        "behind": sum(bool(row.reasons) for row in found), "helped": sum(row.helped for row in found),
    }  # fmt: skip
    return render(request, "behind/school.html", context)


@require_POST
@requires(OPENS)
@never_cache
def open_school(request, code):
    """Take the reason and open a school's list."""
    place, form = _school(request, code), ReasonForm(request.POST)
    try:
        services.open_list(request.session, place, request.POST.get("reason", ""), by=request.user)
    except services.NotOpened as error:
        form.add_error("reason", str(error))
        context = {"rules": _rules(), "school": place, "form": form}
        return render(request, "behind/closed.html", context, status=422)
    return redirect("behind:school", place.code)


@require_POST
@requires(OPENS)
@never_cache
def join(request, code):
    """Put the chosen pupils of the opened list into a group. 404 for a group that is not the viewer's to fill."""
    rules, place = _rules(), _school(request, code)
    if not services.is_open(request.session, place):
        return redirect("behind:school", place.code)
    run = next(
        (one for one in queries.runs(request.user, rules, place) if str(one.pk) == request.POST.get("run")), None
    )
    if run is None:
        raise Http404
    chosen = set(request.POST.getlist("pupil"))
    rows = queries.rows(request.user, rules, place, timezone.localdate())
    asked = form_class(run.rules.fields, upload=False)(request.POST)
    try:
        if not asked.is_valid():
            raise ProgrammeError(" ".join(fault for faults in asked.errors.values() for fault in faults))
        picked = [row for row in rows if str(row.person.ref) in chosen]
        made = services.put_into(run, place, picked, asked.answers(), by=request.user)
    except ProgrammeError as error:
        messages.error(request, str(error))
    else:
        words = ngettext("%(count)d pupil is in the group now.", "%(count)d pupils are in the group now.", len(made))
        messages.success(request, words % {"count": len(made)})
    kept = {name: request.POST.get(name, "") for name in ("room", "only")}
    return redirect(f"{reverse('behind:school', args=[place.code])}?{urlencode(kept)}")


def _rules():
    rules = queries.definition(timezone.localdate())
    if rules is None:
        raise Http404
    return rules


def _school(request, code: str):
    return get_object_or_404(queries.schools(request.user), code=code)


def _narrowed(request, place, rooms: list[str]) -> tuple[str, str]:
    """(class, help) the list is narrowed to. Nothing asked: the class the viewer last looked after, if it is there."""
    mine = request.session.get(MY_CLASS) or ["", "", ""]
    own = mine[1] if mine[2] == "-" else f"{mine[1]}/{mine[2]}"
    room = request.GET.get("room", own if mine[0] == place.code else "")
    only = request.GET.get("only", "")
    return room if room in rooms else "", only if only in ("alone", "helped") else ""
