"""Who is in a case: members, those it names, and who reported it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from khet.core.orgs.models import Org
from khet.engines.cases.models.case import Case
from khet.kit.secrets import EncryptedJSONField, EncryptedTextField
from khet.registers.people.models import Person


class Member(models.Model):
    """A user who is in the case, with the role they have in it; ended, never deleted."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="", help_text="why they entered by themselves")
    since = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(until__isnull=True), name="a_member_is_in_a_case_once"
            ),
        ]


class Party(models.Model):
    """Somebody a case names. The name is kept here, since the registers may not know them or may forget them."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="parties")
    role = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    org = models.ForeignKey(Org, models.PROTECT, null=True, related_name="+")
    name = EncryptedTextField(null=True)
    details = EncryptedJSONField(default=dict, help_text="phone, address, relation")
    barred = models.BooleanField(default=False, help_text="never sees the case")
    at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["user", "barred"])]


class Reporter(models.Model):
    """Who began a case from outside, apart from it: the code opens what they may know; only its hash is kept."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="reporter")
    code_hash = models.CharField(max_length=32, unique=True)
    contact = EncryptedJSONField(default=dict, help_text="name and how to reach them, when they said")
    language = models.CharField(max_length=2, default="th")
    seen_at = models.DateTimeField(null=True, help_text="when the outcome was last read")


class Message(models.Model):
    """A word between who reported and who handles the case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="messages")
    from_reporter = models.BooleanField()
    text = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
