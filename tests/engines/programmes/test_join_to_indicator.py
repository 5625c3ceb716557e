"""Schools join, are announced, become learning centres; the plan's number is computed from it and walks back."""

from datetime import date

import pytest

from khet.engines.programmes import services
from khet.engines.programmes.services.judging import Judgement
from khet.facts.services import build
from khet.insight.indicators import queries
from khet.insight.indicators.explain import explain
from khet.kit.periods import Period
from khet.registers.figures.services import set_figure

AY2024 = Period("academic_year", 2024)
INDICATOR = "sufficiency_schools_rate"
pytestmark = pytest.mark.django_db(transaction=True)


def readings(viewer, org, period=AY2024):
    return queries.value(viewer, INDICATOR, org=org, period=period).readings


def judged(run, participant, level, on, by, **fields):
    return services.judge(run, Judgement(participant, level, on, **fields), by=by)


def test_each_step_moves_its_reading(run, joined, office, school, other_school, third_school, supervisor, planner):
    one, two = joined(school, other_school)
    assert readings(planner, office)["joined"] == pytest.approx(200 / 3)
    assert readings(planner, office)["announced"] == 0
    judged(run, one, "announced", date(2024, 8, 1), supervisor)
    judged(run, two, "announced", date(2024, 9, 1), supervisor)
    judged(run, one, "centre", date(2024, 9, 1), supervisor, link="https://example.org/certificate")
    found = readings(planner, office)
    assert (found["joined"], found["announced"], found["centre"]) == pytest.approx((200 / 3, 200 / 3, 100 / 3))


def test_a_school_that_does_not_take_part_is_a_zero_and_not_unknown(run, joined, school, other_school, planner):
    joined(school)
    assert readings(planner, school)["joined"] == 100
    assert readings(planner, other_school)["joined"] == 0


def test_the_number_walks_back_to_the_participant(run, joined, office, school, other_school, planner, client_for):
    participant = joined(school)
    found = explain(planner, INDICATOR, office, AY2024)
    part = next(part for part in found.parts if part.measure.id == "sufficiency_joined")
    assert part.kind == "records" and part.lines_total == 1
    (line,) = part.lines
    assert (line.label, line.org) == (str(school), school.code)
    page = client_for(planner).get(line.url)
    assert page.status_code == 200
    assert str(school) in page.content.decode()
    assert line.url.endswith(f"/{participant.pk}/")


def test_a_programme_in_preparation_counts_nothing(rules, office, school, supervisor, planner):
    draft = services.open_run(rules, office, by=supervisor, starts=date(2024, 5, 16))
    services.join(draft, services.joining.Entrant("school", school, date(2024, 5, 16)), by=supervisor)
    build()
    assert queries.value(planner, INDICATOR, org=office, period=AY2024).value is None
    services.start_run(draft, by=supervisor)
    assert queries.value(planner, INDICATOR, org=office, period=AY2024).value == 100


def test_typed_figures_hold_for_years_before_the_programme(run, joined, office, school, planner):
    set_figure(school, "sufficiency_joined", "AY2023", 1, by=planner)
    set_figure(school, "sufficiency_joined", "AY2024", 0, by=planner)
    joined(school)
    assert readings(planner, school, Period("academic_year", 2023))["joined"] == 100
    assert readings(planner, school)["joined"] == 100, "records stand before figures"


def test_a_status_that_ran_out_and_a_school_that_left_no_longer_count(run, joined, school, other_school, office,
                                                                      supervisor, planner):  # fmt: skip
    one, two = joined(school, other_school)
    judged(run, one, "announced", date(2024, 8, 1), supervisor, valid_until=date(2025, 1, 31))
    services.leave(two, date(2025, 2, 1), by=supervisor, reason="ถอนตัว")
    found = readings(planner, office)
    assert (found["joined"], found["announced"]) == (50, 0)
    assert readings(planner, other_school)["joined"] == 0


def test_a_withdrawn_status_no_longer_counts_and_stays_in_the_history(run, joined, school, office, supervisor, planner):
    one = joined(school)
    status = judged(run, one, "announced", date(2024, 8, 1), supervisor)
    assert readings(planner, office)["announced"] == 100
    services.withdraw_status(status, by=supervisor, reason="บันทึกผิดโรงเรียน")
    assert readings(planner, office)["announced"] == 0
    assert one.statuses.count() == 2
