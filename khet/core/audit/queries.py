"""Reading the trail."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from khet.core.audit import veils
from khet.core.audit.models import AuditEntry


def entries(viewer):
    """The entries of the orgs where the viewer may read the trail, newest first; of veiled records only those seen."""
    return veils.narrowed(AuditEntry.objects.visible_to(viewer), viewer).select_related("actor", "org")


def narrowed(rows, *, who="", verb="", about="", org=None, since: date | None = None, until: date | None = None):
    """The rows of one person, verb or room ("person."), of one record, at an org and below, in a span of days.

    who     user name, or part of a name
    about   "app.model:id" for one record (who saw this child?), else part of a record's label
    """
    if who:
        rows = rows.filter(Q(actor__username__iexact=who) | Q(actor__full_name__icontains=who))
    if verb:
        rows = rows.filter(verb__startswith=verb) if verb.endswith(".") else rows.filter(verb=verb)
    if about:
        kind, _colon, id = about.partition(":")
        rows = rows.filter(object_type=kind, object_id=id) if id else rows.filter(label__icontains=about)
    if org:
        rows = rows.under([org.path])
    if since:
        rows = rows.filter(at__gte=_midnight(since))
    return rows.filter(at__lt=_midnight(until + timedelta(days=1))) if until else rows


def of_record(viewer, obj):
    """Everything done with one record, as far as the viewer may read the trail."""
    return entries(viewer).filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
