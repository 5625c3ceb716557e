"""The public form: no sign-in but for staff surveys, no session, nothing kept of who comes.

It works without scripts, page by page, the answers travelling along in the page itself; with scripts the same form is
drawn by SurveyJS and sent at once. Either way the server judges every answer.
"""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khet.engines.surveys import limits, queries
from khet.engines.surveys.definition.answers import Refused, clean, shown
from khet.engines.surveys.definition.files import form_of
from khet.engines.surveys.definition.form import FormFault
from khet.engines.surveys.definition.page import page_of
from khet.engines.surveys.definition.posting import sent as posted
from khet.engines.surveys.definition.rendering import surveyjs
from khet.engines.surveys.models import Access
from khet.engines.surveys.services import sheets
from khet.engines.surveys.services.casting import cast
from khet.engines.surveys.services.sheets import AlreadyUsed, SheetRefused

SENT, SHEET = "khet-sent", "khet-sheet"  # cookies of the device, for the one survey's address only
TRAP = "website"  # a field nobody sees; what fills it is a machine
LARGEST = 200_000  # characters of answers in one post


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, token):
    """Answer a survey."""
    round, form = _round(token)
    if not round.is_open:
        return render(request, "surveys/not_open.html", {"round": round})
    if not limits.allows(request, "answer" if request.method == "POST" else "page"):
        return _busy(request, round)
    if request.method == "POST":
        return _take(request, round, form)
    if round.access == Access.STAFF and not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    if round.once_a_device and request.COOKIES.get(SENT) and "again" not in request.GET:
        return render(request, "surveys/already.html", {"round": round})
    try:
        sheet = _sheet_at_hand(request, round)
    except SheetRefused as error:
        return render(request, "surveys/refused.html", {"round": round, "error": error}, status=409)
    if sheet is None:
        return render(request, "surveys/entrance.html", {"round": round, "survey": round.edition})
    return _page(request, round, form, sheet.signed(round), {}, 0)


def _round(token: str):
    """(round, form); to whoever does not know the token there is nothing."""
    round = queries.by_token(token)
    if round is None:
        raise Http404
    try:
        return round, form_of(round.edition)
    except FormFault:
        raise Http404 from None


def _sheet_at_hand(request, round):
    """The sheet this visitor has, None where one must be asked for (a code, a staff sheet)."""
    if round.access == Access.OPEN:
        return sheets.hand(round)
    if round.access == Access.STAFF and not sheets.is_for(round, request.user):
        raise Http404
    if signed := request.COOKIES.get(SHEET):
        try:
            return sheets.read(round, signed)
        except SheetRefused:
            pass
    if round.access == Access.STAFF and queries.has_taken(round, request.user):
        raise AlreadyUsed(_("You have already been handed a sheet for this survey."))
    return None


@login_not_required
@never_cache
@require_POST
def take_sheet(request, token):
    """Hand a sheet to who brings a code, or to a member of staff; it is kept by the device, not by us."""
    round, _form = _round(token)
    if not round.is_open:
        return render(request, "surveys/not_open.html", {"round": round})
    if not limits.allows(request, "code"):
        return _busy(request, round)
    try:
        if round.access == Access.STAFF:
            if not sheets.is_for(round, request.user):
                raise Http404
            sheet = sheets.hand_to_staff(round, request.user)
        else:
            sheet = sheets.from_code(round, request.POST.get("code", "")[:40])
    except SheetRefused as error:
        context = {"round": round, "survey": round.edition, "error": error}
        return render(request, "surveys/entrance.html", context, status=422)
    response = redirect("answer:form", token)
    _remember(response, SHEET, sheet.signed(round), request, token)
    response.delete_cookie(SENT, path=_path(token))
    return response


def _take(request, round, form):
    """What a page sends: the next or previous page, or the whole."""
    if request.POST.get(TRAP):
        return redirect("answer:thanks", round.token)  # a machine is thanked and not counted
    try:
        sheet = sheets.read(round, request.POST.get("sheet", ""))
    except SheetRefused as error:
        return render(request, "surveys/refused.html", {"round": round, "error": error}, status=409)
    sent, number = _sent(request, form), _number(request.POST.get("page"))
    if sent is None:
        raise Http404
    act = request.POST.get("act", "send")
    pages = shown(form, sent)
    here = pages[max(0, min(number, len(pages) - 1))] if pages else None
    if act == "back":
        return _page(request, round, form, request.POST["sheet"], sent, number - 1)
    if act == "more":
        rows = min(here[0].most, _number(request.POST.get("rows")) + 1)
        return _page(request, round, form, request.POST["sheet"], sent, number, rows=rows)
    if act == "next":
        return _next(request, round, form, sent, number, here)
    return _send(request, round, form, sent, number, sheet)


