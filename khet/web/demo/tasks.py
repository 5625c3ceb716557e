"""What the worker does of the demo: the files of earlier years, while the first pages are looked at."""

import logging

from django_tasks import task

log = logging.getLogger(__name__)


@task()
def load_later() -> int:
    """Load the files that were left for later; how many."""
    from khet.web.demo.build import load_the_past

    return load_the_past(log.info)
