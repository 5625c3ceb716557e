"""Sessions and who came."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.engines.programmes.models.participants import Participant
from khet.engines.programmes.models.runs import Run


class SessionQuerySet(ScopedQuerySet):
    """A session of the run's own org is seen by all who see the run; a school's, at that school and above."""

    def visible_to(self, viewer, permission: str | None = None):
        own = super().visible_to(viewer, permission)
        if permission is not None:
            return own
        runs = Run.objects.visible_to(viewer)
        return self.filter(Q(pk__in=own.values("pk")) | Q(run__in=runs.values("pk"), org=models.F("run__org")))

    def held(self):
        return self.filter(cancelled_at__isnull=True)


class Session(models.Model):
    """A meeting, lesson or training on a day."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="sessions")
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="who holds it")
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    held_on = models.DateField()
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    place = models.CharField(max_length=200, blank=True, default="")
    others = models.PositiveIntegerField(default=0, help_text="people who came and are not named")
    note = models.TextField(blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["run", "held_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=24), name="a_session_takes_part_of_a_day"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="a_cancelled_session_says_by_whom",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def audit_label(self) -> str:
        return self.title


class Attendance(models.Model):
    """What was noted of a participant at a session; no row: nothing was noted."""

    class State(models.TextChoices):
        PRESENT = "present", _("came")
        ABSENT = "absent", _("did not come")
        EXCUSED = "excused", _("excused")

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendance")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="attendance")
    state = models.CharField(max_length=8, choices=State)
    hours = models.DecimalField(max_digits=4, decimal_places=1, null=True, help_text="empty: the whole session")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "participant"], name="attendance_is_noted_once")]
