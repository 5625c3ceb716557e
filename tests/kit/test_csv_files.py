"""Csv files that no spreadsheet runs."""

import pytest

from khet.kit.csv_files import csv_text, harmless


@pytest.mark.parametrize("text", ["=1+1", "+66", "-1", "@sum", "\tx", "\rx"])
def test_a_cell_that_begins_like_a_formula_is_text(text):
    assert harmless(text) == f"'{text}"


def test_numbers_stay_numbers_and_nothing_is_empty():
    assert [harmless(cell) for cell in (-5, 2.5, None, "ข้อความ", "")] == [-5, 2.5, "", "ข้อความ", ""]


def test_a_file_bears_the_mark_of_its_encoding():
    assert csv_text([["ชื่อ", "n"], ["=x", -1]]) == "\ufeffชื่อ,n\r\n'=x,-1\r\n"
