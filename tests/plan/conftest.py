"""A plan document and what is made of it."""

import pytest

from khet.plan import services
from tests.plan.made_up import TEXT


@pytest.fixture
def plan_file(tmp_path):
    path = tmp_path / "แผน.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def document(office, planner, plan_file):
    return services.receive_document(office, plan_file, by=planner)


@pytest.fixture
def draft(document, planner):
    return services.draft_edition(document, 2023, 2027, by=planner)


@pytest.fixture
def adopted(draft, planner):
    return services.adopt(draft, by=planner, leave_open="ไม่มีข้อมูลในระบบ")


@pytest.fixture
def indicator_of():
    """indicator_of(edition, "service_satisfaction") → the item bound to it."""
    return lambda edition, id: edition.items.get(binding__indicator=id)
