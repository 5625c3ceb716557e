"""Matching as a task of the queue: a page asks for it, a worker does it."""

import logging

from django_tasks import task

from khet.core.accounts.models import User
from khet.core.orgs.models import Org
from khet.registers.linkage import services
from khet.registers.linkage.models import Kind

log = logging.getLogger(__name__)


def start(org: Org, kind: str, year: int, *, by) -> None:
    """Queue a matching."""
    match_lists.enqueue(org.pk, kind, year, by.pk)


@task()
def match_lists(org_id: int, kind: str, year: int, user_id: int) -> None:
    """Match an office's records."""
    org, by = Org.objects.get(pk=org_id), User.objects.get(pk=user_id)
    run = services.match_register if kind == Kind.REGISTER else services.find_doubles
    log.info("matching of %s: %s", org.code, run(org, year, by=by).counts)
