"""What happened in a case: steps, contacts, notes, tasks, files, referrals, links."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.core.catalogue import Text
from khet.core.files.models import StoredFile
from khet.core.orgs.models import Org
from khet.engines.cases.models.case import Case
from khet.kit.secrets import EncryptedJSONField, EncryptedTextField

USER = settings.AUTH_USER_MODEL


class Step(models.Model):
    """A move that was made. The beginning is a step without a move."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    move = models.CharField(max_length=40, blank=True, default="")
    before = models.CharField(max_length=40, blank=True, default="")
    after = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", help_text="null: a public report")
    late = models.BooleanField(default=False, help_text="the clock of the state it left had run out")
    reason = EncryptedTextField(null=True)
    answers = models.JSONField(default=dict)
    secret = EncryptedJSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]


class Contact(models.Model):
    """A call, a visit, a letter, a screening. `key` is made where it was written, so that sending twice is once."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=40, help_text="code of a contact of the case's kind")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    on = models.DateField()
    answers = models.JSONField(default=dict)
    secret = EncryptedJSONField(default=dict)
    place = EncryptedJSONField(default=dict, help_text="{lat, lon} to three decimals, about a hundred metres")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="a_withdrawn_contact_says_by_whom",
            ),
        ]

    @property
    def audit_label(self) -> str:
        return f"{self.case.number} {self.kind}"


class Note(models.Model):
    """Words on a case, for those who see it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    text = EncryptedTextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]


class Task(models.Model):
    """Something to be done by a day. What somebody wrote lies encrypted: it may name a child.

    words   what a routine of the catalogue says instead, {th, en}
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    text = EncryptedTextField()
    words = models.JSONField(default=dict)
    owner = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    due = models.DateField(null=True)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", help_text="null: a routine")
    at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    reminded_on = models.DateField(null=True)

    class Meta:
        ordering = [models.F("done_at").asc(nulls_first=True), models.F("due").asc(nulls_last=True), "pk"]
        indexes = [models.Index(fields=["owner", "done_at", "due"])]

    @property
    def says(self) -> str:
        """What is to be done: a routine's words in the reader's language, else as it was written."""
        return str(Text(**self.words)) if self.words else self.text

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due is not None and self.due < timezone.localdate()


class Attachment(models.Model):
    """A file of a case, or a photo of one of its contacts."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="files")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="files")
    field = models.CharField(max_length=40, blank=True, default="", help_text="question it answers")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]


class Referral(models.Model):
    """Another school, office or agency is asked to take over or to help."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for an answer")
        ACCEPTED = "accepted", pgettext_lazy("referral", "accepted")
        DECLINED = "declined", pgettext_lazy("referral", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("referral", "taken back")

    class Aim(models.TextChoices):
        TRANSFER = "transfer", _("takes the case over")
        HELP = "help", _("helps; the case stays here")

    case = models.ForeignKey(Case, models.CASCADE, related_name="referrals")
    to = models.ForeignKey(Org, models.PROTECT, null=True, related_name="+")
    agency = models.CharField(max_length=120, blank=True, default="", help_text="outside the tree of orgs")
    aim = models.CharField(max_length=8, choices=Aim)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = EncryptedTextField()
    consent = models.CharField(max_length=300, blank=True, default="", help_text="by whose word data may be passed on")
    back_to = models.ForeignKey(Org, models.PROTECT, null=True, related_name="+", help_text="who handled it before")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    answer = EncryptedTextField(null=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to__isnull=False, agency="") | (Q(to__isnull=True) & ~Q(agency="")),
                name="a_referral_goes_to_one_place",
            ),
            models.UniqueConstraint(
                fields=["case", "to"], condition=Q(state="waiting"), name="one_waiting_referral_a_place"
            ),
        ]


class Link(models.Model):
    """Two cases that belong together: siblings, the same incident, what follows from what."""

    class Kind(models.TextChoices):
        SIBLING = "sibling", _("siblings or one household")
        SAME = "same", _("the same incident")
        FOLLOWS = "follows", _("follows from it")

    case = models.ForeignKey(Case, models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=8, choices=Kind)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other", "kind"], name="two_cases_are_linked_once"),
            models.CheckConstraint(condition=~Q(case=models.F("other")), name="a_case_is_not_linked_to_itself"),
        ]
