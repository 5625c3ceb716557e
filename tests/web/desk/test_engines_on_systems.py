"""Each engine tells what goes on in its systems, and only to those who may see it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from khet.core.activity import Activity, activities
from khet.core.catalogue import catalogue
from khet.engines.cases.models import Case
from khet.engines.cases.services import begin
from khet.engines.cases.services.beginning import Beginning
from khet.registers.people.models import Person

pytestmark = pytest.mark.django_db


def test_an_office_without_rounds_has_nothing_to_tell(planner, office):
    assert activities(planner, office) == {}


@pytest.fixture
def survey_round(office, planner):
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


def test_an_overdue_case_shows_on_the_page_of_all_systems(promoter, school, client_for):
    child = Person.objects.create(first_name="ทดสอบ", last_name="ทดลอง", name_key="ทดสอบ", org=school)
    kind = catalogue().get("case_kind", "return_to_school_2568")
    begin(kind, Beginning(org=school, person=child), by=promoter)
    Case.objects.update(due_at=timezone.now() - timedelta(days=1))
    page = client_for(promoter).get(reverse("desk:systems"))
    assert page.status_code == 200
    assert "kind=return_to_school" in page.text and "k-status is-missed" in page.text


def test_a_tone_that_no_badge_has_is_refused_where_it_is_written():
    with pytest.raises(ValueError, match="no tone 'danger'"):
        Activity("words", tone="danger")
