"""The queue of pairs, one pair side by side, and the verdict on it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.kit.periods import academic_year
from khet.registers.linkage import learning, queries, running, services, sitting, tasks
from khet.registers.linkage.forms import QueueFilter
from khet.registers.linkage.models import Answer, Kind, State
from khet.registers.linkage.words import fields

ON_A_PAGE = 25


def _place(request, given) -> tuple:
    """(office, kind) a request is about, among those the viewer may judge for."""
    offices = queries.offices(request.user)
    office = offices.filter(code=given["org"]).first() if given.get("org") else offices.first()
    kind = given.get("kind") or Kind.REGISTER
    if office is None or kind not in Kind.values:
        raise Http404
    return office, kind


def _queue_url(office, kind, state="") -> str:
    return reverse("linkage:queue") + f"?org={office.code}&kind={kind}" + (f"&state={state}" if state else "")


@requires("people.open")
@never_cache
@reads
def queue(request):
    """The pairs to judge, how sure the matching is, and what it leaves uncertain."""
    office, kind = _place(request, request.GET)
    state = request.GET.get("state") or State.PROPOSED
    if state not in State.values:
        raise Http404
    if request.htmx:
        return _working(request, office, kind)
    year = _year()
    asked = {"org": office.code, "kind": kind, "state": state}
    context = {
        "office": office,
        "kind": kind,
        "state": state,
        "form": QueueFilter(asked, offices=queries.offices(request.user)),
        "page": Paginator(queries.queue(request.user, office, kind, state), ON_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "run": queries.last_run(office, kind),
        "working": queries.under_way(office, kind),
        "lessons": (lessons := learning.lessons(office, kind)),
        "sure": queries.sure_count(office, kind, lessons.sure),
        "uncertainty": queries.uncertainty(office, year) if kind == Kind.REGISTER else None,
    }
    return render(request, "linkage/queue.html", context)


def _working(request, office, kind):
    """How the matching goes; once it has ended the page is asked for anew."""
    working = queries.under_way(office, kind)
    response = render(request, "linkage/_working.html", {"working": working, "office": office, "kind": kind})
    if working is None or not working.is_under_way:
        response["HX-Refresh"] = "true"
    return response


def _year() -> int:
    return academic_year(timezone.localdate()).year


@require_POST
@requires("people.open")
def start(request):
    """Have the records matched by a worker."""
    office, kind = _place(request, request.POST)
    try:
        tasks.start(office, kind, _year(), by=request.user)
    except running.NotStarted as error:
        messages.error(request, str(error))
    return redirect(_queue_url(office, kind))


@require_POST
@requires("people.open")
def confirm_sure(request):
    """Confirm every pair above the bound that verdicts have taught."""
    office, kind = _place(request, request.POST)
    try:
        done = services.confirm_sure(office, kind, by=request.user)
        messages.success(request, ngettext("%(n)s pair confirmed.", "%(n)s pairs confirmed.", done) % {"n": done})
    except services.NotDecided as error:
        messages.error(request, str(error))
    return redirect(_queue_url(office, kind))


@requires("people.open")
@never_cache
@reads
def pair(request, pk):
    """A pair side by side, once a reason was given in this sitting; before that, the question for it."""
    found = get_object_or_404(queries.pairs(request.user), pk=pk)
    context = {"pair": found, "up": _queue_url(found.org, found.kind), "answers": Answer}
    if not sitting.is_open(request.session, found):
        return render(request, "linkage/closed.html", context)
    left, right = queries.sides(found)
    context |= {
        "left": left,
        "right": right,
        "fields": fields(left, right),
        "brothers": queries.brothers(found) if found.kind == Kind.REGISTER else [],
        "verdicts": found.verdicts.select_related("by"),
        "merges": found.merges.select_related("by", "undone_by"),
        "waits_for_other": queries.waits_for_another(found, request.user),
        "reason": sitting.reason_of(request.session),
    }
    return render(request, "linkage/pair.html", context)


@require_POST
@requires("people.open")
@never_cache
def open_pair(request, pk):
    """Take the reason of the sitting and open the pair."""
    found = get_object_or_404(queries.pairs(request.user), pk=pk)
    try:
        sitting.open_pair(request.session, found, by=request.user, reason=request.POST.get("reason", ""))
    except sitting.NotOpened as error:
        messages.error(request, str(error))
    return redirect("linkage:pair", pk)


@require_POST
@requires("people.open")
@never_cache
def judge(request, pk):
    """Take a verdict and go on to the next pair."""
    found = get_object_or_404(queries.pairs(request.user), pk=pk)
    answer = request.POST.get("answer", "")
    if answer not in Answer.values or not sitting.is_open(request.session, found):
        return redirect("linkage:pair", pk)
    try:
        services.judge(found, answer, by=request.user)
    except services.NotDecided as error:
        messages.error(request, str(error))
        return redirect("linkage:pair", pk)
    following = queries.next_to_judge(request.user, found)
    if following is None:
        messages.success(request, _("No pair waits for you any more."))
        return redirect(_queue_url(found.org, found.kind))
    sitting.open_pair(request.session, following, by=request.user)
    return redirect("linkage:pair", following.pk)


@require_POST
@requires("people.open")
@never_cache
def reopen(request, pk):
    """Take a decision back, with a reason."""
    found = get_object_or_404(queries.pairs(request.user), pk=pk)
    reason = " ".join(request.POST.get("reason", "").split())
    if len(reason) < sitting.SHORTEST:
        messages.error(request, _("Say in a few words why the decision is taken back."))
        return redirect("linkage:pair", pk)
    try:
        services.reopen(found, reason, by=request.user)
    except services.NotDecided as error:
        messages.error(request, str(error))
    return redirect("linkage:pair", pk)
