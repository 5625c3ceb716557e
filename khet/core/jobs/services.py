"""Doing what is due, once, however many workers there are."""

import logging

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from khet.core.jobs.models import JobRun
from khet.core.jobs.registry import Job, all_jobs

log = logging.getLogger(__name__)


def run_due() -> list[str]:
    """Do every job whose time has come; the ids of those done here. A job that fails does not stop the others."""
    return [job.id for job in all_jobs() if _claim(job) and _run(job)]


def _claim(job: Job) -> bool:
    """True for the one worker that may do the job now."""
    now = timezone.now()
    due = JobRun.objects.filter(job=job.id, begun_at__lte=now - job.every)
    if due.update(begun_at=now, ended_at=None, failed=False, outcome=""):
        return True
    if JobRun.objects.filter(job=job.id).exists():
        return False
    try:
        with transaction.atomic():
            JobRun.objects.create(job=job.id, begun_at=now)
    except IntegrityError:  # another worker was first
        return False
    return True


def _run(job: Job) -> bool:
    try:
        outcome, failed = str(job.run() or ""), False
    except Exception as error:
        log.exception("regular work %s failed", job.id)
        outcome, failed = type(error).__name__, True
    JobRun.objects.filter(job=job.id).update(ended_at=timezone.now(), failed=failed, outcome=outcome[:200])
    if not connection.in_atomic_block:
        connection.close()
    return not failed
