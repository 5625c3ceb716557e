"""Stored files of loads are deleted when they are no longer needed, and the trail says which.

Raw exports hold more about children than the registers keep. They stay long enough to undo a load, to send refused
rows back and to look at a line; after that the registers, with file, sheet and row of each record, are enough.
"""

import os
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from khet.core.accounts.models import system_user
from khet.core.audit.services import record
from khet.kit.home import room
from khet.registers.intake import store
from khet.registers.intake.models import BUSY, Batch, State

KEEP_DAYS = 30  # proposed for raw pupil exports; an office sets KHET_KEEP_FILES_DAYS, 0 to keep them
# Targets whose files hold figures and schools only: nothing about persons, so their lines stay readable.
IMPERSONAL = ("schools", "figures")
_OVER = (State.COMMITTED, State.UNDONE, State.DISCARDED, State.FAILED)


def keep_days() -> int:
    return int(os.environ.get("KHET_KEEP_FILES_DAYS", KEEP_DAYS))


def sweep_daily() -> None:
    """`sweep`, at most once a day; called when a file comes in. The demo keeps its files: they are nobody's."""
    marker = room("uploads") / "swept"
    today = timezone.localdate().isoformat()
    if settings.KHET_DEMO or (marker.exists() and marker.read_text() == today):
        return
    marker.write_text(today)
    sweep(by=system_user())


def sweep(*, by) -> int:
    """Delete the stored files of loads that ended, or were left unfinished, longer ago than they are kept.

    returns  how many loads lost their files; each sweep that deletes leaves one entry in the trail
    """
    if not (days := keep_days()):
        return 0
    limit = timezone.now() - timedelta(days=days)
    old = Batch.objects.filter(files__removed_at__isnull=True, files__isnull=False).exclude(state__in=BUSY)
    old = old.filter(Q(committed_at__lt=limit) | Q(committed_at__isnull=True, created_at__lt=limit)).distinct()
    swept = [batch for batch in old if batch.definition is None or batch.definition.target not in IMPERSONAL]
    for batch in swept:
        with transaction.atomic():
            if batch.state not in _OVER:
                batch.state = State.DISCARDED
                batch.save(update_fields=["state"])
            batch.files.update(removed_at=timezone.now())
        store.remove(batch.pk)
    if swept:
        record("intake.files_deleted", by=by, org=swept[0].org, count=len(swept), after={
            "loads": [batch.pk for batch in swept], "kept_days": days})  # fmt: skip
    return len(swept)
