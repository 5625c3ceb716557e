"""Files as they come: encodings, line ends, kinds told by content, and refusals that name a way out."""

import pytest

from khet.plan.reader import UnreadableDocument, from_text, load, load_bytes, read_plan

TEXT = "วิสัยทัศน์\nเด็กทุกคนได้เรียน\n\nพันธกิจ\n1. จัดที่เรียน\n2. ดูแลครู\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp874", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_text_is_read_in_every_encoding_offices_use(codec, line_end, tmp_path):
    path = tmp_path / "plan.txt"
    path.write_bytes(TEXT.replace("\n", line_end).encode(codec))
    plan = read_plan(path)
    assert plan["vision"] == "เด็กทุกคนได้เรียน"
    assert plan["missions"] == ["จัดที่เรียน", "ดูแลครู"]


def test_text_cut_inside_a_letter_is_still_utf8():
    assert "พันธกิจ" in load_bytes(TEXT.encode()[:-2], "plan.txt").text


def test_page_in_windows_874_is_read():
    page = f"<html><head><meta charset='windows-874'></head><body><p>{TEXT.replace(chr(10), '<br>')}</p></body></html>"
    assert load_bytes(page.encode("cp874"), "plan.htm").kind == "html"
    assert "จัดที่เรียน" in load_bytes(page.encode("cp874"), "plan.htm").text


def test_lines_are_numbered_as_an_editor_numbers_them():
    document = from_text("ก\n\nข\r\nค")
    assert [(line.number, line.text) for line in document.lines] == [(1, "ก"), (2, ""), (3, "ข"), (4, "ค")]


def test_kind_is_told_by_content_and_not_by_name():
    assert load_bytes(b"<!DOCTYPE html><html><body>x</body></html>", "plan.txt").kind == "html"
    assert load_bytes(TEXT.encode(), "plan.docx").kind == "txt"


def test_lines_may_be_given_instead_of_a_file():
    assert read_plan(TEXT.splitlines())["missions"] == ["จัดที่เรียน", "ดูแลครู"]


@pytest.mark.parametrize(
    ("content", "mend"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, ".docx"),
        (b"PK\x03\x04xl/workbook.xml", "Excel"),
        (b"PK\x03\x04something", "แตกไฟล์"),
        (b"{\\rtf1 x}", ".docx"),
        (b"\x89PNG\r\n", "ภาพ"),
        (bytes(range(256)) * 20, ".docx"),
    ],
)
def test_other_files_are_refused_with_a_way_out(content, mend):
    with pytest.raises(UnreadableDocument) as fault:
        load_bytes(content, "แผน.bin")
    assert "แผน.bin" in str(fault.value) and mend in str(fault.value)


def test_missing_file_and_folder_are_named(tmp_path):
    with pytest.raises(UnreadableDocument, match="no such file"):
        load(tmp_path / "none.txt", lang="en")
    with pytest.raises(UnreadableDocument, match="is a folder"):
        load(tmp_path, lang="en")


def test_file_too_large_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr("khet.plan.reader.document.LARGEST_FILE", 10)
    path = tmp_path / "plan.txt"
    path.write_text("x" * 11)
    with pytest.raises(UnreadableDocument, match="MB"):
        load(path)


def test_suggested_measure_stands_beside_its_indicator():
    plan = read_plan(["ตัวชี้วัด", "1. ครูผ่านเกณฑ์ ร้อยละ 80"], suggest=lambda one: "teachers" if "ครู" in one.text else None)
    assert plan["indicators"][0]["measure"] == "teachers"


def test_every_part_of_the_contract_is_there():
    plan = read_plan([*TEXT.splitlines(), "กลยุทธ์ที่ 1 อ่าน", "ตัวชี้วัด อ่านออก ร้อยละ 80"])
    assert list(plan) == ["vision", "values", "missions", "goals", "strategies", "indicators", "notices", "complete"]
    assert list(plan["strategies"][0]) == ["number", "title", "goals", "tactics", "indicators"]
    assert plan["strategies"][0]["indicators"] == [
        {
            "text": "อ่านออก ร้อยละ 80",
            "targets": [{"value": 80, "unit": "percent", "direction": "at_least", "year": None, "reference": None}],
            "measure": None,
        }
    ]
