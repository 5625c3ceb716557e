"""The making of a list as a task of the queue."""

from django.db import transaction
from django.utils import translation
from django_tasks import task

from khet.insight.earlywarning import services
from khet.insight.earlywarning.models import WarningRun


def start(office, *, by, capacity: int | None = None) -> WarningRun:
    """Ask for a list and put its making into the queue. Raises RunError."""
    run = services.ask(office, by=by, capacity=capacity)
    transaction.on_commit(lambda: make_list.enqueue(run.pk))
    return run


@task()
def make_list(run_id: int) -> None:
    """Make a list that was asked for; one that is gone or made is left alone."""
    run = WarningRun.objects.filter(pk=run_id).select_related("org", "started_by").first()
    if run is not None:
        with translation.override(run.started_by.language or None):
            services.carry_out(run)
