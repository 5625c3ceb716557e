"""Rounds, the edition each began under, and what is judged in them."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.core.catalogue.kept import opened
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.engines.assessments.schema import Framework
from khet.engines.assessments.scoring import Outcome
from khet.engines.assessments.stored import restored
from khet.kit.periods import Period
from khet.kit.secrets import EncryptedJSONField
from khet.registers.people.models import Person


class Edition(models.Model):
    """A framework as it stood when a round began: later changes of the catalogue do not touch the round."""

    framework = models.CharField(max_length=60, help_text="id in the catalogue")
    family = models.CharField(max_length=60, db_index=True)
    digest = models.CharField(max_length=64)
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["framework", "digest"], name="an_edition_is_kept_once")]

    @property
    def definition(self):
        """The framework, read once a process."""
        return opened(Framework, self.digest, lambda: self.content)


class RoundQuerySet(ScopedQuerySet):
    """A round is seen by its office, and by those of whom something is judged in it."""

    def visible_to(self, viewer, permission=None):
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        own = self.under(viewer.paths(permission or self.permission))
        if permission is not None:
            return own
        inside = Assessment.objects.visible_to(viewer).exclude(round__state=Round.State.DRAFT)
        return self.filter(Q(pk__in=own.values("pk")) | Q(pk__in=inside.values("round")))


class Round(models.Model):
    """One round of a framework: of a period, on a calendar."""

    class State(models.TextChoices):
        DRAFT = "draft", _("in preparation")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        LOCKED = "locked", _("locked")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="rounds")
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="who runs the round")
    title = models.CharField(max_length=200)
    period = models.CharField(max_length=12, help_text="code of kit.periods")
    layers = models.JSONField(default=list, help_text="goal | self | reviewer | moderated: who judges")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    opens = models.DateField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    closes = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    locked_at = models.DateTimeField(null=True)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-period", "-pk"]
        indexes = [models.Index(fields=["state", "period"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="locked", locked_at__isnull=False, locked_by__isnull=False)
                | Q(~Q(state="locked"), locked_at__isnull=True, locked_by__isnull=True),
                name="a_locked_round_says_by_whom",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def audit_label(self) -> str:
        return self.title

    @property
    def framework(self):
        return self.edition.definition

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due is not None and self.due < timezone.localdate()

    @property
    def academic_year(self) -> int:
        """The academic year, by its C.E. start, in which its period begins: the year of its facts."""
        return Period.parse(self.period).academic_year


class AssessmentQuerySet(ScopedQuerySet):
    """Who may see an assessment: who sees the org, unless it is of a person; then those named and those in charge."""

    def visible_to(self, viewer, permission=None):
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        own = self.under(viewer.paths(permission or self.permission))
        if viewer.is_system:
            return own
        from khet.engines.assessments.models.ratings import Assignment

        named = Assignment.objects.filter(user=viewer).values("assessment")
        persons = self.under(viewer.paths("assess.persons"))
        seen = Q(pk__in=own.filter(confidential=False).values("pk")) | (
            Q(pk__in=own.values("pk"), confidential=True) & Q(pk__in=persons.values("pk"))
        )
        return self.filter(seen if permission is not None else seen | Q(pk__in=named))

    def open(self):
        return self.exclude(state=Assessment.State.LOCKED)


class Assessment(models.Model):
    """One thing judged in a round. What its ratings come to is worked out at each saving and kept here."""

    class State(models.TextChoices):
        RATING = "rating", _("being assessed")
        SENT = "sent", _("sent for review")
        RETURNED = "returned", _("returned for correction")
        REVIEWED = "reviewed", _("reviewed")
        APPEALED = "appealed", _("under appeal")
        SIGNED = "signed", _("signed off")
        LOCKED = "locked", _("locked")

    round = models.ForeignKey(Round, models.PROTECT, related_name="assessments")
    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    label = models.CharField(max_length=80, blank=True, default="", help_text="which classroom or lesson")
    occasion = models.PositiveSmallIntegerField(default=1)
    confidential = models.BooleanField(default=False, help_text="of a person: seen by those named only")
    state = models.CharField(max_length=8, choices=State, default=State.RATING)
    due = models.DateField(null=True, blank=True, help_text="where it differs from the round's")
    judged_on = models.DateField(null=True)
    answers = EncryptedJSONField(help_text="of the framework's questions")
    notes = EncryptedJSONField(help_text="of the whole: {note: text}")
    score = models.FloatField(null=True)
    level = models.CharField(max_length=20, blank=True, default="")
    progress = models.JSONField(default=dict, help_text="{layer: criteria answered}")
    missing_evidence = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict, help_text="scores of every node, see stored.py")
    seen_by_target = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["org__code", "label", "occasion", "pk"]
        indexes = [models.Index(fields=["round", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "org", "label", "occasion"],
                condition=Q(person__isnull=True),
                name="an_org_or_classroom_is_judged_once_an_occasion",
            ),
            models.UniqueConstraint(
                fields=["round", "org", "person", "label", "occasion"],
                condition=Q(person__isnull=False),
                name="a_person_is_judged_once_an_occasion",
            ),
            models.CheckConstraint(
                condition=Q(state="locked", locked_at__isnull=False) | Q(~Q(state="locked"), locked_at__isnull=True),
                name="a_locked_assessment_says_when",
            ),
        ]

    @property
    def audit_label(self) -> str:
        return f"{self.round.period} {self.org.code}"

    @property
    def framework(self):
        return self.round.framework

    @property
    def outcome(self) -> Outcome | None:
        """What the ratings come to, as it was worked out at the last saving; None before the first."""
        return restored(self.result) if self.result else None

    @property
    def last_day(self) -> date | None:
        return self.due or self.round.due

    @property
    def is_late(self) -> bool:
        day = self.last_day
        waiting = self.state in (self.State.RATING, self.State.RETURNED)
        return self.round.is_open and waiting and day is not None and day < timezone.localdate()

    @property
    def rated(self) -> int:
        """How many criteria there are to answer."""
        return len(self.framework.rated)
