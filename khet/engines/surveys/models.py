"""Rounds of surveys and the urns their answers lie in.

No table joins a person and an answer, and none keeps when or in which order answers came (decision 0030).
"""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.engines.surveys.definition.files import fingerprint
from khet.engines.surveys.schema import Survey
from khet.kit.secrets import EncryptedTextField


class Access(models.TextChoices):
    OPEN = "open", _("Anybody with the link")
    CODES = "codes", _("One-time codes")
    STAFF = "staff", _("Staff, signed in")


class RoundQuerySet(ScopedQuerySet):
    permission = "surveys.read"

    def unfinished(self):
        return self.filter(closed_at__isnull=True)

    def counted(self):
        """Closed and not thrown away: what results and facts are made of."""
        return self.filter(closed_at__isnull=False, discarded=False)


class Round(models.Model):
    """A survey opened for somebody, from a day to a day.

    target   what it is about, for whoever knows the kind: engines do not know each other
    token    its address for respondents
    answered, turned_away   counts; whom they count is not kept
    """

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    survey = models.CharField(max_length=80, help_text="id of the edition in the catalogue")
    own_title = models.CharField(
        max_length=160, blank=True, default="", help_text="empty: the edition's, in both languages"
    )
    target_kind = models.CharField(max_length=40, blank=True, default="")
    target_id = models.CharField(max_length=80, blank=True, default="")
    target_label = models.CharField(max_length=160, blank=True, default="")
    access = models.CharField(max_length=8, choices=Access)
    opens = models.DateField(_("opens on"))
    closes = models.DateField(_("last day"))
    formula = models.CharField(max_length=40, blank=True, default="")
    once_a_device = models.BooleanField(default=True)
    token = models.CharField(max_length=24, unique=True, editable=False)
    fingerprint = models.CharField(max_length=32, blank=True, default="", help_text="of edition and form when opened")
    answered = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0, help_text="sheets handed to staff, kept when the list is destroyed")
    codes_made = models.PositiveIntegerField(default=0)
    codes_spent = models.PositiveIntegerField(default=0)
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    discarded = models.BooleanField(default=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opens", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes__gte=models.F("opens")), name="a_round_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="a_closed_round_says_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(discarded=False) | models.Q(closed_at__isnull=False),
                name="a_round_is_closed_before_it_is_discarded",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        return self.own_title or (str(self.edition.title) if self.edition else self.survey)

    @property
    def audit_label(self) -> str:
        """The title; of a review only the survey's, because the own title may name a person."""
        if self.edition and self.edition.about_person:
            return str(self.edition.title)
        return self.title

    @property
    def edition(self) -> Survey | None:
        """The edition it was opened with; None when the office's catalogue has lost it."""
        return catalogue().find("survey", self.survey)

    @property
    def has_changed(self) -> bool:
        """True when the edition or its form is no longer the one it was opened with: an edition is never edited."""
        return self.edition is not None and fingerprint(self.edition) != self.fingerprint

    @property
    def state(self) -> str:
        """planned | open | ended (its last day is over, it is not counted yet) | closed | discarded"""
        if self.discarded:
            return "discarded"
        if self.closed_at:
            return "closed"
        today = timezone.localdate()
        return "planned" if today < self.opens else "open" if today <= self.closes else "ended"

    @property
    def is_open(self) -> bool:
        return self.state == "open"


class GroupSize(models.Model):
    """How many people a group of respondents has, for the sample wanted and for weights. '' is all of them."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="sizes")
    group = models.CharField(max_length=40, blank=True, default="")
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "group"], name="a_group_has_one_size")]


class Urn(models.Model):
    """Answers of a round, encrypted together and shuffled anew each time one is cast.

    It holds no time and no person; its key is drawn by lot, so that rows do not sort by age either.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="urns")
    ballots = EncryptedTextField()

    class Meta:
        default_related_name = "urns"


class Code(models.Model):
    """A one-time code by its keyed hash. That it is spent says nothing of which answer it brought."""

    digest = models.CharField(max_length=32, primary_key=True)
    round = models.ForeignKey(Round, models.CASCADE, related_name="codes")
    group = models.CharField(max_length=40, blank=True, default="")
    spent = models.BooleanField(default=False)


class SpentSheet(models.Model):
    """A sheet that brought an answer, by its keyed hash, so that it brings no second one."""

    digest = models.CharField(max_length=32, primary_key=True)
    round = models.ForeignKey(Round, models.CASCADE, related_name="spent_sheets")


class Taken(models.Model):
    """A member of staff who was handed a sheet; which one is not kept. Destroyed when the round closes."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="takers")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="a_sheet_is_handed_once")]
