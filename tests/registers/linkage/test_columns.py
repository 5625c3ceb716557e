"""Which column holds what: by name, by content, by a map."""

import csv

import pytest

from khet.registers.linkage.engine import columns, files


@pytest.fixture
def listed(tmp_path):
    """Loads rows as a csv file: listed(header, rows) gives (database, names)."""

    def make(header, rows):
        file = tmp_path / "list.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([header, *rows])
        database = files.open_database()
        return database, files.load(database, file, "l")

    return make


CHILDREN = [
    ["9990000000014", "เด็กชายสมชาย ใจดี", "01/02/2555", "0812345678", "a@example.org", "x"],
    ["9990000000022", "เด็กหญิงศิริพร มีสุข", "13/05/2556", "0898765432", "b@example.org", "y"],
    ["9990000000031", "เด็กชายธนกฤต แสงทอง", "24/12/2554", "0811112222", "c@example.org", "x"],
]


def test_columns_are_known_by_their_thai_names(listed):
    database, names = listed(["ลำดับ", "เลขประจำตัวประชาชน", "คำนำหน้าชื่อ", "ชื่อ", "นามสกุล", "วันเกิด", "ตำบล"],
                             [["1", "9990000000014", "ด.ช.", "สมชาย", "ใจดี", "1/2/2555", "บ้านใหม่"]])  # fmt: skip
    found = columns.roles(database, "l", names).described()
    assert found == {
        "id": ["ลำดับ"], "national_id": ["เลขประจำตัวประชาชน"], "prefix": ["คำนำหน้าชื่อ"], "first_name": ["ชื่อ"],
        "last_name": ["นามสกุล"], "birth_date": ["วันเกิด"], "subdistrict": ["ตำบล"],
    }  # fmt: skip


def test_columns_without_a_telling_name_are_known_by_what_stands_in_them(listed):
    database, names = listed(["a", "b", "c", "d", "e", "f"], CHILDREN)
    found = columns.roles(database, "l", names)
    assert [found.of.get(role) for role in ("national_id", "full_name", "birth_date", "phone", "email")] == [
        [0], [1], [2], [3], [4]
    ]  # fmt: skip
    assert list(found.other) == ["f"]


def test_a_column_that_tells_who_is_who_is_not_used(listed):
    database, names = listed(["first_name", "cluster", "ent_id"], [["a", "1", "1"], ["b", "1", "2"]])
    found = columns.roles(database, "l", names)
    assert found.left_out == ["cluster", "ent_id"] and not found.other


def test_an_id_that_repeats_is_not_taken_for_the_number_of_a_row(listed):
    database, names = listed(["id", "first_name"], [["1", "a"], ["1", "b"]])
    assert columns.roles(database, "l", names).first("id") is None


def _map(tmp_path, text, names):
    file = tmp_path / "map.yaml"
    file.write_text(text, encoding="utf-8")
    return columns.read_map(file, names)


def test_a_map_is_taken_at_its_word(tmp_path, listed):
    database, names = listed(["k", "n", "y", "m", "d", "p", "q", "z"], [["1", "a", "2555", "1", "2", "s", "t", "u"]])
    (wanted,) = _map(tmp_path, "id: k\nfirst_name: n\nbirth_date: [y, m, d]\naddress: [p, q]\n", [names])
    found = columns.roles(database, "l", names, wanted)
    assert found.of == {
        "id": [0], "first_name": [1], "birth_year": [2], "birth_month": [3], "birth_day": [4], "address": [5, 6]
    }  # fmt: skip
    assert not found.other


def test_a_map_may_differ_for_the_two_lists(tmp_path):
    maps = _map(tmp_path, "left: {first_name: a}\nright: {first_name: b}\n", [["a"], ["b"]])
    assert maps == [{"first_name": "a"}, {"first_name": "b"}]


def test_all_faults_of_a_map_are_told_at_once(tmp_path):
    with pytest.raises(columns.BadMap) as caught:
        _map(tmp_path, "frist_name: a\nlast_name: nowhere\n", [["a", "b"]])
    assert "'frist_name' is no key of a map" in str(caught.value)
    assert "last_name: the left list has no column 'nowhere'; it has: a, b." in str(caught.value)
