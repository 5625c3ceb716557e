"""Absences by exception, and results by subject."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from khet.core.changes.models import Sourced
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.registers.people.models import Enrolment


class ProgressQuerySet(ScopedQuerySet):
    org_path = "enrolment__school"
    permission = "people.list"


class Absence(Sourced):
    """A day, or half of one, on which a pupil did not come. Days without a row are days present."""

    class Part(models.IntegerChoices):
        WHOLE = 0, _("whole day")
        MORNING = 1, _("morning")
        AFTERNOON = 2, _("afternoon")

    class Kind(models.TextChoices):
        ABSENT = "absent", _("absent")
        SICK = "sick", _("sick leave")
        ERRAND = "errand", _("leave")
        LATE = "late", _("late")

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="absences")
    date = models.DateField()
    part = models.SmallIntegerField(choices=Part, default=Part.WHOLE)
    kind = models.CharField(max_length=8, choices=Kind)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "date", "part"], name="one_absence_a_pupil_and_time"),
        ]


class RollCall(models.Model):
    """A room was looked over on a day: whoever has no absence was there. Without one nobody has looked yet.

    before   what the room's own absences were before, so that the newest call can be taken back
    """

    school = models.ForeignKey(Org, models.PROTECT, related_name="+")
    year = models.SmallIntegerField(help_text="academic year by its C.E. start")
    grade = models.CharField(max_length=8, help_text="code of the grades list: ป.1")
    room = models.CharField(max_length=10, blank=True, default="")
    date = models.DateField()
    at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    before = models.JSONField(
        default=list, help_text="[[enrolment, part, kind]] of the call before; null: none", null=True
    )

    objects = type(
        "RollCallQuerySet", (ScopedQuerySet,), {"org_path": "school", "permission": "people.list"}
    ).as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "grade", "room", "date"], name="one_call_a_room_and_day"),
        ]

    @property
    def audit_label(self) -> str:
        return f"{self.grade}/{self.room} {self.date}" if self.room else f"{self.grade} {self.date}"


class Mark(Sourced):
    """A result in a subject: 4 … 0, or ร, มส, ผ, มผ."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="marks")
    semester = models.SmallIntegerField(default=0, help_text="1 or 2; 0 for the whole year (primary)")
    subject_code = models.CharField(max_length=20)
    subject = models.CharField(max_length=120, blank=True, default="")
    learning_area = models.CharField(max_length=60, blank=True, default="")
    credits = models.FloatField(null=True)
    result = models.CharField(max_length=4, help_text="code of mark_results")

    objects = ProgressQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "semester", "subject_code"], name="one_result_a_subject"),
        ]
