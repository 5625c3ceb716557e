"""Files as tables: separators, encodings, workbooks, odd cells."""

import numpy as np
import pytest

from khet.insight.earlywarning.evaluating import EvaluationError, read_table
from khet.insight.earlywarning.evaluating.numbers import day, number
from tests.insight.earlywarning.tables import HEADER, pupils, write


@pytest.fixture
def rows():
    return pupils(40)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_usual_separator_is_found(tmp_path, rows, separator):
    table = read_table(write(tmp_path / "a.csv", rows, separator=separator))
    assert [column.name for column in table.columns] == HEADER
    assert len(table) == 40


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
def test_any_usual_encoding_is_read(tmp_path, rows, encoding):
    table = read_table(write(tmp_path / "a.csv", rows, encoding=encoding))
    assert set(table.find("ศาสนา").levels) == {"พุทธ", "อิสลาม"}


def test_a_gzipped_file_is_read(tmp_path, rows):
    assert len(read_table(write(tmp_path / "a.csv.gz", rows, zipped=True))) == 40


def test_a_workbook_is_read_by_its_longest_sheet(tmp_path, rows):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("notes").write(0, 0, "a note")
        sheet = book.add_worksheet("pupils")
        for place, row in enumerate([HEADER, *rows]):
            sheet.write_row(place, 0, row)
    table = read_table(tmp_path / "a.xlsx")
    assert len(table) == 40
    assert any("'pupils', the longest" in notice for notice in table.notices)
    assert set(table.find("year").levels) == {"2564", "2565", "2566", "2567"}


def test_a_parquet_file_is_read(tmp_path, rows):
    import pyarrow as pa
    import pyarrow.parquet as parquet

    columns = [pa.array([str(row[place]) for row in rows]) for place in range(len(HEADER))]
    parquet.write_table(pa.table(columns, names=HEADER), tmp_path / "a.parquet")
    assert read_table(tmp_path / "a.parquet").find("gpa").numbers is not None


def test_rows_of_another_width_are_kept_and_counted(tmp_path):
    (tmp_path / "a.csv").write_text("a,b,c\n1,2,3\n4,5\n6,7,8,9\n")
    table = read_table(tmp_path / "a.csv")
    assert len(table) == 3
    assert table.notices == ["2 rows have more or fewer cells than the header; what lacked was taken as empty."]


def test_marks_for_nothing_are_empty_and_numbers_stay_numbers(tmp_path):
    (tmp_path / "a.csv").write_text("gpa;absent\n3,5;๑๒\nไม่ระบุ;1,200\n-;4\n2.25;N/A\n", encoding="utf-8")
    table = read_table(tmp_path / "a.csv")
    np.testing.assert_array_equal(table.find("gpa").numbers, [3.5, np.nan, np.nan, 2.25])
    np.testing.assert_array_equal(table.find("absent").numbers, [12, 1200, 4, np.nan])


def test_headers_that_repeat_or_are_blank_get_names_of_their_own(tmp_path):
    (tmp_path / "a.csv").write_text("grade,grade,\n1,2,3\n")
    assert [column.name for column in read_table(tmp_path / "a.csv").columns] == ["grade", "grade (2)", "column 3"]


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"\x1f\x8bnot gzip", b"PAR1 not parquet"])
def test_a_file_that_holds_no_table_is_refused_by_name(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(EvaluationError, match=r"a\.csv"):
        read_table(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("-3.5", -3.5), ("1,234.5", 1234.5), ("12,5", 12.5), ("45%", 45), ("๓.๗๕", 3.75), ("1e3", 1000),
     ("1e308", None), ("ป.1", None), ("12-13", None), ("", None)],
)  # fmt: skip
def test_cells_as_numbers(text, value):
    assert number(text) == value


def test_days_in_both_eras_are_the_same_day():
    assert day("13/05/2567") == day("2024-05-13") == day("13.5.2024")
    assert day("31/02/2567") is None
