"""Matching as a task of the queue: a page asks for it, a worker does it."""

import logging

from django.db import transaction
from django_tasks import task

from khet.core.orgs.models import Org
from khet.registers.linkage import running
from khet.registers.linkage.models import Run

log = logging.getLogger(__name__)


def start(org: Org, kind: str, year: int, *, by) -> Run:
    """Ask for a matching and put it into the queue. Raises NotStarted."""
    run = running.ask(org, kind, year, by=by)
    transaction.on_commit(lambda: match_lists.enqueue(run.pk))
    return run


@task()
def match_lists(run_id: int) -> None:
    """Match an office's records as was asked; a matching that is done or gone is left alone."""
    run = Run.objects.filter(pk=run_id).select_related("org", "by").first()
    if run is not None:
        log.info("matching of %s: %s", run.org.code, running.carry_out(run).counts)
