from types import SimpleNamespace as T

import pytest

from khet.plan.targets import of_year, status, year_of


def target(direction="at_least", value=None, unit="percent", year=None):
    return T(direction=direction, value=value, unit=unit, year=year)


@pytest.mark.parametrize(
    "value, targets, previous, expected",
    [
        (95, [target(value=95)], None, "met"),
        (94.999999999999, [target(value=95)], None, "met"),
        (91, [target(value=95)], None, "near"),
        (90, [target(value=95)], None, "missed"),
        (None, [target(value=95)], None, "no_data"),
        (95, [], None, "no_target"),
        (50, [target(value=None)], None, "no_target"),
        (0, [target("zero", 0, "count")], None, "met"),
        (1, [target("zero", 0, "count")], None, "missed"),
        (10.4, [target("at_most", 10)], None, "near"),
        (11, [target("at_most", 10)], None, "missed"),
        (5, [target("exactly", 5, "level")], None, "met"),
        (3, [target("at_least", 4, "level")], None, "missed"),
        (19, [target("decrease")], 20, "met"),
        (20, [target("decrease")], 20, "near"),
        (21, [target("decrease")], 20, "missed"),
        (0, [target("decrease")], 0, "met"),
        (21, [target("increase")], 20, "met"),
        (19, [target("decrease")], None, "no_data"),
        (85, [target(value=80), target("at_most", 90)], None, "met"),
        (95, [target(value=80), target("at_most", 90)], None, "missed"),
    ],
)
def test_a_value_stands_against_its_targets(value, targets, previous, expected):
    assert status(value, targets, previous=previous) == expected


def test_a_years_own_target_comes_before_the_one_for_all_years():
    everywhere, own = target(value=80), target(value=90, year=2024)
    assert of_year([everywhere, own], 2024) == [own]
    assert of_year([everywhere, own], 2025) == [everywhere]


@pytest.mark.parametrize(
    "code, year", [("AY2024", 2024), ("FY2024", 2024), ("AY2024T2", 2024), ("M2025-02", 2024), ("FY2025Q1", 2025)]
)
def test_a_period_answers_to_the_target_of_the_year_written_on_it(code, year):
    assert year_of(code) == year
