"""Loads: what came in, what was found, what was written, and what it replaced."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.kit.secrets import EncryptedJSONField


class State(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("load", "Received")
    CHECKING = "checking", _("Being checked")
    NEEDS_MAPPING = "needs_mapping", _("Columns to be named")
    CHECKED = "checked", _("Ready to load")
    COMMITTING = "committing", _("Being loaded")
    COMMITTED = "committed", pgettext_lazy("load", "Loaded")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Could not be read")
    DISCARDED = "discarded", _("Discarded")


BUSY = (State.CHECKING, State.COMMITTING, State.UNDOING)
COUNTS = ("read", "new", "changed", "unchanged", "gone", "rejected", "held")


class BatchQuerySet(ScopedQuerySet):
    permission = "intake.write"

    def under(self, paths):
        if "/" in paths:
            return self.all()
        return super().under(paths)

    def committed(self):
        return self.filter(state=State.COMMITTED)


class Batch(models.Model):
    """One load of one source: from its files to the records it wrote."""

    org = models.ForeignKey(
        Org, models.PROTECT, null=True, related_name="+", help_text="the office or school it is for"
    )
    source = models.CharField(
        max_length=60, blank=True, default="", help_text="id of a source; empty: not recognised yet"
    )
    state = models.CharField(max_length=14, choices=State, default=State.RECEIVED)
    phase = models.CharField(max_length=20, blank=True, default="", help_text="what a busy load is doing")
    progress = models.SmallIntegerField(default=0, help_text="percent")
    beat = models.DateTimeField(null=True, help_text="last sign of life of the process that works on it")
    worker = models.CharField(max_length=60, blank=True, default="", help_text="machine and process that works on it")
    as_of = models.DateField(null=True, help_text="the day the data speak of")
    as_of_given = models.BooleanField(default=False, help_text="said by the user, not read or assumed")
    period = models.CharField(max_length=12, blank=True, default="")
    years = models.JSONField(default=list, help_text="academic years (C.E. start) whose records it touches")
    recognised = models.JSONField(default=dict, help_text="score, and where each field was found")
    counts = models.JSONField(default=dict, help_text="read, new, changed, unchanged, gone, rejected, held")
    schools = models.JSONField(default=list, help_text="the same counts by school: [[org id, {…}], …]")
    confirmations = models.JSONField(default=list, help_text="names of schools an officer has to decide on")
    fingerprint = models.CharField(max_length=32, blank=True, default="", help_text="of the difference that was shown")
    stamp = models.BigIntegerField(null=True, help_text="state of the registers the difference was taken against")
    written_stamp = models.BigIntegerField(null=True, help_text="state of the registers after it was written")
    written = models.JSONField(default=dict, help_text="{model: {created, changed, removed}}")
    message = models.TextField(blank=True, default="", help_text="why it failed")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    committed_at = models.DateTimeField(null=True)
    committed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undo_reason = models.CharField(max_length=300, blank=True, default="")

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["source", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(committed_at__isnull=True) | Q(committed_by__isnull=False),
                name="a_committed_load_says_by_whom",
            ),
        ]

    def __str__(self):
        return f"{self.pk} {self.title}"

    @property
    def audit_label(self) -> str:
        return f"{self.pk} {self.source}"

    @property
    def definition(self):
        """The source it was recognised as, or None."""
        return catalogue().find("source", self.source) if self.source else None

    @property
    def title(self) -> str:
        return str(self.definition.title) if self.definition else self.source or str(_("Unknown file"))

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def waiting(self) -> list[dict]:
        """The confirmations that still wait for an answer."""
        return [item for item in self.confirmations if "answer" not in item]


class BatchFile(models.Model):
    """A file of a load. Its content lies encrypted in the uploads until retention removes it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="files")
    number = models.SmallIntegerField(help_text="what Sourced.file_id refers to")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=5)
    encoding = models.CharField(max_length=12, blank=True, default="")
    sheets = models.JSONField(
        default=list, help_text="[{name, header_row, columns: {field: [index, header]}}] that were read"
    )
    removed_at = models.DateTimeField(null=True, help_text="when the stored content was deleted")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="a_file_number_is_used_once")]


class BatchFault(models.Model):
    """Something wrong in a file, at its place. Holds no person's name; an identifier only masked."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="faults")
    severity = models.CharField(max_length=7)
    code = models.CharField(max_length=40)
    field = models.CharField(max_length=60, blank=True, default="")
    file = models.SmallIntegerField(null=True)
    sheet = models.CharField(max_length=60, blank=True, default="")
    row = models.IntegerField(null=True)
    column = models.CharField(max_length=120, blank=True, default="", help_text="header")
    letter = models.CharField(max_length=3, blank=True, default="")
    arguments = models.JSONField(default=dict)
    text = models.JSONField(null=True, help_text="{th, en} of a check of the source")
    mend_text = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "severity", "code"])]

    @property
    def message(self) -> str:
        from khet.registers.intake.faults import message

        return message(self.code, self.arguments, self.text)

    @property
    def mend(self) -> str:
        from khet.registers.intake.faults import mend

        return mend(self.code, self.arguments, self.mend_text)


class BatchChange(models.Model):
    """What a load replaced: enough to put it back. Rows it created are known by their batch_id.

    before   {field: value} as it was; None: the row was created (only for models without a batch_id)
    after    {field: value} as the load left it, so that a later change is noticed before it is undone
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="changes")
    model = models.CharField(max_length=40, help_text="app.model")
    key = models.BigIntegerField(help_text="primary key of the row")
    act = models.CharField(max_length=7, choices=[(act, act) for act in ("created", "changed", "removed")])
    before = EncryptedJSONField()
    after = EncryptedJSONField()
    before_batch = models.BigIntegerField(null=True, db_index=True, help_text="the load the row came from before")

    class Meta:
        indexes = [models.Index(fields=["model", "key"])]
