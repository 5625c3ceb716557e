"""What cases give to the facts: counts without identity."""

import pytest
from django.utils import timezone

from khet.engines.cases import services
from khet.engines.cases.facts import FEEDS
from khet.kit.feeds import Question
from khet.kit.periods import academic_year

pytestmark = pytest.mark.django_db
FEED = FEEDS[0]


def rows():
    year = academic_year(timezone.localdate()).year
    table = FEED.rows(year)
    return {(r["measure"], r["org"], r["grp"]): r["value"] for r in table.to_pylist()}


def test_cases_are_counted_where_they_are_about_and_zero_is_known_elsewhere(case, school, other_school):
    found = rows()
    assert found["errands_begun", school.code, "red"] == 1
    assert found["errands_begun", school.code, "blue"] == 0 and found["errands_begun", other_school.code, "red"] == 0
    assert found["errands_waiting", school.code, ""] == 1


def test_what_is_closed_waits_no_longer_and_what_was_merged_was_none(case, teacher, promoter, school):
    from khet.engines.cases.models import Case

    Case.objects.filter(pk=case.pk).update(state="double", closed_at=timezone.now(), closed_by=promoter)
    found = rows()
    assert found["errands_begun", school.code, "red"] == 0 and found["errands_waiting", school.code, ""] == 0


def test_a_number_is_walked_back_to_the_case_by_its_number(case, school):
    period = academic_year(timezone.localdate()).code
    lines = list(FEED.behind(Question("errands_begun", (school.code,), period)))
    assert [line.label for line in lines] == [case.number] and lines[0].url.endswith(f"{case.ref}/")
    assert "ทดสอบ" not in str(lines)


def test_moving_a_case_marks_the_facts(case, teacher):
    from khet.core.changes.models import Change

    Change.objects.all().delete()
    services.move(case, "start", by=teacher)
    assert Change.objects.filter(subject="cases").exists()


def test_twenty_cases_ask_the_database_no_more_than_one(case, errand, school, teacher, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from khet.engines.cases.services.beginning import Beginning
    from khet.registers.people.models import Person

    with CaptureQueriesContext(connection) as of_one:
        rows()
    pupils = [Person.objects.create(first_name=f"คน{n}", name_key=f"คน{n}|", org=school) for n in range(20)]
    services.begin_many(errand, [Beginning(org=school, person=one) for one in pupils], by=teacher)
    with django_assert_max_num_queries(len(of_one)):
        assert rows()["errands_waiting", school.code, ""] == 21
