"""A formula as a page prints it."""

from django.utils.translation import override

from khet.insight.indicators.explain import in_signs


def test_signs_stand_for_operators_and_names_for_measures():
    words = {"met": "“Met - all/none”", "asked": "“Asked”"}
    with override("en"):
        shown = in_signs("100 * met / asked - (asked >= 5 and met != 0)", words)
    assert shown == "100 × “Met - all/none” ÷ “Asked” − (“Asked” ≥ 5 and “Met - all/none” ≠ 0)"
