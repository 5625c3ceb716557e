"""Forms under which writings of one value meet."""

import pytest

from khet.kit.thai import latin_sound, skeleton, sound
from khet.registers.linkage.engine import forms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ณัฐพงษ์", "นัฐพง"),
        ("ณัฏฐพงศ์", "นัฐพงษ์"),
        ("วรรณา", "วันนา"),
        ("ศิริพร", "สิริพร"),
        ("ทรัพย์ทวี", "ทรัพทวี"),
        ("ใจดี", "ไจดี"),
        ("น้ำฝน", "นำฝน"),
    ],
)
def test_spellings_of_one_name_share_their_loose_form(one, other):
    assert forms.name_forms(one)[1] == forms.name_forms(other)[1]
    assert forms.name_forms(one)[0] != forms.name_forms(other)[0]


def test_spelling_variants_meet_letter_by_letter():
    assert sound("ณัฐพงษ์") == sound("นัฐพงศ์") == sound("นัฐพง")
    assert sound("วรรณา") == sound("วันนา")
    assert sound("สมชาย") != sound("สมชัย")


def test_a_prefix_or_an_unseen_character_changes_nothing():
    assert forms.name_forms("ด.ช.สม\u200bชาย") == forms.name_forms("เด็กชาย สมชาย") == forms.name_forms("สมชาย")


@pytest.mark.parametrize("text", ["-", "ไม่ทราบ", "ไม่ปรากฏนามสกุล", "ด.ช.", "unknown", "", "N/A", "123"])
def test_a_placeholder_is_no_name(text):
    assert forms.name_forms(text) is None


def test_each_thai_letter_takes_one_byte():
    _plain, loose, key, _skeleton = forms.name_forms("ปาณิสรา")
    assert len(loose.encode()) == len("ปาณิสรา") and key.isascii()


@pytest.mark.parametrize(
    ("thai", "latin"), [("สมชาย", "Somchai"), ("ธนกฤต", "Thanakrit"), ("ศิริพร", "Siriporn"), ("กมล", "Kamol")]
)
def test_a_transliteration_has_nearly_the_same_skeleton(thai, latin):
    from rapidfuzz.distance import JaroWinkler

    assert JaroWinkler.similarity(skeleton(thai), skeleton(latin)) >= 0.85


def test_like_sounding_latin_names_share_a_key():
    assert latin_sound("Philip") == latin_sound("Filip")
    assert latin_sound("Smith") == latin_sound("Smyth")
    assert latin_sound("Clark") == latin_sound("Clarke")
    assert latin_sound("Martin") != latin_sound("Morgan")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1971-06-24", (1971, 6, 24)),
        ("24/06/2514", (1971, 6, 24)),
        ("24/6/1971", (1971, 6, 24)),
        ("๒๔ มิ.ย. ๒๕๑๔", (1971, 6, 24)),
        ("19710624", (1971, 6, 24)),
        ("24062514", (1971, 6, 24)),
        ("1971-06-24 00:00:00", (1971, 6, 24)),
        ("24 June 1971", (1971, 6, 24)),
        ("00/00/2555", (2012, None, None)),
        ("2555", (2012, None, None)),
        ("05/2555", (2012, 5, None)),
    ],
)
def test_a_date_is_read_however_it_is_written(text, found):
    assert forms.date_form(text) == found


@pytest.mark.parametrize("text", ["", "-", "ไม่ทราบ", "12", "abc", "1/2/3/4"])
def test_what_holds_no_year_is_no_date(text):
    assert forms.date_form(text) is None


def test_a_column_tells_whether_it_writes_the_month_first():
    assert forms.writes_month_first(["01/31/2010", "12/24/2011", "05/06/2012"])
    assert not forms.writes_month_first(["31/01/2010", "24/12/2011", "05/06/2012"])
    assert forms.date_form("05/06/2012", month_first=True) == (2012, 5, 6)


@pytest.mark.parametrize("text", ["0000000000000", "-", "9999999999999", "", "12"])
def test_a_number_that_fills_the_field_is_no_id(text):
    assert forms.id_form(text) is None


def test_an_id_is_read_with_dashes_spaces_and_thai_digits():
    assert forms.id_form("9-9912-34567-89-0") == forms.id_form("๙๙๙๑๒๓๔๕๖๗๘๙๐") == "9991234567890"


def test_a_telephone_number_is_the_same_with_its_country_code():
    assert forms.phone_form("081-234-5678") == forms.phone_form("+66 81 234 5678") == forms.phone_form("0812345678")


def test_sql_and_python_give_plain_thai_names_the_same_forms():
    from pythainlp.corpus.common import thai_family_names, thai_female_names

    from khet.registers.linkage.engine import files, thai_names

    names = sorted(thai_family_names() | thai_female_names())
    database = files.open_database()
    database.execute("CREATE TABLE names AS SELECT unnest(?) AS raw", [names])
    rows = database.execute(thai_names.table("names", ["plain", "loose", "sound", "skel"])).fetchall()
    assert len(rows) > 0.98 * len(names)
    assert [row for row in rows if forms.name_forms(row[0], both_scripts=False) != row[1:]] == []


def test_a_name_that_needs_mending_takes_the_way_through_python():
    from khet.registers.linkage.engine import files, thai_names

    odd = ["เด็กชายสมชาย", "ด.ช.ก้อง", "นํ้าฝน", "สม ชาย", "Somchai", "เเก้ว", "ก", "กี่่", "ไม่มี1", "ไม่ทราบ", "บุตร"]
    database = files.open_database()
    database.execute("CREATE TABLE names AS SELECT unnest(?) AS raw", [odd])
    assert database.execute(f"SELECT raw FROM names WHERE {thai_names.is_plain('raw')}").fetchall() == []
