"""A round that runs, and a way to answer it."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from khet.engines.surveys.services import casting, rounds, sheets

SERVICE = "service_satisfaction_2568"
GOOD = {
    "who": "parent", "channel": "online", "clear_steps": "5", "in_time": "5", "in_turn": "4", "polite": "5",
    "knows": "4", "honest": "5", "reach": "3", "online": "na", "met_need": "5", "overall": "4",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch):
    """Tests answer faster than anybody can read."""
    monkeypatch.setattr(sheets, "TOO_FAST", 0)


@pytest.fixture(autouse=True)
def thai():
    """Titles are said in Thai, whatever a page before asked for."""
    with translation.override("th"):
        yield


@pytest.fixture
def opened(office, planner):
    """Opens a round: opened(access="codes"), opened("other_survey", school)."""

    def make(survey=SERVICE, org=None, *, by=None, access="open", days=(-5, 20), **kwargs):
        today = timezone.localdate()
        first, last = (today + timedelta(days=day) for day in days)
        return rounds.open_round(
            org or office, survey, by=by or planner, access=access, opens=first, closes=last, **kwargs
        )

    return make


@pytest.fixture
def running(opened):
    return opened()


@pytest.fixture
def answer():
    """Casts an answer on a fresh sheet: answer(round, overall="1")."""

    def cast(round, **changed):
        casting.cast(round, {**GOOD, **changed}, sheet=sheets.hand(round))

    return cast
