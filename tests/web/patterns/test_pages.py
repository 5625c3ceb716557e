"""What the cases of a kind tell together: for whom, and what it never tells."""

from datetime import timedelta

import pytest
from django.utils import timezone

from khet.core.orgs.services import create_org
from khet.engines.cases import services
from khet.engines.cases.models import Case, Step
from khet.engines.cases.services.beginning import Beginning
from khet.web.patterns import queries

pytestmark = pytest.mark.django_db
TOLD = {"channel": "school", "event": "harm", "hazard": "HV3", "harm": "none", "safe_now": True, "story": "เรื่องลับมาก",
        "place": "playground"}  # fmt: skip
CLOSED = {"lesson": "จัดครูเวรที่สนาม", "lesson_kinds": ["prevent"], "lesson_shared": True}


@pytest.fixture
def many(kind, school, other_school, safety_officer):
    """Twelve girls helped after four days, twelve boys after one; eight at the other school; two of nobody's sex."""
    begun = services.begin_many(
        kind,
        [Beginning(org=other_school if n % 3 == 0 else school, answers=TOLD) for n in range(26)],
        by=safety_officer,
    )
    now = timezone.now()
    for n, case in enumerate(begun):
        received, hours = now - timedelta(days=60 + n), 96 + n if n < 12 else 24 + n
        sex = "f" if n < 12 else "m" if n < 24 else ""
        Case.objects.filter(pk=case.pk).update(received_at=received, sex=sex, state="working")
        Step.objects.filter(case=case).update(at=received)
        Step.objects.create(case=case, move="plan", before="assigned", after="working",
                            at=received + timedelta(hours=hours), by=safety_officer)  # fmt: skip
    return begun


def audit(viewer, kind, by):
    found = queries.audits(kind, queries.cases_of(viewer, "safety"))
    return next(one for one in found if one.by == by)


def test_girls_who_wait_longer_are_found(many, kind, safety_officer):
    lines = {row.group: row.line for row in audit(safety_officer, kind, "Sex").rows}
    assert (lines["girls"].verdict, lines["boys"].verdict) == ("longer", "shorter")
    assert lines["girls"].count == 12 and 96 <= lines["girls"].median <= 108


def test_a_school_with_few_cases_is_withheld_and_a_second_one_with_it(many, kind, safety_officer, school, other_school):
    rows = {row.group: row.line for row in audit(safety_officer, kind, "School").rows}
    assert rows == {str(school): None, str(other_school): None}


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_page_tells_sums_and_nobody_s_case(many, safety_officer, director, client_for, language):
    for reader in (safety_officer, director):
        reader.language = language
        reader.save()
        page = client_for(reader).get("/patterns/safety/")
        text = page.content.decode()
        assert page.status_code == 200
        assert "เรื่องลับมาก" not in text and many[0].number not in text and str(many[0].ref) not in text


def test_only_who_answers_for_them_at_the_office_finds_the_page(
    many, school_director, administrator, planner, stranger, client_for
):
    for somebody in (school_director, administrator, planner, stranger):
        assert client_for(somebody).get("/patterns/safety/").status_code == 404
    assert client_for(school_director).get("/patterns/").status_code == 200


def test_months_before_the_first_case_are_unknown_and_not_zero(many, kind, safety_officer):
    drawing = queries.over_time(kind, queries.cases_of(safety_officer, "safety"))[0]
    values = drawing.chart.spec["series"][0]["values"]
    assert values[0] is None and sum(value or 0 for value in values) > 0


def test_a_lesson_is_shared_without_school_day_or_number_and_not_with_the_school_it_passed_by(
    many, school, other_school, school_director, safety_officer, someone, client_for
):
    case = many[1]
    Case.objects.filter(pk=case.pk).update(
        answers=case.answers | CLOSED, state="closed", closed_at=timezone.now(), closed_by=safety_officer,
        passed_by=True,
    )  # fmt: skip
    elsewhere = someone("school_director", other_school, "elsewhere")
    shown = client_for(elsewhere).get("/patterns/lessons/").content.decode()
    assert "จัดครูเวรที่สนาม" in shown
    main = shown[shown.index("<main") : shown.index("</main>")]
    assert str(school) not in main and case.number not in main and "เรื่องลับมาก" not in main
    assert "จัดครูเวรที่สนาม" not in client_for(school_director).get("/patterns/lessons/").content.decode()
    Case.objects.filter(pk=case.pk).update(answers=case.answers | CLOSED | {"lesson_shared": False})
    assert "จัดครูเวรที่สนาม" not in client_for(elsewhere).get("/patterns/lessons/").content.decode()


def test_another_office_has_its_own(many, stranger_office, someone, ministry, system, client_for):
    there = someone("safety_officer", stranger_office, "there")
    create_org("school", "91010009", "บ้านใหม่", stranger_office, by=system)
    assert queries.cases_of(there, "safety") == []
    assert "จัดครู" not in client_for(there).get("/patterns/lessons/").content.decode()
