"""Orgs, their names over time and where they belonged over time."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from khet.core.orgs.scope import ScopedQuerySet


class Kind(models.TextChoices):
    MINISTRY = "ministry", _("Ministry")
    OFFICE = "office", _("Education service area office")
    CLUSTER = "cluster", _("School cluster")
    SCHOOL = "school", _("School")


class OrgQuerySet(ScopedQuerySet):
    org_path = ""

    def schools(self):
        return self.filter(kind=Kind.SCHOOL)

    def open(self, on=None):
        """Orgs that exist on a day (today's state when no day is given)."""
        if on is None:
            return self.filter(closed__isnull=True)
        return self.exclude(opened__gt=on).exclude(closed__lte=on)


class Org(models.Model):
    """A node of the tree as it stands today; OrgName and OrgMembership hold what was before."""

    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=32, unique=True, help_text="stable code; a school's 8-digit code")
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=120, db_index=True, editable=False, help_text="ids from the root: /1/7/42/")
    opened = models.DateField(null=True, blank=True)
    closed = models.DateField(null=True, blank=True, help_text="first day on which it no longer exists")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="split_into")

    objects = OrgQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=Kind.MINISTRY) | models.Q(parent__isnull=False) | models.Q(kind=Kind.OFFICE),
                name="org_below_an_office_has_a_parent",
            ),
        ]

    def __str__(self):
        if self.name_en and (get_language() or "th").startswith("en"):
            return self.name_en
        return self.name

    @property
    def full_name(self) -> str:
        """The name with โรงเรียน before it, as letters write it."""
        name = str(self)
        return f"โรงเรียน{name}" if self.kind == Kind.SCHOOL and name == self.name and "โรงเรียน" not in name else name

    @property
    def audit_label(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_school(self) -> bool:
        return self.kind == Kind.SCHOOL

    def is_under(self, other: "Org") -> bool:
        """True for the org itself and for all below it."""
        return self.path.startswith(other.path)


class OrgName(models.Model):
    """The name an org bore from a day on, until the next one."""

    org = models.ForeignKey(Org, models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    since = models.DateField(null=True, help_text="empty: from the beginning")
    until = models.DateField(null=True, help_text="empty: still")

    class Meta:
        ordering = ["org", models.F("since").asc(nulls_first=True)]


class OrgMembership(models.Model):
    """The parent an org had from a day on; figures of a past period roll up along these."""

    org = models.ForeignKey(Org, models.CASCADE, related_name="memberships")
    parent = models.ForeignKey(Org, models.PROTECT, related_name="+")
    since = models.DateField(null=True, help_text="empty: from the beginning")
    until = models.DateField(null=True, help_text="first day it no longer held; empty: still")
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["org", models.F("since").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["org"], condition=models.Q(until__isnull=True), name="org_belongs_to_one_parent_at_a_time"
            ),
        ]
