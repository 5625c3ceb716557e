"""What is done about the gaps of a result, by whom, until when, and how it went after 6 and 12 months."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.engines.assessments.models.rounds import Assessment


class ImprovementQuerySet(ScopedQuerySet):
    """Seen with the assessment it came from, and by its owner."""

    def visible_to(self, viewer, permission=None):
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        seen = Assessment.objects.visible_to(viewer, permission).values("pk")
        mine = Q(owner=viewer.pk) if permission is None else Q()
        return self.filter(Q(assessment__in=seen) | mine) if permission is None else self.filter(assessment__in=seen)

    def open(self):
        return self.filter(state=Improvement.State.OPEN)

    def overdue(self):
        return self.open().filter(due__lt=timezone.localdate())


class Improvement(models.Model):
    """One thing to be done about one criterion."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="improvements")
    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=40, blank=True, default="")
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    owner_group = models.CharField(max_length=60, blank=True, default="")
    due = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | Q(~Q(state="open"), closed_at__isnull=False, closed_by__isnull=False),
                name="a_closed_improvement_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | ~Q(owner_group=""), name="an_improvement_is_somebodys"
            ),
        ]

    @property
    def audit_label(self) -> str:
        return f"{self.assessment.round.period} {self.criterion}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due < timezone.localdate()


class FollowUp(models.Model):
    """How an improvement stood when it was followed up."""

    improvement = models.ForeignKey(Improvement, models.CASCADE, related_name="followups")
    month = models.PositiveSmallIntegerField(help_text="after how many months: 6, 12")
    on = models.DateField()
    done = models.PositiveSmallIntegerField(help_text="percent done")
    words = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["improvement", "month"], name="an_improvement_is_followed_up_once_a_month"),
            models.CheckConstraint(condition=Q(done__lte=100), name="no_more_than_all_is_done"),
        ]
