"""The office's pages: the list, opening a round, sharing it, closing it."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import can, reads, requires
from khet.core.catalogue import catalogue
from khet.engines.surveys import queries, sharing
from khet.engines.surveys.forms import CodesForm, EndForm, OpenForm
from khet.engines.surveys.models import Access
from khet.engines.surveys.sampling import finite, yamane
from khet.engines.surveys.services import rounds as services
from khet.engines.surveys.services.rounds import RoundError


@requires("plan.read")
@reads
def overview(request):
    """Rounds one may see, and those that wait for one's own answer."""
    shown = [round for round in queries.rounds(request.user) if round.edition and not round.discarded]
    context = {
        "running": [round for round in shown if not round.closed_at],
        "closed": [round for round in shown if round.closed_at],
        "waiting": queries.waiting_for(request.user),
        "may_open": can(request.user, queries.RUN),
    }
    return render(request, "surveys/list.html", context)


@requires(queries.RUN)
@reads
def editions(request):
    """Which survey shall be opened."""
    systems = {system.id: system for system in catalogue().all("system")}
    found = [(survey, systems.get(survey.system)) for survey in queries.editions()]
    return render(request, "surveys/editions.html", {"editions": found})


@requires(queries.RUN)
def new(request, survey):
    """Open a round of an edition."""
    edition = catalogue().find("survey", survey)
    if edition is None:
        raise Http404
    initial = {"closes": timezone.localdate() + timedelta(days=30)}
    form = OpenForm(request.POST or None, survey=edition, orgs=queries.orgs_to_run(request.user), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            round = services.open_round(
                data["org"], edition.id, by=request.user, access=data["access"], opens=data["opens"],
                closes=data["closes"], title=data["title"], formula=data.get("formula", ""), target=form.target,
                sizes=form.sizes, once_a_device=data.get("once_a_device", True),
            )  # fmt: skip
        except RoundError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The survey is set up. Share its link or QR code."))
            return redirect("surveys:round", round.ref)
    examples = [(size, finite(size), yamane(size)) for size in (50, 100, 200, 500, 1000, 5000)]
    context = {"form": form, "survey": edition, "examples": examples}
    return render(request, "surveys/new.html", context, status=422 if form.errors else 200)


@requires("plan.read")
@reads
def round_page(request, ref):
    """One round: how far it is, how to share it, what can be done."""
    round = _round(request, ref)
    url = sharing.address(request, round)
    context = {
        "round": round,
        "survey": round.edition,
        "counts": queries.progress(round),
        "url": url,
        "qr": sharing.qr(url),
        "may_run": queries.may_run(request.user, round),
        "may_see_results": queries.may_see_results(request.user, round),
        "codes_form": CodesForm(survey=round.edition) if round.access == Access.CODES else None,
        "end_form": EndForm(initial={"closes": round.closes}),
    }
    return render(request, "surveys/round.html", context)


def _round(request, ref, *, to_run: bool = False):
    round = queries.round_of(request.user, ref)
    if round is None or (to_run and not queries.may_run(request.user, round)):
        raise Http404
    return round


@requires("plan.read")
@reads
def poster(request, ref):
    """A sheet to hang up: title, QR code, address."""
    round = _round(request, ref)
    url = sharing.address(request, round)
    return render(request, "surveys/poster.html", {"round": round, "url": url, "qr": sharing.qr(url)})


@requires("plan.read")
@reads
def qr_png(request, ref):
    """The QR code as a picture."""
    round = _round(request, ref)
    response = HttpResponse(sharing.qr_png(sharing.address(request, round)), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="survey-{round.token}.png"'
    return response


@requires(queries.RUN)
@require_POST
def codes(request, ref):
    """New codes, shown once: to print, or as csv."""
    round = _round(request, ref, to_run=True)
    form = CodesForm(request.POST, survey=round.edition)
    if not form.is_valid():
        messages.error(request, _("Say how many codes, from 1 to 500, and for which group."))
        return redirect("surveys:round", ref)
    group = form.cleaned_data.get("group", "")
    try:
        made = services.make_codes(round, form.cleaned_data["count"], by=request.user, group=group)
    except RoundError as error:
        messages.error(request, str(error))
        return redirect("surveys:round", ref)
    url = sharing.address(request, round)
    if request.POST.get("as") == "csv":
        response = HttpResponse(sharing.codes_csv(url, made), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="codes-{round.token}.csv"'
        return response
    title = next((g.title for g in round.edition.groups.of if g.code == group), "") if round.edition.groups else ""
    context = {"round": round, "slips": sharing.slips(url, made), "url": url, "group": title}
    return render(request, "surveys/codes.html", context)


@requires(queries.RUN)
@require_POST
def act(request, ref, what):
    """Tell staff, move the last day, close, throw away, choose a formula."""
    round = _round(request, ref, to_run=True)
    if what not in _ACTS:
        raise Http404
    try:
        messages.success(request, _ACTS[what](request, round))
    except RoundError as error:
        messages.error(request, str(error))
    return redirect("surveys:list" if what == "discard" else "surveys:round", *([] if what == "discard" else [ref]))


def _end(request, round):
    form = EndForm(request.POST)
    if not form.is_valid():
        raise RoundError(_("Write a date, for example 16/05/2567."))
    services.move_end(round, form.cleaned_data["closes"], by=request.user)
    return _("The last day was moved.")


def _close(request, round):
    services.close(round, by=request.user)
    return _("The survey is closed; its results can be seen.")


def _discard(request, round):
    services.discard(round, by=request.user, reason=request.POST.get("reason", ""))
    return _("The round and its answers were thrown away.")


def _formula(request, round):
    services.choose_formula(round, request.POST.get("formula", ""), by=request.user)
    return _("The formula was chosen.")


def _remind(request, round):
    count = services.remind(round, by=request.user)
    return _("%(count)s members of staff were told.") % {"count": count}


_ACTS = {"remind": _remind, "end": _end, "close": _close, "discard": _discard, "formula": _formula}
