"""Adding to the trail."""

from khet.core.audit.models import AuditEntry


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
