"""What a plan consists of: its items, the binding of an indicator to the catalogue, and targets."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from khet.core.catalogue import catalogue
from khet.core.orgs.scope import ScopedQuerySet
from khet.plan.groups import group_name
from khet.plan.models.documents import PlanEdition


class ItemQuerySet(ScopedQuerySet):
    org_path = "edition__org"
    permission = "plan.read"


class PlanItem(models.Model):
    """A sentence of the plan, in its place in the tree."""

    class Kind(models.TextChoices):
        VISION = "vision", _("vision")
        VALUE = "value", _("core value")
        MISSION = "mission", _("mission")
        GOAL = "goal", _("goal")
        STRATEGY = "strategy", _("strategy")
        TACTIC = "tactic", _("tactic")
        INDICATOR = "indicator", _("indicator")

    edition = models.ForeignKey(PlanEdition, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=10, choices=Kind)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="children", help_text="the strategy above it"
    )
    number = models.SmallIntegerField(null=True, help_text="as counted among its own kind under its parent")
    title = models.CharField(
        max_length=200, blank=True, default="", help_text="short name, where there is one (a value's)"
    )
    text = models.TextField(blank=True, default="")
    lines = models.JSONField(default=list, help_text="[first, last] line of the document; [] when it was typed in")
    order = models.IntegerField(default=0)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self):
        return self.title or self.text

    @property
    def audit_label(self) -> str:
        return f"{self.kind} {self.number or ''}".strip()

    @property
    def wording(self) -> str:
        """Name and text in one line."""
        return " ".join(part for part in (self.title, self.text) if part)


# What may stand under a strategy; the others stand at the top of the plan.
UNDER_A_STRATEGY = frozenset({PlanItem.Kind.GOAL, PlanItem.Kind.TACTIC, PlanItem.Kind.INDICATOR})


class PlanIndicator(models.Model):
    """What the office means by an indicator of its plan: which number of the catalogue, read how, whose work."""

    item = models.OneToOneField(PlanItem, models.CASCADE, related_name="binding")
    indicator = models.CharField(max_length=60, blank=True, default="", db_index=True, help_text="id in the catalogue")
    reading = models.CharField(
        max_length=60, blank=True, default="", help_text="id of one of its readings; '': its own"
    )
    unbound_reason = models.CharField(
        max_length=300, blank=True, default="", help_text="why no number stands behind it"
    )
    suggested_because = models.CharField(
        max_length=300, blank=True, default="", help_text="what the suggestion rests on"
    )
    confirmed = models.BooleanField(default=False, help_text="an officer has looked at the binding")
    owner_group = models.CharField(
        max_length=60, blank=True, default="", help_text="code of the office's working groups"
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = type("BindingQuerySet", (ScopedQuerySet,), {"org_path": "item__edition__org"}).as_manager()

    @property
    def definition(self):
        """The catalogue's indicator, counted by the chosen reading; None when unbound or no longer in the catalogue."""
        found = catalogue().find("indicator", self.indicator) if self.indicator else None
        if found and self.reading and self.reading in {reading.id for reading in found.readings}:
            return found.read_as(self.reading)
        return found

    @property
    def group_name(self) -> str:
        """The owner group's name in the active language."""
        return group_name(self.owner_group)


class PlanTarget(models.Model):
    """What is to be reached in a year; several of one year must all be reached (a range is two)."""

    class Unit(models.TextChoices):
        PERCENT = "percent", _("percent")
        COUNT = "count", _("count")
        LEVEL = "level", _("level")

    class Direction(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")
        EXACTLY = "exactly", _("exactly")
        ZERO = "zero", _("none")
        DECREASE = "decrease", _("lower than the year before")
        INCREASE = "increase", _("higher than the year before")

    plan_indicator = models.ForeignKey(PlanIndicator, models.CASCADE, related_name="targets")
    year = models.SmallIntegerField(null=True, help_text="fiscal year, C.E.; empty: every year of the plan")
    value = models.FloatField(null=True)
    unit = models.CharField(max_length=10, choices=Unit, blank=True, default="")
    direction = models.CharField(max_length=10, choices=Direction, default=Direction.AT_LEAST)
    reference = models.CharField(max_length=200, blank=True, default="", help_text="the plan's own words for a level")

    class Meta:
        ordering = [models.F("year").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan_indicator", "year", "direction"], name="one_target_a_year_and_direction"
            ),
            models.UniqueConstraint(
                fields=["plan_indicator", "direction"],
                condition=models.Q(year__isnull=True),
                name="one_target_for_all_years_and_direction",
            ),
        ]


class TacticSystem(models.Model):
    """The office's word on whether a government system carries a tactic; without it the catalogue's words decide."""

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="systems")
    system = models.CharField(max_length=60, help_text="id in the catalogue")
    carries = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "system"], name="one_word_on_a_tactic_and_system")]
