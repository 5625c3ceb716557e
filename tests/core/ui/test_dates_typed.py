"""Dates as officers type them."""

from datetime import date

import pytest
from django import forms

from khet.core.ui.forms import BuddhistDateField


@pytest.mark.parametrize(
    "typed", ["16/05/2567", "16/5/2567", "๑๖/๕/๒๕๖๗", "2024-05-16", "16 พ.ค. 2567", date(2024, 5, 16)]
)
def test_a_date_is_understood_however_it_is_written(typed):
    assert BuddhistDateField().clean(typed) == date(2024, 5, 16)


def test_a_day_that_does_not_exist_is_refused_with_an_example(thai):
    with pytest.raises(forms.ValidationError, match=r"31/02/2567.*16/05/2567"):
        BuddhistDateField().clean("31/02/2567")


def test_the_field_shows_the_buddhist_year_and_reads_it_back():
    field = BuddhistDateField()
    assert field.widget.format_value(date(2012, 2, 29)) == "29/02/2555"
    assert field.clean(field.widget.format_value(date(2012, 2, 29))) == date(2012, 2, 29)


def test_what_was_mistyped_is_shown_again():
    assert BuddhistDateField().widget.format_value("31/02/2567") == "31/02/2567"


def test_a_day_kept_as_an_answer_is_shown_as_people_write_it():
    assert BuddhistDateField().widget.format_value("2026-11-28") == "28/11/2569"
    assert BuddhistDateField().widget.format_value("2026-02-31") == "2026-02-31"


def test_an_empty_field_is_none_when_it_may_be():
    assert BuddhistDateField(required=False).clean("") is None
