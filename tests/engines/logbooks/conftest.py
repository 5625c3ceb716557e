"""A school's risk register and its drills, and who writes in them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from khet.core.catalogue import catalogue


@pytest.fixture
def head(someone, school):
    return someone("school_director", school, "head")


@pytest.fixture
def other_head(someone, other_school):
    return someone("school_director", other_school, "other_head")


@pytest.fixture
def risks():
    return catalogue().get("logbook", "safety_risks_2565")


@pytest.fixture
def drills():
    return catalogue().get("logbook", "safety_drills_2565")


def risk(**fields):
    today = timezone.localdate()
    return {
        "risk_hazard": "HA2", "risk_place": "stairs", "risk_words": "ราวบันไดอาคารเก่าโยก", "risk_likely": "3",
        "risk_harm": "3", "risk_owner": "หัวหน้าอาคารสถานที่", "risk_due": (today + timedelta(days=30)).isoformat(),
        "risk_state": "open",
    } | fields  # fmt: skip


def drill(on, kind="fire", **fields):
    return {
        "drill_on": on.isoformat(), "drill_kind": kind, "drill_pupils": 120, "drill_staff": 9, "drill_minutes": 4.5,
        "drill_all": True,
    } | fields  # fmt: skip
