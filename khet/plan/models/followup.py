"""What people say and do about an indicator: notes and dated actions.

They hang on the org and the catalogue's indicator, not on an edition, so that they outlive a new edition of the plan.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.plan.groups import group_name


class Note(models.Model):
    """A remark on an indicator of an org."""

    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=60)
    period = models.CharField(max_length=12, blank=True, default="", help_text="the period it speaks of; '': all")
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["indicator", "org"])]

    @property
    def audit_label(self) -> str:
        return self.indicator


class ActionQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(state=Action.State.OPEN)

    def overdue(self):
        return self.open().filter(due__lt=timezone.localdate())

    def of(self, user):
        return self.filter(owner=user)


class Action(models.Model):
    """Something that somebody does about an indicator, until a day."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    org = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="the org it concerns")
    indicator = models.CharField(max_length=60)
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    owner_group = models.CharField(max_length=60, blank=True, default="")
    due = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        indexes = [models.Index(fields=["indicator", "org"]), models.Index(fields=["state", "due"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", done_at__isnull=True, done_by__isnull=True)
                | Q(~Q(state="open"), done_at__isnull=False, done_by__isnull=False),
                name="a_closed_action_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | ~Q(owner_group=""), name="an_action_is_somebodys"
            ),
        ]

    @property
    def audit_label(self) -> str:
        return self.indicator

    @property
    def group_name(self) -> str:
        """The owner group's name in the active language."""
        return group_name(self.owner_group)

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.OPEN and self.due < timezone.localdate()

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class IndicatorMove(models.Model):
    """A value of the plan that changed: what it was and what it became, so that a visitor sees what moved.

    Only the newest period of an indicator is followed; the facts themselves keep no past states.
    """

    org = models.ForeignKey(Org, models.CASCADE, related_name="+")
    indicator = models.CharField(max_length=60)
    period = models.CharField(max_length=12)
    before = models.FloatField(null=True)
    before_period = models.CharField(max_length=12, blank=True, default="")
    value = models.FloatField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    version = models.CharField(max_length=40, help_text="of the facts")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["org", "indicator", "at"])]
