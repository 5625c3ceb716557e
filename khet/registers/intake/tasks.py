"""The steps of a load as tasks of the queue: a page starts one, a worker does it, the page looks how far it is."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from khet.core.accounts.models import User
from khet.core.catalogue import forget
from khet.core.orgs.queries import default_office
from khet.registers.intake import services
from khet.registers.intake.models import BUSY, Batch, State

log = logging.getLogger(__name__)
QUEUED = "queued_"  # a phase that begins so: asked for, not begun
PATIENCE = timedelta(seconds=60)  # after which a step that nobody has begun may be asked for again


def start(batch: Batch, act: str, *, by, reason: str = "") -> bool:
    """Queue a step (check | commit | undo); False when one is asked for or under way already."""
    services.recover(batch)
    now = timezone.now()
    waiting = Q(phase__startswith=QUEUED, beat__gte=now - PATIENCE)
    free = Batch.objects.filter(pk=batch.pk).exclude(state__in=BUSY).exclude(waiting)
    if not free.update(phase=QUEUED + act, beat=now, progress=0, message=""):
        return False
    _TASKS[act].enqueue(batch.pk, by.pk, **({"reason": reason} if reason else {}))
    return True


def is_waiting(batch: Batch) -> bool:
    """True when a step was asked for and not begun."""
    return batch.phase.startswith(QUEUED)


def waits_long(batch: Batch) -> bool:
    """True when a step was asked for long ago, and nobody has begun it."""
    return is_waiting(batch) and (batch.beat is None or timezone.now() - batch.beat > PATIENCE)


@task()
def check_load(batch_id: int, user_id: int) -> None:
    """Read a load and take its difference."""
    _run(batch_id, user_id, "check", lambda batch, by: services.check(batch, by=by))


@task()
def commit_load(batch_id: int, user_id: int) -> None:
    """Write a load; loads that build on it are checked anew."""
    batch, by = _run(batch_id, user_id, "commit", services.commit)
    if batch is not None and batch.state == State.COMMITTED:
        _check_followers(batch, by)


@task()
def undo_load(batch_id: int, user_id: int, reason: str = "") -> None:
    """Put back what a load replaced; loads that built on it are checked anew."""
    batch, by = _run(batch_id, user_id, "undo", lambda batch, by: services.undo(batch, by, reason))
    if batch is not None and batch.state == State.UNDONE:
        _check_followers(batch, by)


_TASKS = {"check": check_load, "commit": commit_load, "undo": undo_load}


def _run(batch_id: int, user_id: int, act: str, step) -> tuple[Batch | None, User | None]:
    """Do a step that was asked for. What stops it is told on the load's page; a fault of ours also goes to the log."""
    batch = Batch.objects.filter(pk=batch_id, phase=QUEUED + act).select_related("org").first()
    by = User.objects.filter(pk=user_id, is_active=True).first()
    if batch is None or by is None:
        return None, None  # discarded meanwhile, or taken by a second asking
    if batch.org is None:  # a load before this one may have made the office
        batch.org = default_office()
        Batch.objects.filter(pk=batch.pk).update(org=batch.org)
    batch.phase = ""
    if batch.source and batch.definition is None:
        forget()  # a source that the office has just named, in another process
    with translation.override(by.language or None):
        try:
            step(batch, by)
        except services.IntakeError as error:
            _stopped(batch, str(error))
        except Exception:
            log.exception("load %s: %s failed", batch.pk, act)
            _stopped(batch, _("Something went wrong in Khet itself; nothing was written. Try again."))
    return batch, by


def _stopped(batch: Batch, message: str) -> None:
    Batch.objects.filter(pk=batch.pk).update(phase="", message=message)
    batch.refresh_from_db(fields=["state", "phase", "message"])


def _check_followers(batch: Batch, by) -> None:
    """Check open loads of sources that come after this one again: what they refer to has changed."""
    place = batch.definition.order if batch.definition else 0
    ready = Batch.objects.filter(org=batch.org, state=State.CHECKED, committed_at__isnull=True).exclude(pk=batch.pk)
    for later in sorted(ready, key=lambda one: (one.definition.order if one.definition else 99, one.pk)):
        if later.definition is not None and later.definition.order > place:
            start(later, "check", by=by)
