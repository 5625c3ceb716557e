"""Marks that facts read, and the mixin that ties a record to its file and line."""

from django.db import models


class Change(models.Model):
    """Records of a subject changed for a year; removed when the facts have taken it in.

    Written in the transaction of the change itself, so a stopped process leaves either both or neither.
    """

    subject = models.CharField(max_length=40)
    year = models.SmallIntegerField(null=True, help_text="academic year by its C.E. start; empty: every year")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "year"])]


class Sourced(models.Model):
    """A record that knows the load, sheet and row it came from; without a load it was typed in."""

    batch_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    file_id = models.SmallIntegerField(null=True, blank=True, help_text="which file of the load, from 0")
    sheet = models.CharField(max_length=60, blank=True, default="")
    row = models.IntegerField(null=True, blank=True, help_text="row in the sheet as a spreadsheet numbers it, from 1")

    class Meta:
        abstract = True
