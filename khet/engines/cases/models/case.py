"""Cases and the editions they began under."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from khet.core.catalogue.kept import opened
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.engines.cases.schema.kept import Kept
from khet.kit.secrets import EncryptedJSONField
from khet.registers.people.models import Person

PHONE = "phone"  # the cause of a case that somebody at the office wrote down for a caller


class Edition(models.Model):
    """A kind of case with its workflow and forms, as they stood when a case began."""

    kind = models.CharField(max_length=60, help_text="id in the catalogue")
    family = models.CharField(max_length=40, db_index=True)
    system = models.CharField(max_length=40)
    circle = models.BooleanField(help_text="members only")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "digest"], name="case_edition_kept_once")]

    @property
    def rules(self) -> Kept:
        """The edition, read once a process."""
        return opened(Kept, self.digest, lambda: EditionContent.objects.get(edition=self).content)


class EditionContent(models.Model):
    """The words of an edition, in a table of their own: every case is read with its edition, none with its words."""

    edition = models.OneToOneField(Edition, models.CASCADE, primary_key=True, related_name="+")
    content = models.JSONField()


class Reader(models.Model):
    """A role that sees cases of an edition at its place and below."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="readers")
    role = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "role"], name="a_role_reads_an_edition_once")]


class Series(models.Model):
    """The last number given to a case of an office and a year."""

    office = models.ForeignKey(Org, models.PROTECT, related_name="+")
    prefix = models.CharField(max_length=5)
    year = models.SmallIntegerField(help_text="C.E.")
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "prefix", "year"], name="one_series_of_case_numbers")]


class CaseQuerySet(ScopedQuerySet):
    """A case is seen by its members; outside a circle also by roles that read its kind at its place or above it.

    Whom a case must be kept from never sees it, whatever role they hold: see `fit_for`.
    """

    permission = "cases.take_part"

    def visible_to(self, viewer, permission: str | None = None):
        from khet.engines.cases.models.people import Member

        if not getattr(viewer, "is_authenticated", False):
            return self.none()
        if viewer.is_system:
            return self.all()
        if not viewer.paths(permission or self.permission):
            return self.none()
        members = Member.objects.filter(case=OuterRef("pk"), user=viewer, until__isnull=True)
        return self.filter(Q(Exists(members)) | self._by_place(viewer)).fit_for(viewer)

    def fit_for(self, viewer):
        """Without the cases kept from the viewer: those that accuse them, and those that pass their school by."""
        from khet.engines.cases.models.people import Party

        accused = Party.objects.filter(case=OuterRef("pk"), user=viewer, barred=True)
        schools = [grant.org_id for grant in viewer.grants if grant.org.is_school]
        return self.exclude(Exists(accused)).exclude(passed_by=True, about__in=schools)

    def _by_place(self, viewer) -> Q:
        from khet.engines.cases.models.trail import Referral

        seen = Q(pk__in=[])
        for grant in viewer.grants:
            reads = Q(edition__in=Reader.objects.filter(role=grant.role).values("edition"), edition__circle=False)
            sent = Referral.objects.filter(
                case=OuterRef("pk"), to__path__startswith=grant.org.path, state__in=("waiting", "accepted")
            )
            seen |= reads & (Q(org__path__startswith=grant.org.path) | Q(Exists(sent)))
        return seen

    def open(self):
        return self.filter(closed_at__isnull=True)

    def overdue(self, now=None):
        return self.open().filter(due_at__lt=now or timezone.now())


class Case(models.Model):
    """Something that somebody follows. Its names and the words about it lie encrypted; lists show its number."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=24, unique=True)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="cases")
    office = models.ForeignKey(Org, models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="the place that handles it")
    about = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="the place it is about, for the counts")
    passed_by = models.BooleanField(default=False, help_text="handled above the place it is about, which sees nothing")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="cases")
    listed = models.CharField(
        max_length=32, blank=True, default="", db_index=True, help_text="hash of the identifier on registration lists"
    )
    sex = models.CharField(max_length=1, blank=True, default="")
    subdistrict = models.CharField(max_length=80, blank=True, default="")
    state = models.CharField(max_length=40)
    state_since = models.DateTimeField(default=timezone.now)
    level = models.CharField(max_length=20, blank=True, default="")
    rank = models.SmallIntegerField(default=0, help_text="of the level; the most pressing first")
    due_at = models.DateTimeField(null=True, db_index=True, help_text="when it must have left its state")
    missed = models.BooleanField(default=False, help_text="it has once missed a clock")
    escalated_at = models.DateTimeField(null=True, help_text="when somebody was last told that it is overdue")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict, help_text="what was said last of each open field")
    secret = EncryptedJSONField(default=dict, help_text="what was said last of each sensitive field")
    cause = models.JSONField(default=dict, help_text="{kind, id} of what it came from: a list, a warning, a report")
    received_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="null: a public report"
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["office", "closed_at", "due_at"]),
            models.Index(fields=["org", "closed_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="a_closed_case_says_by_whom",
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def audit_label(self) -> str:
        return self.number

    @property
    def rules(self) -> Kept:
        return self.edition.rules

    @property
    def kind(self):
        return self.edition.rules.kind

    @property
    def stands(self):
        """The state it is in, as the workflow has it."""
        return self.edition.rules.workflow.states[self.state]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < timezone.now()

    @property
    def level_of(self):
        return self.edition.rules.kind.level(self.level)

    @property
    def known(self) -> dict:
        """Every answer, the sensitive ones too: for services and for the opened page."""
        return self.answers | self.secret
