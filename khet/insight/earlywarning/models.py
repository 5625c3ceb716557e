"""Lists of pupils who may be about to leave, and what was done about each of them.

Enrolments come from files, and a load may be undone after a list was made of it; the database then lets the enrolment
go (no constraint), the pupil drops out of the list, and what was recorded stays until its time is over.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.kit.periods import Period
from khet.kit.secrets import EncryptedJSONField
from khet.registers.people.models import Enrolment

PATIENCE = timedelta(minutes=30)  # after which a run that has not ended is taken to have been stopped


class WarningQuerySet(ScopedQuerySet):
    """That somebody is on the list is as sensitive as what stands in the record: the right to open it is needed."""

    permission = "people.open"


class WarningRun(models.Model):
    """One making of an office's list, on a day, under an edition of the rules.

    card     figures of the page "how good is this list": counts and rates of the whole office, no pupil
    schools  [{school, pupils, act, watch, listed, stopped, share}], most pressing first
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Made")
        FAILED = "failed", _("Failed")

    class Method(models.TextChoices):
        RULE = "rule", _("plain rules")
        MODEL = "model", _("model")

    org = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="the office")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    rules = models.CharField(max_length=60, help_text="id of the edition in the catalogue")
    year = models.SmallIntegerField(help_text="academic year by its C.E. start")
    day = models.DateField(help_text="the day the pupils were looked at")
    capacity = models.IntegerField(help_text="pupils the office can help at a time")
    pupils = models.IntegerField(default=0)
    listed = models.IntegerField(default=0)
    method = models.CharField(max_length=6, choices=Method, default=Method.RULE)
    card = models.JSONField(default=dict)
    schools = models.JSONField(default=list)
    message = models.TextField(blank=True, default="", help_text="why it failed")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = WarningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | Q(state__in=["queued", "running"], finished_at__isnull=True),
                name="a_run_that_is_over_says_when",
            ),
            models.UniqueConstraint(
                fields=["org"], condition=Q(state__in=["queued", "running"]), name="one_run_at_a_time_an_office"
            ),
        ]

    @property
    def audit_label(self) -> str:
        return f"{self.org.code} {self.period.code}"

    @property
    def is_under_way(self) -> bool:
        """Not yet ended, and not so old that its worker must have been stopped."""
        return self.finished_at is None and self.started_at > timezone.now() - PATIENCE

    @property
    def period(self) -> Period:
        return Period("academic_year", self.year)

    @property
    def edition(self):
        return catalogue().get("warning", self.rules)


class PupilWarning(models.Model):
    """A pupil on a list. Only who is listed has a row; reasons and chance lie encrypted.

    detail  {signs: [[sign, value], …], inputs: [[feature, value], …], chance, points, letters}
    """

    class Level(models.TextChoices):
        WATCH = "watch", _("Watch")
        ACT = "act", pgettext_lazy("warning", "Act")
        STOPPED = "stopped", _("Has stopped coming")

    run = models.ForeignKey(WarningRun, models.CASCADE, related_name="warnings")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+", db_constraint=False)
    school = models.ForeignKey(Org, models.PROTECT, related_name="+")
    rank = models.IntegerField(help_text="place in the office's list, 1 first")
    level = models.CharField(max_length=8, choices=Level)
    detail = EncryptedJSONField()

    objects = type("PupilWarningQuerySet", (WarningQuerySet,), {"org_path": "school"}).as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "enrolment"], name="a_pupil_stands_once_on_a_list")]
        indexes = [models.Index(fields=["run", "school", "rank"])]

    @property
    def audit_label(self) -> str:
        return str(self.enrolment.person.ref)


class FollowUp(models.Model):
    """What the school did about a pupil of the list, how it went, or that the warning was overruled.

    It belongs to the pupil's year, not to one list: the next list of the year finds it again. An overruling stands
    until it is taken back (`withdrawn_at`).
    """

    class Kind(models.TextChoices):
        ACTION = "action", _("What was done")
        ENDING = "ending", _("How it went")
        OVERRULE = "overrule", _("Overruled")

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+", db_constraint=False)
    school = models.ForeignKey(Org, models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    rules = models.CharField(max_length=60, help_text="id of the edition the choice is from")
    kind = models.CharField(max_length=8, choices=Kind)
    choice = models.CharField(max_length=30, help_text="id of an action, an ending or a reason to overrule")
    on = models.DateField(help_text="the day it happened")
    note = EncryptedJSONField(help_text="{text}")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = type("FollowUpQuerySet", (WarningQuerySet,), {"org_path": "school"}).as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="who_withdraws_a_follow_up_is_known",
            ),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(kind="overrule", withdrawn_at__isnull=True),
                name="one_overruling_a_pupil_and_year",
            ),
        ]  # fmt: skip

    @property
    def audit_label(self) -> str:
        return str(self.enrolment.person.ref)

    @property
    def title(self) -> str:
        """The choice in words; the id where a later edition no longer knows it."""
        rules = catalogue().find("warning", self.rules)
        lists = {"action": "actions", "ending": "endings", "overrule": "overrules"}
        entries = getattr(rules, lists[self.kind]) if rules else ()
        return next((str(entry.title) for entry in entries if entry.id == self.choice), self.choice)
