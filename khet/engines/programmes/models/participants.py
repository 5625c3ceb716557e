"""Who takes part, and how far they were judged to have come."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khet.core.files.models import StoredFile
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.engines.programmes.models.runs import Run
from khet.engines.programmes.models.sheets import Sheet
from khet.kit.secrets import EncryptedJSONField
from khet.registers.people.models import Person


class ParticipantQuerySet(ScopedQuerySet):
    """A participant is seen where it belongs and above: no school sees another's participation.

    That a pupil takes part says something of the child: only who may list pupils, or runs programmes, sees it.
    """

    def visible_to(self, viewer, permission: str | None = None):
        rows = super().visible_to(viewer, permission)
        if permission is not None or not getattr(viewer, "is_authenticated", False):
            return rows
        listed = self.under(viewer.paths("people.list") + viewer.paths("programmes.run"))
        return rows.filter(~Q(kind=Participant.Kind.PUPIL) | Q(pk__in=listed.values("pk")))

    def taking_part(self):
        return self.filter(left_on__isnull=True)


class Participant(models.Model):
    """A school, a classroom, a person or a partner in a run. Who leaves stays in the record."""

    class Kind(models.TextChoices):
        SCHOOL = "school", _("school")
        CLASSROOM = "classroom", _("classroom")
        TEACHER = "teacher", _("teacher")
        PUPIL = "pupil", _("pupil")
        PARTNER = "partner", _("partner")

    run = models.ForeignKey(Run, models.PROTECT, related_name="participants")
    kind = models.CharField(max_length=9, choices=Kind)
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="the school, or where it belongs")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True, default="", help_text="of a classroom or partner")
    role = models.CharField(max_length=30, blank=True, default="")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, help_text="first day it no longer takes part")
    left_reason = models.CharField(max_length=200, blank=True, default="")
    answers = models.JSONField(default=dict, help_text="to the questions asked on joining")
    secret = EncryptedJSONField(help_text="answers to sensitive questions")
    source = models.ForeignKey(Sheet, models.PROTECT, null=True, related_name="+", help_text="empty: typed in")
    page = models.CharField(max_length=60, blank=True, default="", help_text="sheet of the spreadsheet")
    row = models.PositiveIntegerField(null=True, help_text="row as the spreadsheet numbers it")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["joined_on", "pk"]
        indexes = [models.Index(fields=["run", "org"])]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "org"],
                condition=Q(left_on__isnull=True, kind="school"),
                name="a_school_is_in_a_run_once",
            ),
            models.UniqueConstraint(
                fields=["run", "person"],
                condition=Q(left_on__isnull=True, person__isnull=False),
                name="a_person_is_in_a_run_once",
            ),
            models.UniqueConstraint(
                fields=["run", "org", "name"],
                condition=Q(left_on__isnull=True, kind__in=("classroom", "partner")),
                name="a_name_is_in_a_run_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("teacher", "pupil"), person__isnull=False)
                | (~Q(kind__in=("teacher", "pupil")) & Q(person__isnull=True)),
                name="a_person_stands_for_persons_only",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="who_left_had_joined"
            ),
        ]

    @property
    def audit_label(self) -> str:
        """Never the name of a person."""
        return f"{self.org.code} {self.kind}"

    @property
    def label(self) -> str:
        """What lists call it; the caller has asked whether a person may be named."""
        if self.person_id:
            return str(self.person)
        return f"{self.name} ({self.org})" if self.kind == self.Kind.CLASSROOM else self.name or str(self.org)

    @property
    def is_person(self) -> bool:
        return self.person_id is not None


class Status(models.Model):
    """A rung of the ladder as it was judged. Withdrawn, never deleted."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="statuses")
    level = models.CharField(max_length=30)
    judged_on = models.DateField()
    judged_by = models.CharField(max_length=200, blank=True, default="", help_text="whose word it is")
    valid_until = models.DateField(null=True, help_text="last day; empty: until further notice")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", help_text="evidence")
    link = models.URLField(max_length=500, blank=True, default="", help_text="evidence")
    answers = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True, default="")
    source = models.ForeignKey(Sheet, models.PROTECT, null=True, related_name="+", help_text="empty: typed in")
    reminded_on = models.DateField(null=True, help_text="when it was told that it runs out")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.CharField(max_length=200, blank=True, default="")

    objects = type("StatusQuerySet", (ScopedQuerySet,), {"org_path": "participant__org"}).as_manager()

    class Meta:
        ordering = ["judged_on", "pk"]
        indexes = [models.Index(fields=["valid_until"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="a_withdrawn_status_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("judged_on")),
                name="a_status_is_valid_from_its_day_on",
            ),
        ]

    @property
    def audit_label(self) -> str:
        return f"{self.participant.org.code} {self.level}"

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None
