"""Absences by exception, and results by subject."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from khet.core.changes.models import Sourced
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
