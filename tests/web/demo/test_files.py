"""The files are read back with nothing of the demo's own code, and counted against what is true."""

import csv
import hashlib
import itertools
import json
import resource
from collections import Counter
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from khet.kit.identifiers import clean_person_id
from khet.kit.periods import parse_date
from khet.web.demo.files import write_files
from khet.web.demo.names import is_synthetic
from khet.web.demo.world import make_world
from tests.web.demo.conftest import TODAY

SEX = {"ช": "m", "ญ": "f"}


def read(path):
    if path.suffix == ".xlsx":
        return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    data = path.read_bytes()
    text = data.decode("utf-8-sig") if data.startswith(b"\xef\xbb\xbf") else data.decode("cp874")
    return list(csv.reader(text.splitlines()))


def test_the_same_world_is_written_to_the_same_bytes(world, folder, tmp_path):
    for path in write_files(world, tmp_path):
        if path.suffix not in (".xlsx", ".docx"):  # zip archives carry the clock
            assert _digest(path) == _digest(folder / path.name), path.name


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(("year", "number"), [(2024, 1), (2024, 2), (2024, 3), (2025, 1), (2025, 3), (2026, 1)])
def test_an_older_dmc_export_holds_the_roll_of_its_day(world, folder, year, number):
    title, header, *rows = read(folder / f"dmc_{year + 543}_{number}.csv")
    assert str(year + 543) in title[0]
    assert header[0] == "รหัสโรงเรียน" and header[3] == "ชั้น"
    counted = Counter((row[0], row[3], SEX[row[6]]) for row in rows)
    assert counted == world.truth[year].on_roll[number]


def test_dmc_exports_come_in_all_three_shapes(folder):
    plain = read(folder / "dmc_2567_1.csv")[1]
    with_prefixes = read(folder / "dmc_2568_1.csv")[1]
    newest = read(folder / "dmc_2569_2.xlsx")[1]
    assert len(plain) == len(newest) == 36 and len(with_prefixes) == 38
    assert plain[2] == "เลขประจำตัวประชาชน" and newest[2] == newest[5] == "เลขประจำตัวนักเรียน"
    assert plain[-1] == "ยังไม่สามารถจำหน่ายได้ (3.1.8)" and with_prefixes[-1] == "ยังไม่สามารถจำหน่ายได้(3.1.8)"


def test_the_flag_for_those_who_cannot_be_struck_off_stands_where_it_should(world, folder):
    rows = read(folder / "dmc_2568_3.csv")[2:]
    assert sum(row[-1] != "-" for row in rows) == world.truth[2025].hanging[3] > 0


def test_absences_are_all_written_and_add_up(world, folder):
    for year in world.years[:-1]:
        rows = read(folder / f"absences_{year + 543}.csv")[1:]
        assert len(rows) == world.truth[year].absences
        days = Counter()
        for row in rows:
            if row[7] != "มาสาย":
                days[row[0]] += 1.0 if row[6] == "เต็มวัน" else 0.5
        assert dict(days) == world.truth[year].absent_days


def test_results_are_all_written(world, folder):
    for year in world.marks:
        rows = read(folder / f"grade_results_{year + 543}.csv")[1:]
        failing = [row for row in rows if row[-1] in ("0", "ร", "มส", "มผ")]
        odd = [row for row in rows if row[-1] == "4.5"]
        assert len(rows) == world.truth[year].results
        assert abs(len(failing) - world.truth[year].failures) <= len(odd)


def test_the_enrolment_table_is_the_first_round(world, folder):
    rows = read(folder / "enrolment_by_grade_2568.csv")[1:]
    assert sum(int(row[2]) + int(row[3]) for row in rows) == world.truth[2025].pupils(1)
    combined = [row for row in rows if int(row[2]) + int(row[3]) and row[4] == "0"]
    assert combined  # small grades share a room and show none of their own


def test_enrolment_tables_reach_back_eight_years(folder):
    assert len(list(folder.glob("enrolment_by_grade_*.csv"))) == 8


def test_the_staff_table_counts_the_personnel_list(world, folder):
    people = read(folder / "personnel_2568.csv")[1:]
    table = read(folder / "staff_by_type_2568.csv")[1:]
    assert len(people) == sum(int(row[2]) + int(row[3]) for row in table) == world.truth[2025].staff.total()


