"""Two made-up lists of children whose truth is known."""

import csv

import pytest

from khet.web.bench.made_up_lists import write_lists


@pytest.fixture(scope="session")
def lists(tmp_path_factory):
    """(folder with register.csv and enrolment.csv, {(number, reference)} of the children in both)."""
    folder = tmp_path_factory.mktemp("lists")
    return folder, write_lists(folder, register=1_500, enrolment=1_350, seed=11)


@pytest.fixture
def written(tmp_path):
    """Writes rows as a csv file: written("a.csv", header, rows) gives its path."""

    def write(name, header, rows):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return tmp_path / name

    return write
