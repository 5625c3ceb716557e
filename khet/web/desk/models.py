"""What belongs to the desk alone: maps the office brought, and counts frozen on census days.

Census counts stand here because they join orgs, pupils and the calendar, and because nothing below reads them: a
frozen count is a document of a day, not a record that moves an indicator.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.kit.periods import Period


class MapLayer(models.Model):
    """Boundaries or points of an office, as GeoJSON in degrees (WGS 84)."""

    class Kind(models.TextChoices):
        BOUNDARIES = "boundaries", _("boundaries")
        POINTS = "points", pgettext_lazy("map", "points")

    org = models.ForeignKey(Org, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120)
    geojson = models.JSONField(help_text="FeatureCollection; each feature's properties are name and, where known, code")
    at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["org", "kind"], name="one_map_layer_of_a_kind")]

    def __str__(self):
        return self.name

    @property
    def audit_label(self) -> str:
        return self.name

    @property
    def features(self) -> list[dict]:
        return self.geojson.get("features", [])


class CensusSnapshot(models.Model):
    """The pupils of an office on a census day, as the register knew them when the count was frozen."""

    org = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="the office")
    round = models.CharField(max_length=12, help_text="code of kit.periods: C2024-06-10")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True, default="", help_text="why it was counted again")
    superseded = models.BooleanField(default=False, help_text="a later count of the same day replaced it")
    pupils = models.IntegerField()
    schools = models.IntegerField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-round", "-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "round"], condition=Q(superseded=False), name="one_count_a_census_day"
            ),
        ]

    def __str__(self):
        return self.round

    @property
    def audit_label(self) -> str:
        return self.round

    @property
    def period(self) -> Period:
        return Period.parse(self.round)


class CensusCount(models.Model):
    """Pupils of a school, grade and sex in a snapshot."""

    snapshot = models.ForeignKey(CensusSnapshot, models.CASCADE, related_name="counts")
    school = models.ForeignKey(Org, models.PROTECT, related_name="+")
    grade = models.CharField(max_length=8)
    sex = models.CharField(max_length=1, blank=True, default="")
    pupils = models.IntegerField()

    objects = type("CensusCountQuerySet", (ScopedQuerySet,), {"org_path": "school"}).as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "school", "grade", "sex"], name="one_census_count_a_cell"),
        ]
