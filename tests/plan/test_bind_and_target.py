import pytest
from django.utils import translation

from khet.plan.models import PlanItem
from khet.plan.services import PlanError, bind, leave_unbound, set_owner, set_targets
from khet.plan.services.binding import Target
from khet.plan.words import target_words


@pytest.fixture
def binding(draft, indicator_of):
    return indicator_of(draft, "service_satisfaction").binding


@pytest.fixture
def rain(draft):
    """The indicator no number of the catalogue fits."""
    return draft.items.get(kind=PlanItem.Kind.INDICATOR, binding__indicator="").binding


def test_binding_by_hand_confirms_it(rain, planner):
    bind(rain, "dropout_rate", by=planner)
    assert rain.definition.id == "dropout_rate" and rain.confirmed


def test_an_unknown_number_or_reading_is_refused(binding, planner):
    with pytest.raises(PlanError):
        bind(binding, "rain_days", by=planner)
    with pytest.raises(PlanError):
        bind(binding, "service_satisfaction", by=planner, reading="by_moonlight")


def test_a_chosen_reading_changes_the_formula(binding, planner):
    other = next(r.id for r in binding.definition.readings if r.id != binding.definition.reading)
    bind(binding, "service_satisfaction", by=planner, reading=other)
    assert binding.definition.reading == other
    assert binding.definition.value == binding.definition.reading_of(other).value


def test_an_indicator_is_left_without_a_number_only_for_a_reason(rain, planner):
    with pytest.raises(PlanError):
        leave_unbound(rain, "  ", by=planner)
    leave_unbound(rain, "ไม่มีสถานีวัดน้ำฝน", by=planner)
    assert rain.unbound_reason == "ไม่มีสถานีวัดน้ำฝน"


def test_a_year_has_its_own_target_beside_the_one_for_all_years(binding, planner):
    set_targets(binding, 2024, [Target(92.5, unit="percent")], by=planner)
    assert sorted((t.year or 0, t.value) for t in binding.targets.all()) == [(0, 90), (2024, 92.5)]


def test_new_targets_of_a_year_replace_the_old_and_none_removes_them(binding, planner):
    set_targets(binding, 2024, [Target(92, unit="percent")], by=planner)
    set_targets(binding, 2024, [Target(80, "at_least", "percent"), Target(90, "at_most", "percent")], by=planner)
    assert target_words(binding.targets.filter(year=2024), binding.definition) == "80–90%"
    set_targets(binding, 2024, [], by=planner)
    assert not binding.targets.filter(year=2024).exists()


@pytest.mark.parametrize(
    "year, target",
    [
        (2030, Target(90)),
        (2024, Target(120, unit="percent")),
        (2024, Target(-1)),
        (2024, Target(None)),
        (2024, Target(5, "sideways")),
    ],
)
def test_targets_that_cannot_be_are_refused(binding, planner, year, target):
    with pytest.raises(PlanError):
        set_targets(binding, year, [target], by=planner)


def test_a_level_in_words_finds_its_place_on_the_scale(rain, planner):
    bind(rain, "pmqa_level", by=planner)
    title = "ก้าวหน้า"
    (target,) = set_targets(rain, 2024, [Target(None, unit="level", reference=f"ระดับ{title}")], by=planner)
    assert target.value == 2
    with translation.override("th"):
        assert title in target_words([target], rain.definition)


def test_the_owner_can_change_while_the_plan_is_in_force(adopted, planner, director, indicator_of):
    binding = indicator_of(adopted, "service_satisfaction").binding
    set_owner(binding, by=planner, group="administration", owner=director)
    assert (binding.owner_group, binding.owner) == ("administration", director)


def test_an_owner_must_be_able_to_see_the_plan(adopted, planner, stranger, indicator_of):
    binding = indicator_of(adopted, "service_satisfaction").binding
    with pytest.raises(PlanError, match="stranger"):
        set_owner(binding, by=planner, owner=stranger)
    with pytest.raises(PlanError):
        set_owner(binding, by=planner, group="moon_watchers")
