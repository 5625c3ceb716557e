"""When regular work was last begun and ended."""

from django.db import models


class JobRun(models.Model):
    """The latest run of a job; one row a job, which workers claim so that it is done once."""

    job = models.CharField(max_length=60, unique=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="empty: under way, or its worker was killed")
    failed = models.BooleanField(default=False)
    outcome = models.CharField(max_length=200, blank=True, default="")
