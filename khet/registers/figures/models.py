"""Figures."""

from django.db import models

from khet.core.changes.models import Sourced
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet


class FigureQuerySet(ScopedQuerySet):
    permission = "plan.read"


class Figure(Sourced):
    """One value of a measure. '' in a dimension means all of it (not broken down)."""

    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    measure = models.CharField(max_length=60, help_text="id of a measure in the catalogue")
    period = models.CharField(max_length=12, help_text="code of kit.periods")
    grade = models.CharField(max_length=8, blank=True, default="")
    sex = models.CharField(max_length=1, blank=True, default="")
    group = models.CharField(max_length=60, blank=True, default="")
    value = models.FloatField()
    note = models.CharField(max_length=200, blank=True, default="")

    objects = FigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "measure", "period", "grade", "sex", "group"], name="one_figure_a_place_and_time"
            ),
        ]
        indexes = [models.Index(fields=["measure", "period"])]

    @property
    def audit_label(self) -> str:
        return f"{self.measure} {self.period}"
