"""What the pages share: finding what the viewer may see, and answering a refusal."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from khet.core.files.services import FileRefused
from khet.core.workflow.machine import MoveNotAllowed
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case
from khet.engines.cases.queries import finding, names
from khet.engines.cases.services.opening import opened_because

TAKE_PART = "cases.take_part"
REFUSED = (CaseError, MoveNotAllowed, FileRefused)


def case_or_404(request, ref) -> Case:
    """A case the viewer may see, with the child's name where lists of its kind show it. Raises Http404."""
    case = get_object_or_404(finding.seen(request.user), ref=ref)
    case.child = names([case]).get(case.pk, "")
    return case


def opened_or_404(request, ref) -> Case:
    """A case that is open in this session: what stands in it is shown and changed only then. Raises Http404."""
    if opened_because(request.session, ref) is None:
        raise Http404
    return case_or_404(request, ref)


def attempt(request, act, done: str = ""):
    """What an act gave, None when it was refused: the refusal is shown on the next page."""
    try:
        result = act()
    except REFUSED as error:
        messages.error(request, str(error))
        return None
    if done:
        messages.success(request, done)
    return result


def offer_back(request, done: str, url: str) -> None:
    """Say on the next page what was done, with a button that takes it back: a POST to `url`."""
    messages.success(request, done, extra_tags=f"back:{url}")


def refuse_fields(request, form) -> None:
    """Show what is wrong with a small form on the next page."""
    for name, faults in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, " ".join(filter(None, [f"{label}:" if label else "", *map(str, faults)])))


def onward(request, case: Case, part: str = ""):
    """Back to the page of a case, or to the inbox when what was done took it out of the viewer's sight."""
    return to_case(case, part) if finding.sees(request.user, case) else redirect("cases:inbox")


def to_case(case: Case, part: str = ""):
    """Back to the page of a case: at its top, where messages stand, or at the part that shows what was done."""
    return redirect(reverse("cases:case", args=[case.ref]) + (f"#{part}" if part else ""))
