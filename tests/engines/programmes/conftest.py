"""A sufficiency-school programme of the office, and people who work with it."""

from datetime import date

import pytest

from khet.core.catalogue import catalogue
from khet.engines.programmes import services
from khet.engines.programmes.services.joining import Entrant

FIRST = date(2024, 5, 16)


@pytest.fixture
def rules():
    return catalogue().get("programme", "sufficiency_school_2554")


@pytest.fixture
def run(rules, office, supervisor):
    """Started; nobody takes part yet."""
    run = services.open_run(rules, office, by=supervisor, starts=FIRST)
    return services.start_run(run, by=supervisor)


@pytest.fixture
def joined(run, supervisor):
    """Has schools join: joined(school, other_school, on=date(…))."""

    def join(*schools, on=FIRST, **fields):
        entrants = [Entrant("school", school, on, **fields) for school in schools]
        made = services.join_many(run, entrants, by=supervisor)
        return made[0] if len(made) == 1 else made

    return join
