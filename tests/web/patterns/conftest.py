"""For whom patterns are, and the kind of case whose patterns are looked at."""

import pytest

from khet.core.catalogue import catalogue


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.KHET_SECOND_FACTOR = False


@pytest.fixture
def kind():
    return catalogue().get("case_kind", "safety_case_2565")
