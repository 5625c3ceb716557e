"""Who judges, what they said, and what happened on the way."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from khet.core.orgs.scope import ScopedQuerySet
from khet.engines.assessments.models.rounds import Assessment, Round
from khet.engines.assessments.scoring import NA, Answer
from khet.kit.secrets import EncryptedJSONField, EncryptedTextField


class Layer(models.TextChoices):
    GOAL = "goal", _("own goal")
    SELF = "self", _("self-assessment")
    REVIEWER = "reviewer", _("review")
    MODERATED = "moderated", _("agreed result")


class Assignment(models.Model):
    """A person who judges one thing in a layer; reviewers have seats of their own, the other layers one in common."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="assignments")
    layer = models.CharField(max_length=10, choices=Layer)
    seat = models.PositiveSmallIntegerField(default=1)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["layer", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "layer", "user"], name="a_person_judges_once_in_a_layer"),
        ]
        indexes = [models.Index(fields=["user", "assessment"])]


class Rating(models.Model):
    """One answer to one criterion. Answers of a layer are held in common, of reviewers each seat by itself."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="ratings")
    criterion = models.CharField(max_length=40)
    layer = models.CharField(max_length=10, choices=Layer)
    seat = models.PositiveSmallIntegerField(default=1)
    code = models.CharField(max_length=20, blank=True, default="", help_text="of an option; 'na': does not apply")
    number = models.FloatField(null=True)
    asked = models.JSONField(null=True, help_text="numbers asked for: {ask: number}")
    comment = EncryptedTextField()
    reason = EncryptedTextField(help_text="why it differs from the layer before, or from the number Khet gives")
    notes = EncryptedJSONField(help_text="texts asked for beside the score")
    version = models.PositiveIntegerField(default=1, help_text="counts savings, so that two do not overwrite unseen")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "layer", "seat", "criterion"], name="a_criterion_is_answered_once_a_seat"
            )
        ]

    @property
    def answer(self) -> Answer | None:
        """The answer in its plain form, or None where only words were written."""
        if self.code:
            return NA if self.code == NA else self.code
        return self.asked if self.asked else self.number

    @answer.setter
    def answer(self, answer: Answer | None) -> None:
        self.code, self.number, self.asked = "", None, None
        if isinstance(answer, str):
            self.code = answer
        elif isinstance(answer, dict):
            self.asked = answer
        elif answer is not None:
            self.number = float(answer)


class Step(models.Model):
    """Something that happened to an assessment: sent, returned for a reason, appealed, decided, signed."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="steps")
    act = models.CharField(max_length=20)
    words = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]


class LoadQuerySet(ScopedQuerySet):
    org_path = "round__org"
    permission = "assess.manage"


class Load(models.Model):
    """Ratings brought in by a spreadsheet: looked at first, written in one transaction, undone as a whole."""

    class State(models.TextChoices):
        CHECKED = "checked", _("waiting to be written")
        WRITTEN = "written", _("written")
        UNDONE = "undone", _("undone")

    round = models.ForeignKey(Round, models.CASCADE, related_name="loads")
    layer = models.CharField(max_length=10, choices=Layer)
    seat = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.CHECKED)
    content = EncryptedJSONField(help_text="answers read, faults found; after writing, what stood before")
    counts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    written_at = models.DateTimeField(null=True)

    objects = LoadQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    @property
    def audit_label(self) -> str:
        return self.name
