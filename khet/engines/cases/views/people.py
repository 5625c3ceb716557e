"""Who handles a case, who is in it, whom it names, and where else it goes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from khet.core.accounts.access import requires
from khet.engines.cases import seats, services
from khet.engines.cases.forms import (
    AssignForm,
    HandOverForm,
    LevelForm,
    LinkForm,
    MemberForm,
    MergeForm,
    MessageForm,
    PartyForm,
    ReferForm,
    users_near,
    users_to_name,
    users_who_see,
)
from khet.engines.cases.models import Case
from khet.engines.cases.queries import finding
from khet.engines.cases.services.beginning import Named
from khet.engines.cases.views.base import (
    REFUSED,
    TAKE_PART,
    attempt,
    case_or_404,
    offer_back,
    onward,
    opened_or_404,
    refuse_fields,
    to_case,
)


def _small(request, ref, form_of, act, done: str):
    """Take a small form of an opened case; back to the top of its page either way, which says what came of it."""
    case = opened_or_404(request, ref)
    form = form_of(case)
    if form.is_valid():
        attempt(request, lambda: act(case, form.cleaned_data), done)
    else:
        refuse_fields(request, form)
    return onward(request, case)


@require_POST
@requires(TAKE_PART)
def assign(request, ref):
    """Give the case to somebody, or take it."""
    if request.POST.get("take"):
        case = opened_or_404(request, ref)
        if attempt(request, lambda: services.assign(case, request.user, by=request.user)):
            offer_back(request, _("The case is yours now."), request.path)
        return to_case(case)
    return _small(
        request, ref, lambda case: AssignForm(request.POST, users=users_who_see(case)),
        lambda case, given: services.assign(case, given["user"], by=request.user), _("Saved."),
    )  # fmt: skip


@require_POST
@requires(TAKE_PART)
def hand_over(request, ref):
    """Have another place of the office handle it."""
    return _small(
        request, ref, lambda case: HandOverForm(request.POST, case=case),
        lambda case, given: services.hand_over(case, given["org"], by=request.user), _("It was handed over."),
    )  # fmt: skip


@require_POST
@requires(TAKE_PART)
def level(request, ref):
    """Change the level."""
    return _small(
        request, ref, lambda case: LevelForm(request.POST, kind=case.kind),
        lambda case, given: services.set_level(case, given["level"], by=request.user, reason=given["reason"]),
        _("Saved."),
    )  # fmt: skip


@require_POST
@requires(TAKE_PART)
def member(request, ref):
    """Let somebody in."""
    return _small(
        request, ref, lambda case: MemberForm(request.POST, users=users_near(case)),
        lambda case, given: services.add_member(case, given["user"], by=request.user), _("Saved."),
    )  # fmt: skip


@require_POST
@requires(TAKE_PART)
def member_remove(request, ref, pk):
    """End a membership."""
    case = opened_or_404(request, ref)
    found = case.members.filter(pk=pk, until__isnull=True).select_related("case__edition", "user").first()
    if found is None:
        raise Http404
    attempt(request, lambda: services.remove_member(found, by=request.user), _("Saved."))
    gone = not finding.sees(request.user, case)
    return redirect("cases:inbox") if gone else to_case(case)


@require_POST
@requires(TAKE_PART)
def party(request, ref):
    """Name somebody."""

    def act(case, given):
        details = {"phone": given["phone"]} if given["phone"] else {}
        return services.add_party(case, Named(given["role"], given["name"], user=given["user"], details=details),
                                  by=request.user)  # fmt: skip

    return _small(
        request, ref, lambda case: PartyForm(request.POST, kind=case.kind, users=users_to_name(case)), act, _("Saved."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKE_PART)
@never_cache
def find_party(request, ref):
    """Name a pupil of the register: found by a part of the name among those the viewer may list."""
    case, words = opened_or_404(request, ref), request.GET.get("q", "").strip()
    role = next((one for one in case.kind.parties if one.counts), None)
    if role is None or seats.WORKER not in seats.roles_in(request.user, case) or not case.is_open:
        raise Http404
    if request.method == "POST":
        person = finding.person(request.user, case.about, request.POST.get("child", ""))
        if person is None:
            raise Http404
        attempt(
            request, lambda: services.add_party(case, Named(role.code, person=person), by=request.user), _("Saved.")
        )
        return onward(request, case, "people")
    found = finding.children(request.user, case.about, words, with_listed=False)
    return render(request, "cases/find_party.html", {"case": case, "role": role, "words": words, "found": found})


@require_POST
@requires(TAKE_PART)
def party_remove(request, ref, pk):
    """Take a party off."""
    case = opened_or_404(request, ref)
    found = case.parties.filter(pk=pk, left_at__isnull=True).select_related("case__edition").first()
    if found is None:
        raise Http404
    attempt(request, lambda: services.remove_party(found, by=request.user), _("Saved."))
    return to_case(case)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKE_PART)
@never_cache
def refer(request, ref):
    """Ask another place to take over or to help."""
    case = opened_or_404(request, ref)
    if seats.MANAGER not in seats.roles_in(request.user, case) or not case.is_open:
        raise Http404
    form = ReferForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            services.refer(case, by=request.user, **form.cleaned_data)
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The referral was sent and waits for an answer."))
            return to_case(case)
    return render(request, "cases/refer.html", {"case": case, "form": form}, status=422 if form.errors else 200)


@require_POST
@requires(TAKE_PART)
def referral(request, pk, answer):
    """Answer a referral: who receives it need not see the case before."""
    found = finding.referral(pk)
    if found is None or answer not in ("accept", "decline", "take_back"):
        raise Http404
    place = found.to or found.case.org
    if answer == "take_back":
        case_or_404(request, found.case.ref)
    elif seats.kept_from([request.user], found.case) or not _manages_at(request.user, place, found.case):
        raise Http404
    words = request.POST.get("words", "")
    acts = {
        "accept": lambda: services.accept(found, by=request.user, words=words),
        "decline": lambda: services.decline(found, by=request.user, words=words),
        "take_back": lambda: services.take_back(found, by=request.user),
    }
    attempt(request, acts[answer], _("Saved."))
    return to_case(found.case) if finding.sees(request.user, found.case) else redirect("cases:inbox")


def _manages_at(viewer, place, case: Case) -> bool:
    return bool(seats.roles_at(viewer, place) & set(case.kind.manage_by))


@require_POST
@requires(TAKE_PART)
def link(request, ref):
    """Link two cases the viewer sees."""
    case, form = opened_or_404(request, ref), LinkForm(request.POST)
    other = _by_number(request, form)
    if other is not None:
        attempt(request, lambda: services.link(case, other, form.cleaned_data["kind"], by=request.user), _("Saved."))
    return to_case(case)


@require_POST
@requires(TAKE_PART)
def unlink(request, ref, pk):
    """Take a link apart."""
    case = opened_or_404(request, ref)
    found = case.links.filter(pk=pk).select_related("case__edition", "other").first()
    if found is None:
        raise Http404
    attempt(request, lambda: services.unlink(found, by=request.user), _("Saved."))
    return to_case(case)


@require_POST
@requires(TAKE_PART)
def merge(request, ref):
    """Close the case as a double of another."""
    case, form = opened_or_404(request, ref), MergeForm(request.POST)
    into = _by_number(request, form)
    if into is not None:
        done = attempt(request, lambda: services.merge(case, into, by=request.user, reason=form.cleaned_data["reason"]))
        if done is not None:
            return to_case(into)
    return to_case(case)


def _by_number(request, form) -> Case | None:
    """The case of a typed number that the viewer sees; None, said on the next page, for any other."""
    if not form.is_valid():
        refuse_fields(request, form)
        return None
    found = finding.seen(request.user).filter(number=form.cleaned_data["number"].strip().upper()).first()
    if found is None:
        messages.error(request, _("There is no such case among those you see."))
    return found


@require_POST
@requires(TAKE_PART)
def answer(request, ref):
    """Write to who reported the case."""
    case, form = opened_or_404(request, ref), MessageForm(request.POST)
    if form.is_valid():
        attempt(request, lambda: services.answer_reporter(case, form.cleaned_data["text"], by=request.user), _("Sent."))
    else:
        refuse_fields(request, form)
    return to_case(case)
