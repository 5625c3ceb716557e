"""Money planned and paid."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.engines.programmes.models.runs import Run
from khet.kit.periods import Period


class Cost(models.Model):
    """A line of a run's costs in a fiscal year. Withdrawn, never deleted."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="costs")
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="whose money it is")
    what = models.CharField(max_length=200)
    source = models.CharField(max_length=120, blank=True, default="", help_text="where the money comes from")
    year = models.SmallIntegerField(help_text="fiscal year, C.E.")
    planned = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    paid = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["year", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(planned__gte=0, paid__gte=0), name="money_is_not_negative"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="a_withdrawn_cost_says_by_whom",
            ),
        ]

    @property
    def audit_label(self) -> str:
        return self.what

    @property
    def period(self) -> Period:
        """The fiscal year."""
        return Period("fiscal_year", self.year)

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None
