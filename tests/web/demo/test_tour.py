"""The written tour speaks of what is there."""

import csv
from pathlib import Path

from khet.web.demo.accounts import ACCOUNTS, PASSWORD
from khet.web.demo.files.tour import UNKNOWN_SCHOOL, write_tour
from khet.web.demo.world.faults import KINDS
from khet.web.demo.world.figures import is_late

TOUR = (Path(__file__).resolve().parents[3] / "docs" / "guides" / "tour.md").read_text(encoding="utf-8")


def test_the_tour_has_ten_steps_and_names_accounts_password_and_file():
    assert [f"\n## {number}. " in TOUR for number in range(1, 11)] == [True] * 10
    assert PASSWORD in TOUR
    assert {"director", "promoter", "planner", "school", "admin"} <= {
        a.username for a in ACCOUNTS if f"**{a.username}**" in TOUR
    }


def test_the_tour_lists_every_planted_fault():
    assert [kind for kind in KINDS if f"`{kind}`" not in TOUR] == []


def test_the_file_of_the_tour_brings_late_schools_and_two_faults(world, tmp_path):
    path = write_tour(world, tmp_path)
    assert path.name in TOUR
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))[1:]
    codes = [row[0] for row in rows]
    assert {school.code for school in world.schools if is_late(school)} <= set(codes)
    assert codes.count(UNKNOWN_SCHOOL) == 1
    assert sum(not row[3].isdigit() for row in rows) == 1
