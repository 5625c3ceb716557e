"""Dates, numbers and ages in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from khet.core.ui import formats
from khet.kit.periods import Period


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1234, "1,234"), (10**9, "1,000,000,000"), (1234.5, "1,234.5"), (0, "0"), (-0.001, "0"), (-2.5, "−2.5"),
        (0.125, "0.13"), (2.675, "2.68"), (Decimal("99.995"), "100"), ("12.30", "12.3"),
        (None, "–"), ("", "–"), (float("nan"), "–"),
    ],
)  # fmt: skip
def test_a_number_is_grouped_rounded_half_up_and_never_zero_when_missing(value, written):
    assert formats.number(value) == written


def test_asked_decimals_are_kept_even_when_they_are_zero():
    assert formats.number(3, 2) == "3.00"
    assert formats.number("1234.005", 2) == "1,234.01"


def test_percent_and_units_vanish_with_the_value():
    assert formats.percent(92.44) == "92.4%"
    assert formats.percent(None) == "–"
    assert formats.with_unit(85, "%") == "85%"
    assert formats.with_unit(14, "คน") == "14 คน"
    assert formats.with_unit(None, "คน") == "–"


def test_dates_carry_the_buddhist_year_in_both_languages(thai):
    day = date(2024, 5, 19)
    assert formats.be_date(day) == "19 พ.ค. 2567"
    assert formats.be_date(day, "long") == "19 พฤษภาคม 2567"
    with translation.override("en"):
        assert formats.be_date(day) == "19 May 2024 (2567)"
        assert formats.be_date(day, "long") == "19 May 2024 (2567)"
        assert formats.be_date("2024-02-29", "long") == "29 February 2024 (2567)"
    assert formats.be_date(None) == "–"


def test_a_moment_is_told_in_the_offices_time(thai):
    late_in_london = datetime(2024, 5, 19, 18, 5, tzinfo=UTC)
    assert formats.be_date(late_in_london) == "20 พ.ค. 2567"
    assert formats.be_datetime(late_in_london) == "20 พ.ค. 2567 01:05 น."
    with translation.override("en"):
        assert formats.be_datetime(late_in_london) == "20 May 2024 (2567) 01:05"


def test_a_period_is_named_from_itself_or_its_code(thai):
    assert formats.period("AY2024") == "ปีการศึกษา 2567"
    assert formats.period(Period.parse("FY2025"), "short") == "ปีงบ 2568"
    assert formats.period(None) == "–"
    with translation.override("en"):
        assert formats.period("AY2024T1") == "semester 1/2567"


@pytest.mark.parametrize(
    ("days", "written"),
    [
        (0, "Data from today"), (1, "Data from yesterday"), (2, "Data from 2 days ago"), (59, "Data from 59 days ago"),
        (61, "Data from 2 months ago"), (300, "Data from 10 months ago"), (729, "Data from 24 months ago"),
        (731, "Data from 2 years ago"),
    ],
)  # fmt: skip
def test_ages_are_said_in_words_without_singular_traps(english, days, written):
    assert formats.age_of(timezone.now() - timedelta(days=days)) == written


def test_the_age_of_nothing_says_that_there_is_no_data(thai):
    assert formats.age_of(None) == "ยังไม่มีข้อมูล"
    assert formats.age(None) == ""
    assert formats.age_of(timezone.localdate() - timedelta(days=3)) == "ข้อมูลเมื่อ 3 วันก่อน"


def test_a_date_to_come_counts_as_today(english):
    assert formats.age(timezone.localdate() + timedelta(days=2)) == "today"


def test_an_office_is_abbreviated_as_in_letters():
    assert formats.short_office("สำนักงานเขตพื้นที่การศึกษาประถมศึกษาสมมติ เขต 1") == "สพป.สมมติ เขต 1"
    assert formats.short_office("สำนักงานเขตพื้นที่การศึกษามัธยมศึกษาสมมติ") == "สพม.สมมติ"
    assert formats.short_office("กระทรวงสมมติ") == "กระทรวงสมมติ"


def test_file_sizes():
    assert [formats.file_size(n) for n in (None, 1, 12_400, 3_400_000)] == ["–", "1 kB", "12 kB", "3.4 MB"]
