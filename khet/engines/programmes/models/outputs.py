"""What comes out of programmes: works with authors, reviews and uses."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.core.files.models import StoredFile
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.engines.programmes.models.runs import Run
from khet.registers.people.models import Person


class OutputQuerySet(ScopedQuerySet):
    """A published output is for all who see its run; until then for who wrote it and who runs programmes there."""

    permission = "programmes.run"

    def visible_to(self, viewer, permission: str | None = None):
        own = super().visible_to(viewer, permission)
        if permission is not None or not getattr(viewer, "is_authenticated", False):
            return own
        runs = Run.objects.visible_to(viewer)
        mine = Q(by=viewer) | Q(pk__in=Author.objects.filter(user=viewer).values("output"))
        published = Q(state=Output.State.PUBLISHED)
        return self.filter(Q(pk__in=own.values("pk")) | (Q(run__in=runs.values("pk")) & (published | mine)))


class Output(models.Model):
    """An innovation, a piece of research, media, an award."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned")
        REVIEWED = "reviewed", _("reviewed")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    run = models.ForeignKey(Run, models.PROTECT, related_name="outputs")
    kind = models.CharField(max_length=30)
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="school or office it comes from")
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True, default="")
    search = models.TextField(blank=True, default="", help_text="title, summary, authors, folded and broken into words")
    made_on = models.DateField(help_text="finished, or awarded")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    level = models.CharField(max_length=30, blank=True, default="")
    score = models.FloatField(null=True)
    submissions = models.PositiveSmallIntegerField(default=0, help_text="how often it was handed in")
    published_on = models.DateField(null=True)
    answers = models.JSONField(default=dict)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    link = models.URLField(max_length=500, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = OutputQuerySet.as_manager()

    class Meta:
        ordering = ["-made_on", "-pk"]
        indexes = [models.Index(fields=["run", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="published", published_on__isnull=False) | ~Q(state="published"),
                name="a_published_output_says_when",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def audit_label(self) -> str:
        return self.title


class Author(models.Model):
    """Who made an output, in order: a person of the register, an account, or a name."""

    output = models.ForeignKey(Output, models.CASCADE, related_name="authors")
    name = models.CharField(max_length=120)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    place = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self):
        return self.name


class Review(models.Model):
    """A reviewer's word on an output as it stood then."""

    class Advice(models.TextChoices):
        ACCEPT = "accept", _("accept")
        REVISE = "revise", _("mend and submit again")
        REFUSE = "refuse", _("refuse")

    output = models.ForeignKey(Output, models.CASCADE, related_name="reviews")
    advice = models.CharField(max_length=7, choices=Advice)
    score = models.FloatField(null=True, help_text="out of 100")
    comment = models.TextField(blank=True, default="")
    round = models.PositiveSmallIntegerField(default=1, help_text="counts submissions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["output", "by", "round"], name="one_review_each_and_round")]


class Use(models.Model):
    """Another place took an output up."""

    output = models.ForeignKey(Output, models.CASCADE, related_name="uses")
    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    used_on = models.DateField()
    note = models.CharField(max_length=300, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["used_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["output", "org"], name="a_place_takes_up_an_output_once")]
