"""A process that keeps reading indicators, as a busy server's others do."""

import time

LONGEST = 120  # seconds; the benchmark ends it sooner


def keep_reading() -> None:
    from khet.core.accounts.models import system_user
    from khet.core.orgs.queries import default_office
    from khet.insight.indicators import queries

    office, by = default_office(), system_user()
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        queries.values(by, org=office)
        queries.values(by, org=office, by="school")
        time.sleep(0.05)
