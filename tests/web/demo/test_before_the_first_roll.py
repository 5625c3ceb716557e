"""The office in the weeks of a new year in which incidents are told, but no roll is in yet."""

import pytest

from khet.core.accounts.models import User
from khet.core.orgs.queries import default_office
from khet.insight.indicators.queries import values
from khet.kit.periods import Period
from khet.web.demo.build import build_demo
from khet.web.demo.marker import Marker
from khet.web.demo.world import make_world
from khet.web.demo.world.harm import truth
from tests.web.demo.conftest import NO_ROLL_YET

SIZE = {"schools": 14, "pupils": 700, "years": 3, "seed": 7}


def reading(id: str, year: int) -> float | None:
    """The value of a reading of indicator 4 in an academic year."""
    director, period = User.objects.get(username="director"), Period("academic_year", year)
    readings = {"pupil_harm": id}
    [value] = values(director, org=default_office(), indicators=["pupil_harm"], period=period, readings=readings)
    return value.value


@pytest.mark.django_db
def test_the_incidents_are_counted_as_they_are():
    build_demo(Marker(**SIZE, today=NO_ROLL_YET.isoformat()), lambda words: None)
    known = truth(make_world(**SIZE, today=NO_ROLL_YET).incidents)
    assert set(known) == {2023, 2024, 2025, 2026}
    for year in (2025, 2026):
        assert reading("count", year) == known[year].incidents.total() > 0
    assert reading("per_1000", 2026) is None  # nobody knows yet of how many
