"""Thai letters: what is seen, what is compared, what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khet.plan.reader.letters import bones, mended, skeleton, tidy, toneless, visible, width


@pytest.mark.parametrize(
    "written",
    [
        "เป้าประสงค์",
        "เปาประสงค",
        "เป้ำประสงค์",
        "เป้ า ประสงค์",
        "เป้าประสงค์\u200b",
        "เ ป ้า ป ร ะ ส ง ค ์",
        "เป\uf70bาประสงค\uf70e",
    ],
)
def test_spellings_of_one_heading_meet_in_their_bones(written):
    assert skeleton(visible(written)) == skeleton("เป้าประสงค์")


def test_rest_behind_a_phrase_keeps_its_letters():
    found = bones("วิสัยทัศน์ (Vision) ของเรา")
    assert found.rest(len(skeleton("วิสัยทัศน์"))) == " (Vision) ของเรา"


def test_two_sara_e_typed_for_one_sara_ae_keep_places():
    assert bones("เเผนงาน").rest(len("แผน")) == "งาน"


def test_short_words_keep_their_vowels():
    assert toneless("สู่") != toneless("ส")
    assert toneless("ให้") == toneless("ให")


def test_visible_text_has_no_hidden_characters():
    assert visible("ก\u200bข\u00a0ค\ufeff\x07") == "กข ค"


@pytest.mark.parametrize(
    ("damaged", "meant"),
    [
        ("สํานักงาน", "สำนักงาน"),
        ("ส านักงาน", "สำนักงาน"),
        ("เหลื่อมล้ ำ", "เหลื่อมล้ำ"),
        ("กำรศึกษำขั้นพื้นฐำน", "การศึกษาขั้นพื้นฐาน"),
        ("สำนักงำนทำงำนเร็ว", "สำนักงานทำงานเร็ว"),
        ("ข้ันพ้ืนฐาน", "ขั้นพื้นฐาน"),
        ("ได้้รับ", "ได้รับ"),
        ("ทำงานประจำ", "ทำงานประจำ"),
    ],
)
def test_damage_of_known_kinds_is_mended(damaged, meant):
    assert mended(damaged) == meant


def test_width_counts_no_marks():
    assert width("ที่นี่") == 2


@given(st.text())
def test_any_text_has_bones_whose_places_lie_in_it(text):
    found = bones(text)
    assert len(found.letters) == len(found.ends)
    assert all(0 < end <= len(text) for end in found.ends) and list(found.ends) == sorted(found.ends)


@given(st.text())
def test_tidying_twice_changes_nothing_more(text):
    assert tidy(tidy(text)) == tidy(text)
    assert visible(visible(text)) == visible(text)
