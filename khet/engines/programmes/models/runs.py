"""Runs of programmes and the edition each began under."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khet.core.catalogue.kept import opened
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.engines.programmes.schema import Programme


class Edition(models.Model):
    """A programme's rules as they stood when a run began: later changes of the catalogue do not touch it."""

    programme = models.CharField(max_length=60, help_text="id in the catalogue")
    family = models.CharField(max_length=60, db_index=True)
    system = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "digest"], name="programme_edition_kept_once")]

    @property
    def rules(self):
        """The edition, read once a process."""
        return opened(Programme, self.digest, lambda: self.content)


class RunQuerySet(ScopedQuerySet):
    """A run is seen by the org that runs it and, once begun, by every org below: they may take part."""

    def visible_to(self, viewer, permission: str | None = None):
        paths = viewer.paths(permission or self.permission) if getattr(viewer, "is_authenticated", False) else []
        own = self.under(paths)
        if permission is not None or not paths:
            return own
        above = {int(part) for path in paths for part in path.strip("/").split("/") if part}
        return self.filter(Q(pk__in=own.values("pk")) | (Q(org__in=above) & ~Q(state=Run.State.DRAFT)))

    def counted(self):
        """Runs whose records count: begun or closed."""
        return self.exclude(state=Run.State.DRAFT)


class Run(models.Model):
    """A programme as an office or a school runs it, from a day on."""

    class State(models.TextChoices):
        DRAFT = "draft", _("in preparation")
        RUNNING = "running", _("running")
        CLOSED = "closed", _("closed")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="runs")
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="who runs it")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True, help_text="last day; empty: until it is closed")
    lead = models.CharField(max_length=120, blank=True, default="", help_text="who is responsible, in words")
    budget = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.TextField(blank=True, default="")
    links = models.JSONField(default=list, help_text="[{kind, id, label}] of tactics and indicators it serves")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-starts", "title", "pk"]
        indexes = [models.Index(fields=["state", "starts"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="a_run_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(ends__isnull=False), name="a_closed_run_has_a_last_day"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def audit_label(self) -> str:
        return self.title

    @property
    def rules(self):
        return self.edition.rules

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED


class Target(models.Model):
    """What a run wants a measure to be in a period."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="targets")
    measure = models.CharField(max_length=60)
    period = models.CharField(max_length=12, help_text="code of kit.periods")
    value = models.FloatField()

    class Meta:
        ordering = ["period", "measure"]
        constraints = [
            models.UniqueConstraint(fields=["run", "measure", "period"], name="one_target_a_measure_and_period")
        ]
