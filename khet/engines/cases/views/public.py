"""Reports from outside: no sign-in, no session, nothing kept on the device.

Works without scripts. Whoever reports gets a code; with it, and only with it, the outcome can be read and words
exchanged.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from khet.core.files.services import FileRefused
from khet.core.forms.build import form_class
from khet.core.ui.limits import allows
from khet.engines.cases import editions, services
from khet.engines.cases.forms import CodeForm, MessageForm
from khet.engines.cases.models import Case
from khet.engines.cases.queries import finding
from khet.engines.cases.schema import CaseKind
from khet.engines.cases.schema.kept import of_catalogue
from khet.engines.cases.services.reporting import Report
from khet.engines.cases.views.base import REFUSED

PLACE = "_place"  # no form can ask for a field of this name
TRAP = "website"  # a field nobody sees; what fills it is a machine
REPORTS, LOOKS = 30, 120  # an hour and address
NEUTRAL = "https://www.tmd.go.th/"  # the weather: nobody asks why


@login_not_required
@never_cache
@require_safe
def kinds(request):
    """What can be reported here."""
    return render(request, "cases/public/kinds.html", {"kinds": _public_kinds(), "code_form": CodeForm()})


def _public_kinds() -> list[CaseKind]:
    return [kind for kind in editions.on_offer(timezone.localdate()) if kind.public]


def _kind(family: str) -> CaseKind:
    kind = editions.of_family(family, timezone.localdate())
    if kind is None or kind.public is None:
        raise Http404
    return kind


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, family):
    """The form of a report; the answer shows the code, once."""
    kind, posted = _kind(family), request.method == "POST"
    if not allows(request, f"report-{'send' if posted else 'look'}", REPORTS if posted else LOOKS):
        return render(request, "cases/public/busy.html", {"kind": kind}, status=429)
    if posted and request.POST.get(TRAP):
        return render(request, "cases/public/busy.html", {"kind": kind}, status=429)
    asked = of_catalogue(kind).form(kind.public.form)
    form = form_class(asked)(request.POST if posted else None, request.FILES if posted else None)
    places = finding.places()
    place = places.filter(code=request.POST.get(PLACE, "")).first() if posted else None
    fault = "" if place or not posted else _("Choose the school.")
    if posted and form.is_valid() and place:
        try:
            _case, code = services.report(kind, Report(place, form.answers(), form.uploads()))
        except (*REFUSED, FileRefused) as error:
            form.add_error(None, str(error))
        else:
            return render(request, "cases/public/thanks.html", {"kind": kind, "code": code})
    context = {"kind": kind, "form": form, "places": places, "place": place, "place_fault": fault,
               "place_name": PLACE, "trap": TRAP}  # fmt: skip
    return render(request, "cases/public/report.html", context, status=422 if posted else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request, family):
    """How a report stands, for who holds its code; the code travels in the body, never in an address."""
    kind, form = _kind(family), CodeForm(request.POST or None)
    if request.method != "POST":
        return render(request, "cases/public/follow.html", {"kind": kind, "form": form})
    if not allows(request, "report-code", LOOKS):
        return render(request, "cases/public/busy.html", {"kind": kind}, status=429)
    found = services.case_of_code(family, form.cleaned_data["code"]) if form.is_valid() else None
    if found is None:
        form.add_error("code", _("This code leads nowhere. Look at each letter again."))
        return render(request, "cases/public/follow.html", {"kind": kind, "form": form}, status=422)
    message = MessageForm(request.POST if "text" in request.POST else None)
    if message.is_bound and message.is_valid():
        services.write(found, message.cleaned_data["text"])
        message = MessageForm()
    services.read_outcome(found)
    context = {"kind": kind, "case": found, "code": form.cleaned_data["code"], "message": message,
               "outcome": _outcome(found), "words": found.messages.all()}  # fmt: skip
    return render(request, "cases/public/outcome.html", context)


def _outcome(case: Case) -> str:
    public = case.kind.public
    words = public.outcomes.get(case.state) if public else None
    return str(words or (_("It is in hand.") if case.is_open else _("The case is closed.")))


@login_not_required
@never_cache
@require_safe
def leave(request):
    """Away at once, to a page that tells nobody what was looked at; scripts replace the place in the history too."""
    response = redirect(NEUTRAL)
    response["Referrer-Policy"] = "no-referrer"
    response["Clear-Site-Data"] = '"cookies", "storage"'  # pages are never stored, so there is no cache to clear
    return response
