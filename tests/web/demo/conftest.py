"""One small world for all tests of the demo: making it takes a tenth of a second, writing it half a second."""

from datetime import date

import pytest

from khet.web.demo.files import write_files
from khet.web.demo.world import make_world
from tests.support import shared

TODAY = date(2026, 11, 24)
NO_ROLL_YET = date(2026, 6, 24)  # the year has begun, its first round is exported tomorrow


@pytest.fixture(scope="session")
def world():
    return make_world(schools=24, pupils=1500, seed=7, today=TODAY)


@pytest.fixture(scope="session")
def folder(world, tmp_path_factory):
    """The world's files."""
    folder = tmp_path_factory.mktemp("office")
    write_files(world, folder)
    return folder


@pytest.fixture(scope="module")
def shared_home():
    """The home in which a module fills an office for all of its tests."""
    with shared.home_of_its_own() as folder:
        yield folder


@pytest.fixture(scope="module")
def records(shared_home, django_db_setup, django_db_blocker):
    """The database for a module that fills an office for all of its tests."""
    with shared.kept_records(django_db_blocker):
        yield
