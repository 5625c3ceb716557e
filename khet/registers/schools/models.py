"""School profiles and name aliases."""

from django.db import models

from khet.core.changes.models import Sourced
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet


class School(Sourced):
    """What the register says of a school. Its code, name and cluster are those of its org."""

    org = models.OneToOneField(Org, models.CASCADE, related_name="school")
    grades = models.JSONField(default=list, help_text="grade codes it teaches, lowest first; [] when unknown")
    subdistrict = models.CharField(max_length=80, blank=True, default="")
    district = models.CharField(max_length=80, blank=True, default="")
    province = models.CharField(max_length=80, blank=True, default="")
    postcode = models.CharField(max_length=5, blank=True, default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    affiliation = models.CharField(max_length=20, blank=True, default="obec")
    founded = models.DateField(null=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self):
        return str(self.org)


class NameAlias(models.Model):
    """Another way a file writes a school's name, confirmed by an officer."""

    org = models.ForeignKey(Org, models.CASCADE, related_name="aliases")
    key = models.CharField(max_length=200, unique=True, help_text="kit.thai.fold of the name")
    name = models.CharField(max_length=200, help_text="as the file writes it")
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(auto_now_add=True)