def _next(request, round, form, sent, number, here):
    """On to the next page, once this one is right and all that follows from its answers has been shown."""
    try:
        clean(form, sent, sections=(here[0],))
    except Refused as error:
        return _page(request, round, form, request.POST["sheet"], sent, number, faults=error.faults)
    if _has_joined(request, here):
        return _page(request, round, form, request.POST["sheet"], sent, number, joined=True)
    return _page(request, round, form, request.POST["sheet"], sent, number + 1)


def _has_joined(request, here) -> bool:
    """Whether answers of this page ask for questions that did not stand on it."""
    section, questions = here
    seen = set(request.POST.get("seen", "").split())
    return not section.repeats and any(q.asks and q.id not in seen for q in questions)


def _send(request, round, form, sent, number, sheet):
    by_script = "answers" in request.POST
    pages = shown(form, sent)
    if not by_script and pages and _has_joined(request, pages[min(number, len(pages) - 1)]):
        return _page(request, round, form, request.POST["sheet"], sent, number, joined=True)
    try:
        if sheets.is_too_fast(request.POST["sheet"]):
            raise Refused({"": _("That was very quick. Please look at your answers once more and send them again.")})
        cast(round, sent, sheet=sheet)
    except Refused as error:
        at = _first_fault(pages, error.faults, number)
        return _page(request, round, form, request.POST["sheet"], sent, at, faults=error.faults)
    except AlreadyUsed:
        pass  # sent twice: the answer is in
    except SheetRefused as error:
        return render(request, "surveys/refused.html", {"round": round, "error": error}, status=409)
    response = redirect("answer:thanks", round.token)
    response.delete_cookie(SHEET, path=_path(round.token))
    if round.once_a_device:
        _remember(response, SENT, "1", request, round.token)
    return response


def _first_fault(pages, faults, number: int) -> int:
    """The first page that holds a fault; the page sent when the fault is of the whole."""
    names = {name.split(".")[0] for name in faults}
    for at, (section, questions) in enumerate(pages):
        if section.id in names or names & {question.id for question in questions}:
            return at
    return number


def _sent(request, form) -> dict | None:
    """What was sent, by the script in one piece or by the plain page; None for what is neither."""
    written = request.POST.get("answers")
    if written is None:
        return posted(form, request.POST)
    if len(written) > LARGEST:
        return None
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):  # nested a thousand deep: no browser writes that
        return None
    return found if isinstance(found, dict) else None


def _number(text) -> int:
    return int(text) if str(text or "").isdigit() and len(text) < 4 else 0


def _page(request, round, form, signed, sent, number, *, faults=None, rows=1, joined=False) -> HttpResponse:
    page = page_of(form, sent, number, faults=faults, rows=rows)
    context = {
        "round": round,
        "survey": round.edition,
        "page": page,
        "sheet": signed,
        "trap": TRAP,
        "joined": joined,
        "whole_fault": (faults or {}).get("", ""),
        "faults": [(f"#{field.id}", field.question.title) for row in page.rows for field in row if field.fault],
        "definition": surveyjs(form),
        "known": sent,
        "language": get_language() or "th",
    }
    return render(request, "surveys/answer.html", context, status=422 if faults else 200)


@login_not_required
@never_cache
@require_safe
def thanks(request, token):
    """What is said when an answer is in."""
    round, _form = _round(token)
    return render(request, "surveys/thanks.html", {"round": round, "survey": round.edition})


def _busy(request, round):
    response = render(request, "surveys/busy.html", {"round": round}, status=429)
    response["Retry-After"] = "600"
    return response


def _path(token: str) -> str:
    return reverse("answer:form", args=[token])


def _remember(response, name: str, value: str, request, token: str) -> None:
    """A cookie that only this survey's pages get, for as long as a round may last."""
    response.set_cookie(
        name, value, max_age=400 * 86400, path=_path(token), httponly=True, samesite="Lax", secure=request.is_secure()
    )
