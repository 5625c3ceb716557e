"""The trail. Entries are only ever added."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from khet.core.orgs.scope import ScopedQuerySet


class AuditQuerySet(ScopedQuerySet):
    permission = "audit.read"


class AuditEntry(models.Model):
    """One act. Holds no sensitive value: what changed is named, a person is named by an internal reference."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60, db_index=True, help_text="room.act, e.g. intake.committed, person.opened")
    object_type = models.CharField(max_length=60, blank=True, default="")
    object_id = models.CharField(max_length=60, blank=True, default="")
    label = models.CharField(max_length=200, blank=True, default="")
    org = models.ForeignKey("orgs.Org", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True, default="")
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    count = models.IntegerField(null=True, help_text="how many records a bulk act touched")

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["object_type", "object_id"])]
        verbose_name_plural = "audit entries"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("an audit entry is never changed; add another")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("an audit entry is never deleted; retention rules remove whole periods")
