"""Spreadsheets of participants and statuses, as they were read."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from khet.engines.programmes.models.runs import Run
from khet.kit.secrets import EncryptedJSONField


class Sheet(models.Model):
    """One upload. Its lines may name persons: they lie encrypted, and are forgotten once it is loaded or discarded."""

    class State(models.TextChoices):
        CHECKED = "checked", _("checked")
        LOADED = "loaded", _("loaded")
        UNDONE = "undone", _("undone")
        DISCARDED = "discarded", _("discarded")

    run = models.ForeignKey(Run, models.PROTECT, related_name="sheets")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State, default=State.CHECKED)
    content = EncryptedJSONField(help_text="{rows: [[sheet, row, {column: cell}]]} until it is loaded")
    joined = models.PositiveIntegerField(default=0)
    judged = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    loaded_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]

    @property
    def audit_label(self) -> str:
        return self.name
