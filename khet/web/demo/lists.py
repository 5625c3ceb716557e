"""The lists an office has made for it: pairs of records to judge, and pupils to talk with first.

They take a worker half a minute, so the first page does not wait for them: they are asked for, their pages say so, and
the worker makes them once the files of the past are in.
"""

from django.utils import timezone

from khet.core.accounts.models import User
from khet.core.orgs.models import Org
from khet.insight.earlywarning import services as warning
from khet.insight.earlywarning.models import WarningRun
from khet.insight.earlywarning.tasks import make_list
from khet.kit.periods import academic_year
from khet.registers.linkage import running as linkage
from khet.registers.linkage.models import Kind, Run
from khet.registers.linkage.tasks import match_lists


def are_missing(office: Org) -> bool:
    """Whether a list has never been asked for."""
    return bool(_kinds_missing(office)) or not WarningRun.objects.filter(org=office).exists()


def _kinds_missing(office: Org) -> list[str]:
    known = set(Run.objects.filter(org=office).values_list("kind", flat=True))
    return [kind for kind in Kind.values if kind not in known]


def ask_for(office: Org, *, by: User) -> None:
    """Ask for each list that nobody has asked for yet; its page says from now on that it is under way."""
    for kind in _kinds_missing(office):
        linkage.ask(office, kind, academic_year(timezone.localdate()).year, by=by)
    if not WarningRun.objects.filter(org=office).exists():
        warning.ask(office, by=by)


def have_made(office: Org) -> int:
    """Put the lists that were asked for into the queue; how many."""
    matchings = list(Run.objects.filter(org=office, state=Run.State.QUEUED).values_list("pk", flat=True))
    warnings = list(WarningRun.objects.filter(org=office, state=WarningRun.State.QUEUED).values_list("pk", flat=True))
    for task, runs in ((match_lists, matchings), (make_list, warnings)):
        for run in runs:
            task.enqueue(run)
    return len(matchings) + len(warnings)
