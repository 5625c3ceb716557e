"""The signs as catalogue data: examples hold, bounds are bounds, nothing sensitive is ever named."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from khet.core.catalogue.loader import read, shipped
from khet.insight.earlywarning.consistency import fault_of, problems
from khet.insight.earlywarning.order import points_of
from khet.insight.earlywarning.schema import Case, WarningRules
from khet.insight.earlywarning.signs import points, signs_of
from khet.insight.earlywarning.vocabulary import FEATURES

SHIPPED = read([shipped()])
EDITIONS = SHIPPED.all("warning")
CASES = [(examples.id, case) for examples in SHIPPED.all("warning_example") for case in examples.cases]


@pytest.mark.parametrize(("edition", "case"), CASES, ids=[case.name for _id, case in CASES])
def test_the_example_holds(edition, case):
    assert fault_of(case, SHIPPED.get("warning", edition)) == ""


def test_every_edition_and_sign_has_an_example():
    assert problems(SHIPPED) == []


def test_an_example_that_does_not_hold_is_named():
    rules = EDITIONS[0]
    wrong = Case(name="wrong", pupil={"absent_share": 30}, signs=("failures",), level="watch")
    assert "shows severe_absence, chronic_absence, not failures" in fault_of(wrong, rules)
    assert "is no feature" in fault_of(Case(name="odd", pupil={"religion": 1}, level="none"), rules)


@pytest.mark.parametrize(
    "word", ["religion", "ethnic", "national", "health", "disab", "disadvant", "abuse", "sex", "poor"]
)
def test_no_feature_is_one_that_must_never_be_used(word):
    assert [name for name in FEATURES if word in name] == []


@pytest.mark.parametrize("rules", EDITIONS, ids=[rules.id for rules in EDITIONS])
def test_what_has_happened_is_no_input(rules):
    """`stopped` is a sign for people; a model would learn the outcome from it."""
    assert "stopped" not in {one.feature for one in rules.inputs}


def changed(**fields):
    return WarningRules.model_validate(EDITIONS[0].model_dump() | fields)


def test_a_feature_that_is_not_known_is_refused_by_name():
    signs = [EDITIONS[0].signs[0].model_dump() | {"feature": "religion_of_parents"}]
    with pytest.raises(ValidationError, match="'religion_of_parents' is no feature of a pupil"):
        changed(signs=signs)


def test_a_sign_needs_exactly_one_bound():
    sign = EDITIONS[0].signs[0].model_dump()
    for bounds in ({"at_least": None}, {"at_most": 3}):
        with pytest.raises(ValidationError, match="one bound"):
            changed(signs=[sign | bounds])


def test_every_letter_that_is_shown_has_a_guide():
    with pytest.raises(ValidationError, match="nothing says what to do"):
        changed(guide=[EDITIONS[0].guide[0].model_dump()])


VALUES = st.one_of(st.none(), st.integers(0, 30).map(float), st.floats(0, 4).map(lambda value: round(value, 2)))


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries({name: VALUES for name in FEATURES}), min_size=1, max_size=6))
def test_points_of_all_pupils_at_once_are_those_of_each(pupils):
    rules = EDITIONS[0]
    features = {
        name: np.array([np.nan if pupil[name] is None else pupil[name] for pupil in pupils]) for name in FEATURES
    }

    class Many(SimpleNamespace):
        def __len__(self):
            return len(pupils)

    assert points_of(rules, Many(features=features)).tolist() == [points(signs_of(rules, pupil)) for pupil in pupils]
