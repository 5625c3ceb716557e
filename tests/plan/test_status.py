import pytest

from khet.facts.services import build
from khet.insight.indicators.queries import NotVisible, value
from khet.kit.periods import Period
from khet.plan.models import IndicatorMove
from khet.plan.services import adopt, bind, revise, set_targets
from khet.plan.services.binding import Target
from khet.plan.services.moves import follow
from khet.plan.status import as_document, plan_status
from khet.registers.figures.services import set_figure

FY2024 = Period("fiscal_year", 2024)
ANSWERS, POINTS = "satisfaction_answers", "satisfaction_points"


@pytest.fixture
def satisfaction(office, system):
    """satisfaction(2024, 92): of a hundred answers, their points make an index of so many percent."""

    def enter(year, percent):
        period = Period("fiscal_year", year)
        set_figure(office, ANSWERS, period, 100, by=system)
        set_figure(office, POINTS, period, 5 * percent, by=system)
        build()

    return enter


def state_of(viewer, org, id="service_satisfaction", **asked):
    return next(s for s in plan_status(viewer, org, **asked).indicators if s.binding.indicator == id)


def test_without_a_plan_there_is_no_status(office, planner):
    assert plan_status(planner, office) is None


def test_without_figures_every_indicator_has_no_data_and_never_zero(adopted, planner, office):
    state = plan_status(planner, office)
    assert {one.status for one in state.indicators if one.binding.indicator} == {"no_data"}
    assert {one.number for one in state.indicators} == {None}


def test_a_value_meets_comes_near_or_misses_its_target(adopted, planner, office, satisfaction):
    for percent, expected in ((92, "met"), (88, "near"), (70, "missed")):
        satisfaction(2024, percent)
        state = state_of(planner, office)
        assert (state.number, state.status, state.period.code) == (percent, expected, "FY2024")


def test_the_target_of_the_year_counts(adopted, planner, office, satisfaction, indicator_of):
    satisfaction(2024, 92)
    draft = revise(adopted, by=planner)
    set_targets(indicator_of(draft, "service_satisfaction").binding, 2024, [Target(95, unit="percent")], by=planner)
    adopt(draft, by=planner)
    assert state_of(planner, office).status == "near"


def test_history_change_and_age_stand_beside_the_value(adopted, planner, office, satisfaction):
    satisfaction(2023, 80)
    satisfaction(2024, 92)
    state = state_of(planner, office)
    assert state.numbers == [80, 92]
    assert state.change == 12
    assert state.value.as_of is not None
    earlier = state_of(planner, office, period=Period("fiscal_year", 2023))
    assert (earlier.number, earlier.status, earlier.change) == (80, "missed", None)


def test_a_period_without_figures_has_no_data_even_when_others_have(adopted, planner, office, satisfaction):
    satisfaction(2024, 92)
    state = state_of(planner, office, period=Period("fiscal_year", 2026))
    assert (state.number, state.status) == (None, "no_data")


def test_the_plans_reading_is_used_everywhere_once_it_is_adopted(draft, planner, office, satisfaction, indicator_of):
    binding = indicator_of(draft, "service_satisfaction").binding
    rescaled = next(r.id for r in binding.definition.readings if "rescaled" in r.id)
    bind(binding, "service_satisfaction", by=planner, reading=rescaled)
    adopt(draft, by=planner, leave_open="ไม่มี")
    satisfaction(2024, 90)
    assert state_of(planner, office).number == pytest.approx(87.5)
    assert value(planner, "service_satisfaction", org=office, period=FY2024).value == pytest.approx(87.5)


def test_values_read_anywhere_come_judged_by_the_plan(adopted, planner, office, satisfaction):
    satisfaction(2024, 70)
    found = value(planner, "service_satisfaction", org=office, period=FY2024)
    assert found.status == "missed" and found.target.number == 90


def test_a_school_follows_the_plan_of_its_office_but_reads_no_figure_of_it(adopted, office, school, school_director):
    assert plan_status(school_director, school).plan.edition == adopted
    with pytest.raises(NotVisible):
        value(school_director, "service_satisfaction", org=office)
    state = plan_status(school_director, office)
    assert all(one.value is None for one in state.indicators)


def test_a_stranger_finds_no_plan(adopted, office, stranger):
    assert plan_status(stranger, office) is None


def test_the_document_says_everything_a_script_needs(adopted, planner, office, satisfaction):
    satisfaction(2024, 88)
    document = as_document(plan_status(planner, office))
    assert document["org"] == office.code
    assert document["plan"]["from_year_be"] == 2566 and document["plan"]["to_year_be"] == 2570
    assert [s["number"] for s in document["strategies"]] == [1, 2]
    entry = document["strategies"][0]["indicators"][1]
    assert entry["indicator"] == "service_satisfaction"
    assert (entry["value"], entry["unit"], entry["status"], entry["period"]) == (88, "percent", "near", "FY2024")
    assert entry["targets"] == [
        {"value": 90.0, "direction": "at_least", "unit": "percent", "reference": None, "year_be": None}
    ]
    assert document["strategies"][1]["indicators"][1]["unbound_reason"]
    assert sum(document["counts"].values()) == 4


def test_a_moved_value_leaves_what_it_was(adopted, office, satisfaction, planner):
    satisfaction(2024, 80)
    follow()
    satisfaction(2024, 85)
    follow()
    follow()  # nothing changed: nothing is noted
    moves = IndicatorMove.objects.filter(indicator="service_satisfaction").order_by("pk")
    assert [(move.before, move.value) for move in moves] == [(None, 80), (80, 85)]
    since = moves[0].at
    assert state_of(planner, office, since=since).moved.before == 80