def test_the_civil_registration_lists_children_with_their_state(world, folder):
    rows = read(folder / "civil_registration_2569.csv")[1:]
    states = Counter(row[-1] for row in rows)
    assert set(states) <= {"มีชีวิต", "เสียชีวิต", "ย้ายออก"}
    of_age = [row for row in rows if row[-1] == "มีชีวิต" and 7 <= 2026 - parse_date(row[5]).year <= 15]
    assert len(of_age) == world.truth[2026].residents


def test_national_results_end_with_area_and_nation(folder):
    for name in ("onet_p6_2568", "onet_m3_2567", "nt_p3_2566"):
        rows = read(folder / f"{name}.csv")
        assert [row[0] for row in rows[-2:]] == ["99010000", "00000000"]
        assert all(len(row[0]) == 8 for row in rows[1:])


def test_no_identifier_of_any_file_could_belong_to_someone(folder):
    """Thirteen digits that check, wherever they stand, lie in a range never issued."""
    seen = 0
    for path in folder.iterdir():
        if path.suffix in (".csv", ".xlsx"):
            for row in read(path):
                for cell in row:
                    try:
                        kind, value = clean_person_id(str(cell))
                    except ValueError:
                        continue
                    if kind in ("national_id", "gcode"):
                        seen += 1
                        assert is_synthetic(value), path.name
    assert seen > 5000


def test_maps_cover_the_area_and_name_the_schools(world, folder):
    features = {n: json.loads((folder / f"map_{n}.geojson").read_text())["features"] for n in ("schools", "clusters")}
    assert {f["properties"]["code"] for f in features["schools"]} == {s.code for s in world.schools}
    for feature in features["clusters"]:
        for polygon in _polygons(feature["geometry"]):
            assert polygon[0][0] == polygon[0][-1]
            assert len(polygon[0]) > 8
    inside = sum(
        any(_holds(p[0], f["geometry"]["coordinates"]) for c in features["clusters"] for p in _polygons(c["geometry"]))
        for f in features["schools"]
    )
    assert inside >= 0.95 * len(features["schools"])  # a roughened border may cut off one that lies close to it


def _polygons(geometry):
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


def _holds(ring, point):
    x, y, odd = *point, False
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            odd = not odd
    return odd


def test_cells_of_the_map_neither_gape_nor_overlap(folder):
    def area(name):
        features = json.loads((folder / f"map_{name}.geojson").read_text())["features"]
        return sum(_area(ring) for f in features for polygon in _polygons(f["geometry"]) for ring in polygon)

    whole = area("office")
    assert area("subdistricts") == pytest.approx(whole, rel=1e-4)
    assert area("clusters") == pytest.approx(whole, rel=1e-4)
    assert area("districts") == pytest.approx(whole, rel=1e-4)


def _area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def test_the_plan_is_written_for_five_years_with_its_six_strategies(folder):
    text = (folder / "plan.txt").read_text(encoding="utf-8")
    assert "2567 – 2571" in text
    assert [f"กลยุทธ์ที่ {n}" in text for n in range(1, 7)] == [True] * 6
    assert "{" not in text and "#" not in text


@pytest.mark.slow
def test_sixty_thousand_pupils_are_made_and_written_within_modest_memory(tmp_path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    world = make_world(pupils=60_000, today=TODAY)
    paths = write_files(world, tmp_path, rounds=(1,))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert 57_000 <= world.truth[world.years[-1]].pupils(1) <= 63_000
    assert sum(len(a) for a in world.absences.values()) > 700_000
    assert all(path.stat().st_size for path in paths)
    assert grown < 600 * 1024  # kB


def test_only_the_rounds_asked_for_are_written_and_always_the_latest(world, tmp_path):
    paths = write_files(world, tmp_path, rounds=(1,))
    names = sorted(path.name for path in paths if path.name.startswith("dmc"))
    assert names == ["dmc_2567_1.csv", "dmc_2568_1.csv", "dmc_2569_1.csv", "dmc_2569_2.xlsx"]
    assert date(2026, 11, 10) == world.rounds(2026)[2]
