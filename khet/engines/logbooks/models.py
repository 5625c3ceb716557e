"""Entries of logbooks, the edition each was written under, and what each said before."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from khet.core.catalogue import Strict
from khet.core.catalogue.kept import opened
from khet.core.forms.schema import Form
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.engines.logbooks.schema import Logbook


class Kept(Strict):
    """A logbook with its form, as they stood when an entry was written."""

    book: Logbook
    form: Form


class Edition(models.Model):
    """Kept once: later changes of the catalogue do not touch what was written."""

    family = models.CharField(max_length=60, db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()

    @property
    def kept(self) -> Kept:
        return opened(Kept, self.digest, lambda: self.content)


class EntryQuerySet(ScopedQuerySet):
    def standing(self):
        """Entries that were not taken out."""
        return self.filter(withdrawn_at__isnull=True)


class Entry(models.Model):
    """One entry of a school's logbook.

    day      the day it is of
    due      until when it asks for something; None: for nothing
    stands   how it is grouped where the newest entry stands for the older ones
    weight   None where the book weighs nothing
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    answers = models.JSONField()
    day = models.DateField()
    due = models.DateField(null=True, blank=True)
    stands = models.CharField(max_length=60, blank=True, default="")
    weight = models.PositiveSmallIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # fmt: skip

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["org", "day"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="who_takes_an_entry_out_is_known",
            )
        ]

    @property
    def audit_label(self) -> str:
        return str(self.edition.kept.book.title)


class Revision(models.Model):
    """What an entry said before it was changed."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="revisions")
    answers = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
