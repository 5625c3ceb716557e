"""Acts on several cases of the inbox at once: take over, give to somebody, take a step that asks no form."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from khet.core.accounts.access import requires
from khet.engines.cases import services
from khet.engines.cases.models import Case
from khet.engines.cases.queries import bulk as together
from khet.engines.cases.queries import finding
from khet.engines.cases.views.base import TAKE_PART

MOST = 200  # cases of one act
SAID = 5  # refusals that are told one by one


@require_POST
@requires(TAKE_PART)
def bulk(request):
    """Do one thing with the chosen cases; what cannot be done with one of them is said and stops no other."""
    rows = list(finding.seen(request.user).filter(ref__in=_refs(request)))
    act = _ACTS.get(request.POST.get("act"))
    if act is None:
        raise Http404
    if rows:
        act(request, rows)
    else:
        messages.error(request, _("Choose cases first."))
    back = request.POST.get("back", "")
    return redirect(f"{reverse('cases:inbox')}?{back}" if back else "cases:inbox")


def _refs(request) -> list[str]:
    found = []
    for text in request.POST.getlist("case")[:MOST]:
        try:
            found.append(str(uuid.UUID(text)))
        except ValueError:
            continue
    return found


def _take(request, rows: list[Case]) -> None:
    done, refused = services.assign_many(rows, request.user, by=request.user)
    n = len(done)
    _say(request, ngettext("%(n)s case is yours now.", "%(n)s cases are yours now.", n) % {"n": n}, n, refused)


def _give(request, rows: list[Case]) -> None:
    chosen = request.POST.get("user", "")
    user = next((one for one in together.offers(request.user, rows).users if str(one.pk) == chosen), None)
    if user is None:
        messages.error(request, _("Choose who is to handle them."))
        return
    done, refused = services.assign_many(rows, user, by=request.user)
    words = ngettext("%(n)s case was given to %(user)s.", "%(n)s cases were given to %(user)s.", len(done))
    _say(request, words % {"n": len(done), "user": user}, len(done), refused)


def _move(request, rows: list[Case]) -> None:
    name = request.POST.get("move", "")
    move = together.offers(request.user, rows).moves.get(name)
    if move is None:
        messages.error(request, _("The chosen cases have no such step in common. Choose cases that stand alike."))
        return
    done, refused = services.move_many(rows, name, by=request.user, reason=request.POST.get("reason", ""))
    words = ngettext("%(n)s case took the step “%(step)s”.", "%(n)s cases took the step “%(step)s”.", len(done))
    _say(request, words % {"n": len(done), "step": move.title}, len(done), refused)


def _say(request, words: str, done: int, refused) -> None:
    if done:
        messages.success(request, words)
    for case, why in refused[:SAID]:
        messages.error(request, f"{case.number}: {why}")
    more = len(refused) - SAID
    if more > 0:
        messages.error(request, ngettext("%(n)s more could not.", "%(n)s more could not.", more) % {"n": more})


_ACTS = {"take": _take, "give": _give, "move": _move}
