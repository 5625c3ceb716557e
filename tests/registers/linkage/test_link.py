"""`khet link`: the contract of its output, and how well it finds made-up children again."""

import csv
import json

from click.testing import CliRunner

from khet.registers.linkage.command import link as command
from khet.registers.linkage.engine import cascade, files, linking
from khet.registers.linkage.engine.columns import roles
from khet.registers.linkage.engine.linking import link
from khet.web.bench.made_up_lists import write_lists

HEADER = ["id", "first_name", "last_name", "birth_date"]


def _found(linked) -> set[tuple[str, str]]:
    return {(a, b) for a, b, _probability, _reasons in linked.pairs()}


def test_nearly_every_child_is_found_and_hardly_any_wrongly(lists):
    folder, truth = lists
    found = _found(link(folder / "register.csv", folder / "enrolment.csv"))
    right = len(found & truth)
    assert right / len(truth) >= 0.99
    assert right / len(found) >= 0.995


def test_no_row_has_two_partners_where_lists_are_free_of_doubles(lists):
    folder, _truth = lists
    found = _found(link(folder / "register.csv", folder / "enrolment.csv"))
    assert len({a for a, _b in found}) == len({b for _a, b in found}) == len(found)


def test_the_json_document_holds_what_the_contract_says(lists):
    folder, _truth = lists
    files = [str(folder / "register.csv"), str(folder / "enrolment.csv")]
    result = CliRunner().invoke(command, [*files, "--json"])
    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert set(document) == {"left", "right", "pairs", "unmatched_left"}
    assert (document["left"], document["right"]) == (1_500, 1_350)
    pair = document["pairs"][0]
    assert set(pair) == {"left", "right", "probability", "reasons"}
    assert 0.5 <= pair["probability"] <= 1 and all(isinstance(reason, str) for reason in pair["reasons"])
    matched = {pair["left"] for pair in document["pairs"]}
    assert matched | set(document["unmatched_left"]) == {str(n) for n in range(1, 1_501)}
    assert not matched & set(document["unmatched_left"])


def test_pairs_are_written_to_a_file(lists, tmp_path):
    folder, _truth = lists
    out = tmp_path / "pairs.csv"
    files = [str(folder / "register.csv"), str(folder / "enrolment.csv")]
    result = CliRunner().invoke(command, [*files, "--out", str(out)])
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert result.exit_code == 0 and f"{len(rows):,} pairs" in result.stdout
    assert list(rows[0]) == ["left", "right", "probability", "reasons"]


def test_a_higher_threshold_gives_fewer_pairs(lists):
    folder, _truth = lists
    files = folder / "register.csv", folder / "enrolment.csv"
    assert link(*files, threshold=0.9999).count() < link(*files).count()


def test_doubles_within_one_list_are_found(lists, written):
    folder, _truth = lists
    header, *rows = csv.reader((folder / "register.csv").read_text(encoding="utf-8").splitlines())
    rows = [[row[0], "", *row[2:]] for row in rows[:400]]
    rows += [["d1", *rows[5][1:4], rows[5][4][:-1], *rows[5][5:]], ["d2", *rows[9][1:]]]
    assert _found(link(written("one.csv", header, rows))) == {("6", "d1"), ("10", "d2")}


def test_rows_without_an_id_are_told_by_their_number(written):
    rows = [["สมชาย", "ใจดี", "01/02/2555"], ["ศิริพร", "มีสุข", "13/05/2556"], ["สมชาย", "ใจดี", "1 ก.พ. 2555"]]
    linked = link(written("one.csv", ["ชื่อ", "นามสกุล", "วันเกิด"], rows))
    assert _found(linked) == {("1", "3")}


def test_nothing_in_common_gives_no_pairs(written):
    left = written("a.csv", ["id", "first_name"], [["1", "a"]])
    right = written("b.csv", ["id", "colour"], [["1", "red"]])
    linked = link(left, right)
    assert linked.count() == 0 and linked.unmatched_count() == 1


def test_a_list_without_rows_gives_no_pairs(written):
    empty, one = written("a.csv", HEADER, []), written("b.csv", HEADER, [["1", "a", "b", "2010-01-01"]])
    assert link(empty, one).count() == link(one, empty).count() == link(empty).count() == 0


def test_a_wrong_map_is_wrong_use_and_says_what_to_write(written, tmp_path):
    file = written("a.csv", HEADER, [["1", "a", "b", "2010-01-01"]])
    (tmp_path / "map.yaml").write_text("first_name: nowhere\n")
    result = CliRunner().invoke(command, [str(file), "--map", str(tmp_path / "map.yaml")])
    assert result.exit_code == 2 and "has no column 'nowhere'" in result.stderr


def test_a_file_that_is_no_list_is_a_fault(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    result = CliRunner().invoke(command, [str(tmp_path / "a.csv")])
    assert result.exit_code == 1 and "the file is empty" in result.stderr


def test_who_stands_twice_in_a_very_long_list_is_still_found_twice(tmp_path, monkeypatch):
    """Of long lists only those matched rows are looked at again that an unmatched row may be, too."""
    truth = write_lists(tmp_path, register=1_500, enrolment=1_350, seed=4, twice=0.05)
    files = tmp_path / "register.csv", tmp_path / "enrolment.csv"
    whole = _found(link(*files))
    monkeypatch.setattr(linking, "LONG", 100)
    short = _found(link(*files))
    assert len(truth & short) >= 0.995 * len(truth & whole)
    assert len(short - truth) <= len(whole - truth) + 2


def test_a_brothers_id_is_no_double_and_the_same_child_again_is_one(written):
    database = files.open_database()
    header = ["national_id", "first_name", "last_name", "birth_date"]
    rows = [[str(1_100_000_000_000 + n), f"ชื่อ{n:03}", "ใจดี", f"{1 + n % 28:02}/01/2555"] for n in range(400)]
    brothers = [[id, f"น้อง{name}", "ใจดี", "02/09/2556"] for id, name, _last, _born in rows[:40]]
    again = [[id, name, "ใจร้าย", born] for id, name, _last, born in rows[:40]]
    shares = []
    for name, more in (("brothers", brothers), ("again", again)):
        names = files.load(database, written(f"{name}.csv", header, rows + more), name)
        shares.append(cascade.doubles(database, name, roles(database, name, names)))
    assert shares[0] == 0
    assert shares[1] > linking.DOUBLED
