"""The states of a load: entering a busy one, telling how far it is, taking over where a process has stopped."""

import os
import socket
import time

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.models import AuditEntry
from khet.registers.intake.models import Batch, State

DEAD_AFTER = 900  # seconds without a sign of life after which a load at another machine is taken as stopped
# Acts in the trail that change what a comparison was taken against.
_CHANGING = ("org.", "intake.committed", "intake.undone", "figure.", "person.changed", "school.")


class IntakeError(ValueError):
    """A step that cannot be taken; says why and what to do."""


class Stale(IntakeError):
    """The registers changed after the preview; the load was checked again and shows the new difference."""


def begin(batch: Batch, state: str, allowed: tuple[str, ...]) -> None:
    """Enter a busy state, unless another process works on the load; one that stopped is taken over."""
    recover(batch)
    now = timezone.now()
    entered = {"state": state, "phase": "", "progress": 0, "beat": now, "worker": _me()}
    started = Batch.objects.filter(pk=batch.pk, state__in=allowed).update(**entered)
    if not started:
        batch.refresh_from_db(fields=["state"])
        raise IntakeError(
            _("This load is “%(state)s”, so this step is not open to it.") % {"state": State(batch.state).label}
        )
    for name, value in entered.items():
        setattr(batch, name, value)


def _me() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def recover(batch: Batch) -> Batch:
    """Set a load whose process has stopped back to the step before; what it wrote was rolled back with it."""
    batch.refresh_from_db(fields=["state", "beat", "worker"])
    if batch.is_busy and is_dead(batch):
        back = {State.CHECKING: State.RECEIVED, State.COMMITTING: State.CHECKED, State.UNDOING: State.COMMITTED}
        state = State.COMMITTED if batch.state == State.CHECKING and batch.committed_at else back[State(batch.state)]
        Batch.objects.filter(pk=batch.pk, state=batch.state).update(state=state, phase="")
        batch.state, batch.phase = state, ""
    return batch


def is_dead(batch: Batch) -> bool:
    """True when the process of a busy load has gone, or has given no sign of life for long."""
    machine, _colon, number = batch.worker.rpartition(":")
    if machine == socket.gethostname()[:40] and number.isdigit():
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
    return batch.beat is None or (timezone.now() - batch.beat).total_seconds() > DEAD_AFTER


def save_progress(batch: Batch, phase: str, percent: int) -> None:
    """A sign of life for the page that waits."""
    batch.phase, batch.progress, batch.beat = phase, min(int(percent), 100), timezone.now()
    Batch.objects.filter(pk=batch.pk).update(phase=batch.phase, progress=batch.progress, beat=batch.beat)


class Beat:
    """Tells how far a load is, at most twice a second."""

    def __init__(self, batch: Batch):
        self.batch, self.last = batch, 0.0

    def __call__(self, share: float) -> None:
        """`share` of the rows that have been read, 0 to 1."""
        if (now := time.monotonic()) - self.last >= 0.5:
            self.last = now
            save_progress(self.batch, "reading", 60 * share)


def registers_stamp() -> int:
    """A number that grows with every change of the registers: the last act of the trail that changed them."""
    changing = Q()
    for verb in _CHANGING:
        changing |= Q(verb__startswith=verb)
    return AuditEntry.objects.filter(changing).order_by("-pk").values_list("pk", flat=True).first() or 0


def lock_registers() -> None:
    """One load at a time writes. SQLite's transaction is the lock; PostgreSQL is asked for one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x6B686574])
