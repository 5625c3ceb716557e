"""What the worker does of the demo while the first pages are looked at: the files of earlier years, then the lists."""

import logging

from django_tasks import task

log = logging.getLogger(__name__)


@task()
def load_later() -> int:
    """Load the files that were left for later, then have the lists made that read them; how many files."""
    from khet.core.accounts.models import User
    from khet.core.orgs.queries import default_office
    from khet.web.demo import lists
    from khet.web.demo.build import load_the_past

    office = default_office()
    lists.ask_for(office, by=User.objects.get(username="promoter"))
    count = load_the_past(log.info)
    lists.have_made(office)
    return count
