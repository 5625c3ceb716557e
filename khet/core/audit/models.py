"""The trail. Entries are only ever added, and sealed, so that a change by other means is seen."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from khet.core.orgs.scope import ScopedQuerySet


class NeverChanged(TypeError):
    """Something tried to change or delete an entry of the trail."""


class AuditQuerySet(ScopedQuerySet):
    permission = "audit.read"

    def update(self, **kwargs):
        raise NeverChanged("an audit entry is never changed; add another")

    def delete(self):
        raise NeverChanged("an audit entry is never deleted")

    def bulk_update(self, objs, fields, batch_size=None):
        raise NeverChanged("an audit entry is never changed; add another")


class AuditEntry(models.Model):
    """One act. Holds no sensitive value: what changed is named, a person is named by an internal reference."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60, db_index=True, help_text="room.act, e.g. intake.committed, person.opened")
    object_type = models.CharField(max_length=60, blank=True, default="")
    object_id = models.CharField(max_length=60, blank=True, default="")
    label = models.CharField(max_length=200, blank=True, default="")
    # No constraint: the undo of a load removes the orgs it created, and neither may change what the trail says of them.
    org = models.ForeignKey("orgs.Org", models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
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
            raise NeverChanged("an audit entry is never changed; add another")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise NeverChanged("an audit entry is never deleted")


class AuditSeal(models.Model):
    """A keyed digest over a run of entries and the seal before it: who edits the database cannot make a new one."""

    sealed_at = models.DateTimeField(auto_now_add=True)
    first = models.BigIntegerField(help_text="number of the first entry it covers")
    last = models.BigIntegerField(unique=True, help_text="number of the last entry it covers")
    count = models.IntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["last"]
