"""Lists are read whatever kind of file they are."""

import gzip

import pytest

from khet.registers.linkage.engine import files

HEADER, ROWS = ["ชื่อ", "นามสกุล"], [["สมชาย", "ใจดี"], ["ศิริพร", "มีสุข, ยิ่งนัก"]]
TEXT = 'ชื่อ,นามสกุล\nสมชาย,ใจดี\nศิริพร,"มีสุข, ยิ่งนัก"\n'


def _read(file):
    database = files.open_database()
    names = files.load(database, file, "l")
    return names, [list(row[1:]) for row in database.execute("SELECT * FROM l ORDER BY n").fetchall()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", TEXT.encode()),
        ("a.csv", TEXT.encode("utf-8-sig")),
        ("a.csv", TEXT.encode("cp874")),
        ("a.csv", TEXT.encode("utf-16")),
        ("a.csv.gz", gzip.compress(TEXT.encode(), mtime=0)),
        ("a.csv.gz", gzip.compress(TEXT.encode("cp874"), mtime=0)),
        ("a.tsv", TEXT.replace(',"', '\t"').replace("ชื่อ,", "ชื่อ\t").replace("ย,ใ", "ย\tใ").encode()),
    ],
)
def test_text_is_read_in_every_encoding_and_packing(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert _read(tmp_path / name) == (HEADER, ROWS)


def test_a_spreadsheet_is_read_below_its_heading(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["รายงาน ณ วันนี้"])
        for place, row in enumerate([HEADER, *ROWS], start=1):
            sheet.write_row(place, 0, row)
    assert _read(tmp_path / "a.xlsx") == (HEADER, ROWS)


def test_parquet_is_read_packed_or_not(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(dict(zip(HEADER, zip(*ROWS, strict=True), strict=True))), tmp_path / "a.parquet")
    (tmp_path / "b.parquet.gz").write_bytes(gzip.compress((tmp_path / "a.parquet").read_bytes()))
    assert _read(tmp_path / "a.parquet") == _read(tmp_path / "b.parquet.gz") == (HEADER, ROWS)


def test_names_of_columns_lose_their_spaces_and_stay_apart(tmp_path):
    (tmp_path / "a.csv").write_text(" name, name,\na,b,c\n")
    assert _read(tmp_path / "a.csv")[0] == ["name", "name (2)", "column 3"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.pdf", b"x", "a list is a csv"), ("a.csv", b"", "the file is empty"), ("a.xlsx", b"no book", "Save it again")],
)
def test_what_is_no_list_is_refused_with_a_way_to_mend_it(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(files.UnreadableList, match=words):
        _read(tmp_path / name)
