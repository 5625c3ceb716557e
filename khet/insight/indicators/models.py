"""Which reading of an indicator an office uses."""

from django.db import models

from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet


class IndicatorChoice(models.Model):
    """The reading an org has chosen for an indicator; it holds for the org and for all below it."""

    org = models.ForeignKey(Org, models.CASCADE, related_name="+")
    indicator = models.CharField(max_length=60, help_text="id in the catalogue")
    reading = models.CharField(max_length=60, help_text="id of a reading of that indicator")
    at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "indicator"], name="an_org_uses_one_reading")]

    @property
    def audit_label(self) -> str:
        return f"{self.indicator} {self.reading}"
