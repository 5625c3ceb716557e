"""The catalogue as shipped, without any office's overlay."""

import pytest

from khet.core.catalogue.loader import read, shipped


@pytest.fixture(scope="session")
def catalogue():
    return read([shipped()])
