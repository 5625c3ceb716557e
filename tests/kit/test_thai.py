"""Thai text as typed, as pasted and as damaged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khet.kit.thai import (
    _mended,
    arabic_digits,
    fold,
    fold_loosely,
    name_key,
    name_words,
    sort_key,
    thai_digits,
    tidy,
    without_prefix,
)

THAI = st.text(
    st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B) | st.sampled_from(" \u200b\u00a0aB1."), max_size=30
)
SARA_AM, NIKHAHIT, SARA_AA, MAI_THO = "\u0e33", "\u0e4d", "\u0e32", "\u0e49"


@given(THAI)
def test_tidying_twice_changes_nothing_more(text):
    assert tidy(tidy(text)) == tidy(text)


@given(THAI | st.text(max_size=20))
def test_a_text_that_needs_no_mending_is_the_same_as_mended(text):
    assert tidy(text) == _mended(text)


@given(THAI)
def test_a_fold_survives_spaces_and_invisible_characters(text):
    assert fold("\u200b" + text.replace(" ", "\u00a0 ") + " ") == fold(text)
    assert fold_loosely(fold_loosely(text)) == fold_loosely(text)


@given(st.text("0123456789", max_size=12))
def test_digits_go_there_and_back(text):
    assert arabic_digits(thai_digits(text)) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("น" + MAI_THO + NIKHAHIT + SARA_AA, "น" + MAI_THO + SARA_AM),
        ("น" + NIKHAHIT + MAI_THO + SARA_AA, "น" + MAI_THO + SARA_AM),
        ("ท" + NIKHAHIT + SARA_AA, "ท" + SARA_AM),
        ("ท\u0e48\u0e35", "ท\u0e35\u0e48"),  # ท่ี
        ("ท\u0e35\u0e48\u0e48", "ท\u0e35\u0e48"),  # ที่่
        ("เเม่น้ำ", "แม่น้ำ"),
        ("บ้าน\u200bป่า\ufeff", "บ้านป่า"),
        ("  บ้าน \u00a0 ป่า\n", "บ้าน ป่า"),
        ("บ้าน\u2028ป่า", "บ้าน ป่า"),
    ],
)
def test_what_looks_the_same_becomes_the_same(typed, meant):
    assert tidy(typed) == meant


def test_folding_meets_other_spellings_and_keeps_different_names_apart():
    assert fold("บ้านห้วยน้ำ-ใส (๑)") == fold("บ้านห้วยน้ำใส 1")
    assert fold("บ้านป่า") != fold("บ้านปา")
    assert fold_loosely("บ้านป่า") == fold_loosely("บานปา")
    assert fold("ABC-12") == "abc12"


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("เด็กชายต้นกล้า", "ต้นกล้า"),
        ("ด.ญ. ใบบัว", "ใบบัว"),
        ("นางสาวดาว", "ดาว"),
        ("ว่าที่ร้อยตรีหญิง ฟ้า", "ฟ้า"),
        ("นายิกา", "นายิกา"),
        ("นาง", "นาง"),
        ("นาย", "นาย"),
        ("สมชาย", "สมชาย"),
    ],
)
def test_a_prefix_is_taken_off_and_a_name_is_left_whole(name, bare):
    assert without_prefix(name) == bare


def test_people_are_found_under_one_key_however_the_name_is_typed():
    assert name_key("ด.ช. ต้นกล้า", "ใจดี") == name_key("ตนกลา", " ใจดี ")
    assert name_key("ต้นกล้า", "ใจดี") != name_key("ต้นกล้า", "ใจงาม")


def test_a_whole_name_with_its_title_is_found():
    assert all(word in name_key("ต้นกล้า", "ใจดี") for word in name_words(" เด็กชายต้นกล้า  ใจดี "))
    assert name_words("เด็กชายต้นกล้า ใจดี") == ["ตนกลา", "ใจดี"]


def test_sorting_is_that_of_a_dictionary():
    in_order = ["กา", "เก", "เก่า", "ไก่", "ขา", "เขา", "แขก", "คน", "โคน", "งา"]
    assert sorted(reversed(in_order), key=sort_key) == in_order


@given(st.lists(st.text("กขคงเแโใไะาิีุู่้", min_size=1, max_size=5), max_size=8))
def test_sorting_agrees_with_a_second_version_on_vowels_and_consonants(words):
    """The other version walks letter by letter; tone marks decide only where all else is the same."""

    def slow(word):
        letters, tones, index = [], [], 0
        word = tidy(word)
        while index < len(word):
            if word[index] in "เแโใไ" and index + 1 < len(word) and "ก" <= word[index + 1] <= "ฮ":
                letters += [word[index + 1], word[index]]
                index += 2
                continue
            (tones if "็" <= word[index] <= "๎" else letters).append(word[index])
            index += 1
        return letters, tones

    assert sorted(words, key=sort_key) == sorted(words, key=slow)
