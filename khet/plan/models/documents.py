"""The document an office published, and the editions of the plan read from it."""

import re

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.kit.periods import to_be
from khet.kit.thai import arabic_digits

TOP = 40  # lines of a document in which its title stands
LONGEST = 21  # years; the national strategy spans twenty
_SPAN = re.compile(r"\b(25\d\d)\s*[-–—]\s*(?:พ\.?\s*ศ\.?\s*)?(25\d\d)\b")


class PlanQuerySet(ScopedQuerySet):
    permission = "plan.read"


class PlanDocument(models.Model):
    """A plan as it came, kept unchanged, with the text and the structure that the reader found in it."""

    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, help_text="file name as it was given")
    file = models.FileField(upload_to="plans/")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    text = models.TextField(help_text="what was read, line by line; items point at these lines, counted from 1")
    reading = models.JSONField(default=dict, help_text="the structure as `khet plan read --json` gives it")
    received_at = models.DateTimeField(auto_now_add=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["org", "digest"], name="a_plan_document_is_kept_once"),
        ]

    def __str__(self):
        return self.name

    @property
    def audit_label(self) -> str:
        return self.name

    @property
    def printed_years(self) -> tuple[int, int] | None:
        """The first span of B.E. years near the top, as in "แผนพัฒนาการศึกษา พ.ศ. ๒๕๖๖ – ๒๕๗๐"; None without one."""
        for first, last in _SPAN.findall(arabic_digits("\n".join(self.text.splitlines()[:TOP]))):
            if 0 < int(last) - int(first) < LONGEST:
                return int(first), int(last)
        return None

    @property
    def notices(self) -> list[dict]:
        """What deserves a look, in the active language: [{line, message}]."""
        english = (get_language() or "th").startswith("en")
        return self.reading.get("notices_en" if english else "notices") or self.reading.get("notices", [])

    @property
    def numbered_lines(self) -> list[tuple[int, str]]:
        """(line number from 1, text) of what was read."""
        return list(enumerate(self.text.split("\n"), start=1))


class PlanEdition(models.Model):
    """The plan of an org for a span of fiscal years, as it was adopted on a day."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ADOPTED = "adopted", _("in force")
        SUPERSEDED = "superseded", _("superseded")

    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    document = models.ForeignKey(PlanDocument, models.PROTECT, null=True, related_name="editions")
    revises = models.ForeignKey("self", models.SET_NULL, null=True, related_name="revisions")
    from_year = models.SmallIntegerField(help_text="first fiscal year, C.E.")
    to_year = models.SmallIntegerField(help_text="last fiscal year, C.E.")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    drafted_at = models.DateTimeField(auto_now_add=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(null=True)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-from_year", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["org"], condition=Q(state="adopted"), name="one_plan_in_force_an_org"),
            models.CheckConstraint(condition=Q(to_year__gte=F("from_year")), name="a_plan_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(state="draft", adopted_at__isnull=True, adopted_by__isnull=True)
                | Q(~Q(state="draft"), adopted_at__isnull=False, adopted_by__isnull=False),
                name="an_adopted_plan_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(state="superseded"), name="only_a_superseded_plan_has_ended"
            ),
        ]

    def __str__(self):
        return (
            f"{to_be(self.from_year)}–{to_be(self.to_year)}"
            if self.from_year != self.to_year
            else f"{to_be(self.from_year)}"
        )

    @property
    def audit_label(self) -> str:
        return str(self)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def years(self) -> range:
        """The fiscal years it covers, C.E."""
        return range(self.from_year, self.to_year + 1)
