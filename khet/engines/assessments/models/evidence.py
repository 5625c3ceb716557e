"""The one library of evidence of an org, and what each item proves in which assessment."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.core.files.models import StoredFile
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.engines.assessments.models.rounds import Assessment


class EvidenceQuerySet(ScopedQuerySet):
    """Items of the orgs a viewer sees; what proves something about a person, only with that assessment."""

    def visible_to(self, viewer, permission=None):
        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        own = self.under(viewer.paths(permission or self.permission))
        used = EvidenceUse.objects.filter(assessment__in=Assessment.objects.visible_to(viewer)).values("evidence")
        open_ones = Q(pk__in=own.filter(confidential=False).values("pk"))
        return self.filter(open_ones | Q(pk__in=used) | Q(by=viewer.pk, pk__in=own.values("pk")))

    def there(self):
        return self.filter(removed_at__isnull=True)

    def links(self):
        return self.there().filter(kind=Evidence.Kind.LINK)


class Evidence(models.Model):
    """A file, a link, a number of Khet as of a day, or a programme. One item may prove many criteria."""

    class Kind(models.TextChoices):
        FILE = "file", _("file")
        LINK = "link", _("link")
        FIGURE = "figure", _("number in Khet")
        PROGRAMME = "programme", _("programme")

    class Alive(models.TextChoices):
        UNKNOWN = "unknown", _("not looked at yet")
        ALIVE = "alive", _("opens")
        SHAKY = "shaky", _("did not open the last time")
        DEAD = "dead", _("does not open")
        REFUSED = "refused", _("not a public address")

    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True, default="")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    url = models.URLField(max_length=1000, blank=True, default="")
    figure = models.JSONField(null=True, help_text="{indicator | measure, period, value, words, as_of}")
    programme = models.CharField(max_length=60, blank=True, default="", help_text="reference in the programmes engine")
    confidential = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)
    alive = models.CharField(max_length=8, choices=Alive, default=Alive.UNKNOWN)
    failures = models.PositiveSmallIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    alive_at = models.DateTimeField(null=True, help_text="when it last opened")
    finding = models.CharField(max_length=60, blank=True, default="", help_text="code of what was found")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "looked_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="file", file__isnull=False)
                | (Q(kind="link") & ~Q(url=""))
                | Q(kind="figure", figure__isnull=False)
                | (Q(kind="programme") & ~Q(programme="")),
                name="evidence_holds_what_its_kind_says",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def audit_label(self) -> str:
        return "" if self.confidential else self.title


class EvidenceUseQuerySet(models.QuerySet):
    """Seen with the assessment it belongs to."""

    def of(self, assessments):
        return self.filter(assessment__in=assessments.values("pk"), evidence__removed_at=None)


class EvidenceUse(models.Model):
    """What an item proves: a criterion of one assessment."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="uses")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="evidence")
    criterion = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = EvidenceUseQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "assessment", "criterion"], name="an_item_proves_a_criterion_once"
            )
        ]
