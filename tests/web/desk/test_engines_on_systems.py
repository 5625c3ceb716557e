"""Each engine tells what goes on in its systems, and only to those who may see it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from khet.core.activity import activities

pytestmark = pytest.mark.django_db


def test_an_office_without_rounds_has_nothing_to_tell(planner, office):
    assert activities(planner, office) == {}


@pytest.fixture
def survey_round(office, planner):
    from khet.core.catalogue import catalogue
    from khet.engines.surveys.models import Round

    today = timezone.localdate()
    return Round.objects.create(
        org=office, survey=catalogue().all("survey")[0].id, own_title="ถามความเห็น", access="link", token="t" * 24,
        opens=today, closes=today + timedelta(days=7), opened_by=planner, answered=12,
    )  # fmt: skip


def test_a_survey_tells_how_many_answered(survey_round, planner, director, office):
    system = survey_round.edition.system
    [line] = activities(planner, office)[system]
    assert "12" in line.words and str(survey_round.ref) in line.url


def test_a_stranger_hears_nothing(survey_round, stranger, office):
    assert activities(stranger, office) == {}


def test_all_engines_are_asked_with_few_queries(survey_round, planner, office, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        activities(planner, office)
