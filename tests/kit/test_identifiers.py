"""Numbers of persons and schools. All persons' numbers here are made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khet.kit.identifiers import check_digit, clean_person_id, clean_school_code, is_national_id, mask
from khet.kit.thai import thai_digits

TWELVE = st.text("0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize("number", ["1111111111119", "1234567890121", "9999999999994", "0000000000001"])
def test_numbers_of_the_domain_page_check(number):
    assert is_national_id(number)


@pytest.mark.parametrize("number", ["1111111111111", "111111111111", "11111111111190", "111111111111a", "¹" * 13, ""])
def test_other_numbers_do_not(number):
    assert not is_national_id(number)


@given(TWELVE)
def test_exactly_one_digit_completes_twelve(first):
    assert [digit for digit in range(10) if is_national_id(f"{first}{digit}")] == [check_digit(first)]


@given(TWELVE, st.integers(0, 11), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed_unless_its_weight_hides_it(first, place, step):
    whole = first + str(check_digit(first))
    wrong = whole[:place] + str((int(whole[place]) + step) % 10) + whole[place + 1 :]
    # What the rule cannot see: the third digit weighs 11, nothing modulo 11; remainders 0 and 10 share a digit.
    before, after = (sum(int(digit) * (13 - i) for i, digit in enumerate(one[:12])) % 11 for one in (whole, wrong))
    assert is_national_id(wrong) == (before == after or {before, after} == {0, 10})


@given(TWELVE.filter(lambda text: text[0] != "0"))
def test_a_number_survives_how_files_write_it(first):
    number = first + str(check_digit(first))
    dashed = f"{number[0]}-{number[1:5]}-{number[5:10]}-{number[10:12]}-{number[12]}"
    for cell in (number, dashed, f" {number}\u200b", f"'{number}", f"{number}.0", thai_digits(number)):
        assert clean_person_id(cell) == ("national_id", number)


def test_a_leading_zero_lost_by_a_spreadsheet_is_put_back_when_the_number_then_checks():
    lost = "12345678901" + str(check_digit("012345678901"))
    assert clean_person_id(lost) == ("national_id", "0" + lost)
    with pytest.raises(ValueError, match="this one 12"):
        clean_person_id(str(int(lost) + 1))


@pytest.mark.parametrize(
    ("cell", "words"),
    [("1.23457E+12", "shortened by the spreadsheet"), ("1111111111111", "last digit"), ("123456", "has 13 digits")],
)
def test_a_damaged_number_is_refused_and_never_guessed(cell, words):
    with pytest.raises(ValueError, match=words):
        clean_person_id(cell)


def test_other_identifiers():
    assert clean_person_id("g 123456789012") == ("gcode", "G123456789012")
    assert clean_person_id("AB1234567") == ("other", "AB1234567")
    assert clean_person_id(" - ") == ("", "") == clean_person_id("")


@given(TWELVE)
def test_a_masked_number_hides_nine_digits(first):
    shown = mask(first + str(check_digit(first)))
    assert shown.count("x") == 9
    assert first[1:10] not in shown.replace("-", "")


def test_masks_of_other_identifiers():
    assert mask("1234567890121") == "1-xxxx-xxxxx-12-1"
    assert mask("G123456789012") == "Gxxxxxxxxx012"
    assert mask("AB12") == "xxxx"


def test_school_codes():
    assert clean_school_code(" 57010001.0") == "57010001"
    assert clean_school_code("๕๗๐๑๐๐๐๑") == "57010001"
    assert clean_school_code("") == ""
    with pytest.raises(ValueError, match="8 digits"):
        clean_school_code("5701")
