"""Days offices work."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khet.core.calendar import add_working_days, holidays, is_working_day, working_days
from khet.core.catalogue import forget

days = st.dates(date(2020, 1, 1), date(2028, 12, 31))


def test_a_clock_steps_over_the_new_year_and_the_weekend():
    # Wednesday 30 December 2026; 31 December and 1 January are off, 2 and 3 January a weekend
    assert add_working_days(date(2026, 12, 30), 1) == date(2027, 1, 4)


def test_songkran_is_off_and_labour_day_is_worked():
    assert not is_working_day(date(2026, 4, 13))
    assert is_working_day(date(2026, 5, 1))


def test_a_holiday_that_falls_on_a_weekend_is_made_up_for():
    assert not is_working_day(date(2026, 12, 7))  # for Saturday 5 December


def test_names_are_there_in_both_languages():
    songkran = holidays(2026)[date(2026, 4, 13)]
    assert songkran.th == "วันสงกรานต์"
    assert "Songkran" in songkran.en


def test_an_office_adds_a_day_of_its_own(home):
    (home / "catalogue/common").mkdir(parents=True)
    (home / "catalogue/common/holidays.yaml").write_text(
        "id: holidays\nsource: order of the province\nworked: ['05-01']\n"
        "extra: [{day: 2026-11-30, title: {th: วันหยุดของจังหวัด, en: Provincial day}}]\nopen_on: [2026-04-15]\n"
    )
    forget()
    try:
        assert not is_working_day(date(2026, 11, 30))
        assert is_working_day(date(2026, 4, 15))
    finally:
        (home / "catalogue/common/holidays.yaml").unlink()
        forget()


@settings(deadline=None)  # the first year asked for loads a calendar
@given(days, st.integers(-40, 40))
def test_counting_and_adding_agree(day, count):
    assert working_days(day, add_working_days(day, count)) == count or (not is_working_day(day) and count < 0)


@settings(deadline=None)  # the first year asked for loads a calendar
@given(days, days)
def test_the_way_back_is_as_long(first, last):
    assert working_days(first, last) == -working_days(last, first)


@pytest.mark.parametrize("count", [1, 5, 15, 30])
def test_the_last_day_is_one_that_offices_work(count):
    assert is_working_day(add_working_days(date(2026, 4, 10), count))
