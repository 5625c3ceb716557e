"""Adding to the trail, sealing it and checking the seals."""

import hashlib
import hmac
import json
from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from khet.core.audit.models import AuditEntry, AuditSeal
from khet.kit.secrets import seal_key

# An entry gets its number when it is written and is seen when its transaction ends; no transaction lasts so long.
SETTLED = timedelta(minutes=30)
_FIELDS = ["pk", *(field.attname for field in AuditEntry._meta.concrete_fields if not field.primary_key)]


def record(verb, obj=None, *, by, org=None, before=None, after=None, reason="", count=None) -> AuditEntry:
    """One entry for one act; a bulk act is one entry with its count.

    obj     the record acted on; its `audit_label` (else nothing) names it, so that no name leaks by default
    by      the user who acts (`accounts.system_user()` for the command line)
    before, after   what changed, in plain values; never a sensitive one
    """
    return AuditEntry.objects.create(
        actor=by,
        verb=verb,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        label=str(getattr(obj, "audit_label", "") or "")[:200],
        org=org,
        reason=reason[:300],
        before=before or {},
        after=after or {},
        count=count,
    )


@transaction.atomic
def seal(*, until=None) -> AuditSeal | None:
    """Seal the entries that have settled and that no seal covers; None when there are none."""
    previous = AuditSeal.objects.select_for_update().last()
    entries = AuditEntry.objects.filter(pk__gt=previous.last if previous else 0)
    settled = entries.filter(at__lt=until or timezone.now() - SETTLED).order_by("pk")
    rows = list(settled.values_list(*_FIELDS))
    if not rows:
        return None
    digest = _digest(previous.digest if previous else "", rows)
    return AuditSeal.objects.create(first=rows[0][0], last=rows[-1][0], count=len(rows), digest=digest)


def broken_seals() -> list[AuditSeal]:
    """The seals whose entries were changed, removed or added to since; [] when the trail is whole."""
    broken, before, covered = [], "", 0
    for one in AuditSeal.objects.all():
        rows = AuditEntry.objects.filter(pk__gt=covered, pk__lte=one.last).order_by("pk").values_list(*_FIELDS)
        if not hmac.compare_digest(_digest(before, rows.iterator()), one.digest):
            broken.append(one)
        before, covered = one.digest, one.last
    return broken


def _digest(before: str, rows) -> str:
    digest = hmac.new(seal_key(), before.encode(), hashlib.sha256)
    for row in rows:
        digest.update(json.dumps(row, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder).encode() + b"\n")
    return digest.hexdigest()
