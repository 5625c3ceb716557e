"""One small world for all tests of the demo: making it takes a tenth of a second, writing it half a second."""

from datetime import date

import pytest

from khet.web.demo.files import write_files
from khet.web.demo.world import make_world

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def world():
    return make_world(schools=24, pupils=1500, seed=7, today=TODAY)


@pytest.fixture(scope="session")
def folder(world, tmp_path_factory):
    """The world's files."""
    folder = tmp_path_factory.mktemp("office")
    write_files(world, folder)
    return folder
