"""Statuses that run out: told of once, to those it concerns, without a name of a person."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from khet.core.changes.models import Change
from khet.core.notices.models import Notice
from khet.engines.programmes import services
from khet.engines.programmes.expiry import expiring, look_round, remind
from khet.engines.programmes.schema import Level
from khet.engines.programmes.services.judging import Judgement, runs_out

pytestmark = pytest.mark.django_db
T = {"th": "ก", "en": "a"}


@pytest.fixture
def ending(run, joined, school, supervisor):
    one = joined(school)
    until = timezone.localdate() + timedelta(days=30)
    return services.judge(run, Judgement(one, "announced", date(2024, 8, 1), valid_until=until), by=supervisor)


def test_who_runs_it_and_the_school_are_told_once(ending, supervisor, school_director, other_director, stranger):
    today = timezone.localdate()
    assert remind(today) == 1
    assert {notice.user for notice in Notice.objects.all()} == {supervisor, school_director}
    assert remind(today) == 0


def test_a_status_that_a_longer_one_follows_is_not_told_of(ending, run, supervisor):
    services.judge(run, Judgement(ending.participant, "announced", date(2024, 9, 1)), by=supervisor)
    assert expiring([run], timezone.localdate()) == []


def test_neither_is_one_that_was_withdrawn_nor_one_of_a_school_that_left(ending, run, supervisor):
    services.leave(ending.participant, timezone.localdate(), by=supervisor)
    assert expiring([run], timezone.localdate()) == []


def test_the_facts_are_looked_at_anew_when_a_status_has_run_out(ending):
    Change.objects.all().delete()
    look_round(ending.valid_until)
    assert not Change.objects.filter(subject="programmes").exists()
    look_round(ending.valid_until + timedelta(days=1))
    assert Change.objects.filter(subject="programmes").exists()


@pytest.mark.parametrize(("judged", "years", "last"), [
    (date(2024, 8, 1), 3, date(2027, 7, 31)), (date(2024, 2, 29), 1, date(2025, 2, 28)), (date(2024, 8, 1), None, None),
])  # fmt: skip
def test_a_status_lasts_so_many_years_to_the_day(judged, years, last):
    level = Level.model_validate({"code": "x", "title": T, "years": years})
    assert runs_out(level, judged) == last
