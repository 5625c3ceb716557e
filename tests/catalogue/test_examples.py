"""Every worked example holds, and the examples leave no indicator, edition or reading out."""

import pytest

from khet.core.catalogue.loader import read, shipped
from khet.insight.indicators.consistency import edition_of, without_example
from khet.insight.indicators.schema import added_up

SHIPPED = read([shipped()])
EXAMPLES = SHIPPED.all("example")


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.id for example in EXAMPLES])
def test_the_example_holds(example):
    assert example.fault(edition_of(example, SHIPPED)) is None


def test_every_edition_and_reading_has_an_example():
    assert without_example(SHIPPED) == []


@pytest.mark.parametrize("id", SHIPPED.ids("indicator"))
def test_every_indicator_shows_that_missing_data_is_no_value(id):
    mine = [example for example in EXAMPLES if example.indicator == id]
    assert any(example.value is None for example in mine)


NEWEST = [SHIPPED.find("indicator", id) for id in SHIPPED.ids("indicator")]
RATES = [indicator.id for indicator in NEWEST if indicator.denominator and indicator.org_kind == "school"]


@pytest.mark.parametrize("id", RATES)
def test_every_rate_shows_that_the_rate_of_sums_is_not_the_mean_of_rates(id):
    indicator = SHIPPED.get("indicator", id)
    told = False
    for example in EXAMPLES:
        if example.indicator != id or example.reading or len(example.given) < 2:
            continue
        singly = [indicator.of(org) for org in example.given]
        if None not in singly:
            told |= abs(sum(singly) / len(singly) - example.value) > 0.1
    assert told


def test_an_org_with_a_part_missing_is_left_out_of_every_sum():
    orgs = [{"left_early": 3, "enrolled": 300}, {"left_early": None, "enrolled": 100}, {"enrolled": 50}]
    assert added_up(orgs, {"left_early", "enrolled"}) == {"left_early": 3, "enrolled": 300}


def test_nothing_is_added_up_when_no_org_knows_all_parts():
    orgs = [{"left_early": 3}, {"enrolled": 100}]
    assert added_up(orgs, {"left_early", "enrolled"}) == {}


def test_an_example_that_does_not_hold_says_what_came_out():
    example = next(e for e in EXAMPLES if e.id == "dropout_none").model_copy(update={"value": 5.0})
    assert example.fault(SHIPPED.find("indicator", "dropout_rate")) == "expected 5, worked out 0"
    empty = example.model_copy(update={"value": None})
    assert empty.fault(SHIPPED.find("indicator", "dropout_rate")) == "expected no value, worked out 0"
