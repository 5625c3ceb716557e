"""What says that there was none: missing is never 0, and a school that tells has real zeros."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.engines.cases import services
from khet.engines.cases.facts import FEEDS
from khet.engines.cases.models import Case
from khet.engines.cases.services.beginning import Beginning
from khet.kit.feeds import COLUMNS

pytestmark = pytest.mark.django_db
TOLD = {"channel": "school", "event": "harm", "hazard": "HV3", "harm": "none", "safe_now": True, "story": "ทดสอบ",
        "place": "playground"}  # fmt: skip
FIRST = 2024
ALL = {"violence", "accident", "rights", "other"}


@pytest.fixture(autouse=True)
def today(monkeypatch, settings):
    settings.KHET_SECOND_FACTOR = False
    real = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *of: real(*of) if of else date(2026, 1, 10))


@pytest.fixture
def told():
    """told(school, by, day): an incident that somebody begins; a near miss instead with event="near_miss"."""
    kind = catalogue().get("case_kind", "safety_case_2565")

    def begin(school, by, day, state="assigned", **answers):
        received = timezone.make_aware(datetime.combine(day, time(9)))
        case = services.begin(kind, Beginning(org=school, answers=TOLD | answers, received=received), by=by)
        Case.objects.filter(pk=case.pk).update(state=state)
        return case

    return begin


def counts(year: int, measure="harm_incidents") -> dict[str, dict[str, float]]:
    """{school: {group: value}}"""
    found: dict[str, dict[str, float]] = {}
    rows = FEEDS[0].rows(year).to_pylist()
    assert all(set(row) == set(COLUMNS) for row in rows)
    for row in rows:
        if row["measure"] == measure:
            found.setdefault(row["org"], {})[row["grp"]] = row["value"]
    return found


def test_a_school_that_tells_of_one_kind_tells_of_all(told, school, other_school, school_director):
    told(school, school_director, date(2024, 9, 2))
    assert counts(FIRST) == {school.code: {**dict.fromkeys(ALL, 0.0), "violence": 1.0}}


def test_what_the_office_tells_of_a_school_says_nothing_of_the_other_kinds(told, school, safety_officer):
    told(school, safety_officer, date(2024, 9, 2))
    assert counts(FIRST) == {school.code: {"violence": 1.0}}


def test_who_began_to_tell_in_the_midst_and_told_of_no_harm_is_not_known_before(told, school, school_director):
    told(school, school_director, date(2024, 9, 2), event="near_miss")
    assert counts(FIRST) == {}  # a figure typed for the year counts on
    assert counts(FIRST, "near_misses") == {school.code: {"": 1.0}}


def test_from_the_next_year_on_none_is_none_of_every_school(told, school, other_school, third_school, school_director):
    told(school, school_director, date(2024, 9, 2))
    assert counts(FIRST + 1) == {one.code: dict.fromkeys(ALL, 0.0) for one in (school, other_school, third_school)}


def test_of_a_whole_that_is_known_the_part_that_nobody_met_is_none(told, school, safety_officer):
    """Three reports, none of them late: 0 of 3 and not unknown."""
    for day in (2, 3, 4):
        told(school, safety_officer, date(2024, 9, day))
    Case.objects.update(missed=False)
    assert counts(FIRST, "safety_reports") == {school.code: {"": 3.0}}
    assert counts(FIRST, "safety_late") == {school.code: {"": 0.0}}
    assert counts(FIRST, "harm_severe") == {school.code: {"violence": 0.0}}


def test_a_school_that_told_nothing_is_in_no_part_either(told, school, other_school, school_director):
    told(school, school_director, date(2024, 9, 2))
    assert other_school.code not in counts(FIRST, "harm_severe") | counts(FIRST, "safety_late")
