"""Runs of the matching, the pairs they proposed, what reviewers said, and what was merged."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.registers.people.models import Person

PATIENCE = timedelta(minutes=30)  # after which a matching that has not ended is taken to have been stopped


class Kind(models.TextChoices):
    REGISTER = "register", _("registration list and rolls")
    DOUBLES = "doubles", _("one pupil recorded twice")


class State(models.TextChoices):
    PROPOSED = "proposed", _("to judge")
    CONFIRMED = "confirmed", _("the same child")
    REJECTED = "rejected", _("different children")
    WITHDRAWN = "withdrawn", _("no longer proposed")


class Answer(models.TextChoices):
    SAME = "same", _("The same child")
    DIFFERENT = "different", _("Different children")
    UNSURE = "unsure", _("Cannot tell")


class PairQuerySet(ScopedQuerySet):
    permission = "people.open"


class Run(models.Model):
    """One matching of an office's records; `at` is when it was asked for, and once it is done, when that was."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being matched")
        DONE = "done", _("Matched")
        FAILED = "failed", _("Failed")

    UNDER_WAY = (State.QUEUED, State.RUNNING)

    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    year = models.SmallIntegerField(help_text="academic year by its C.E. start")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=7, choices=State, default=State.DONE)
    counts = models.JSONField(default=dict, help_text="left, right, by_id, proposed, kept, withdrawn")

    objects = PairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "kind"],
                condition=Q(state__in=["queued", "running"]),
                name="one_matching_of_a_kind_at_a_time",
            ),
        ]

    @property
    def audit_label(self) -> str:
        return f"{self.kind} {self.year}"

    @property
    def is_under_way(self) -> bool:
        """Not yet ended, and not so old that its worker must have been stopped."""
        return self.state in self.UNDER_WAY and self.at > timezone.now() - PATIENCE


class Pair(models.Model):
    """Two records that may be one child's. A decision stays when the next run finds the pair again.

    A register's pair: `resident_hash`, the number of a child on the registration lists, and `person`.
    A double: `other` and `person`; merging moves what `other` has to `person`.
    """

    org = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="the office")
    kind = models.CharField(max_length=10, choices=Kind)
    run = models.ForeignKey(Run, models.PROTECT, related_name="pairs", help_text="the last that proposed it")
    resident_hash = models.CharField(max_length=32, blank=True)
    other = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    probability = models.FloatField(help_text="by the model, when it was last proposed")
    household = models.FloatField(default=0, help_text="chance that the two are of one household")
    reasons = models.JSONField(default=list)
    needs_two = models.BooleanField(default=False, help_text="two reviewers must agree")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    decided_at = models.DateTimeField(null=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["org", "kind", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "resident_hash", "person"],
                condition=Q(kind="register"),
                name="a_register_pair_stands_once",
            ),
            models.UniqueConstraint(
                fields=["other", "person"], condition=Q(kind="doubles"), name="a_pair_of_doubles_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "rejected"], decided_at__isnull=False)
                | Q(state__in=["proposed", "withdrawn"], decided_at__isnull=True),
                name="a_decided_pair_says_when",
            ),
            models.CheckConstraint(
                condition=Q(kind="register", other__isnull=True) & ~Q(resident_hash="")
                | Q(kind="doubles", other__isnull=False, resident_hash=""),
                name="a_pair_has_two_sides",
            ),
        ]

    @property
    def audit_label(self) -> str:
        return str(self.person.ref)

    @property
    def is_open(self) -> bool:
        return self.state == State.PROPOSED


class Verdict(models.Model):
    """What a reviewer said of a pair; a later verdict of the same reviewer replaces it, and it stays to be read."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="verdicts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(max_length=10, choices=Answer)
    probability = models.FloatField(help_text="the model's at that time; thresholds learn from the two")
    bulk = models.BooleanField(default=False, help_text="confirmed with many others, unseen: teaches nothing")
    replaced = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pair", "by"], condition=Q(replaced=False), name="a_reviewer_has_one_verdict_in_force"
            ),
        ]


class Merge(models.Model):
    """What moved from one person's record to another's, so that it can go back."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="merges")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    moved = models.JSONField(help_text="{model: [pk]} of the rows that changed hands, and what else changed")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="an_undone_merge_says_by_whom",
            ),
            models.UniqueConstraint(fields=["pair"], condition=Q(undone_at__isnull=True), name="a_pair_is_merged_once"),
        ]
