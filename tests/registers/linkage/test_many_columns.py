"""Lists with so many columns that a pattern of agreement has more digits than a machine's integer."""

import csv
import random

from khet.registers.linkage.engine.linking import link


def test_lists_with_thirty_columns_are_matched(tmp_path):
    draw = random.Random(5)
    names = ["school", "sex", "age", *(f"answer_{n}" for n in range(27))]
    people = [
        ["GP", draw.choice("FM"), str(draw.randint(15, 20)), *(str(draw.randint(1, 5)) for _ in range(27))]
        for _ in range(120)
    ]
    for name, rows in (("left.csv", people[:80]), ("right.csv", people[40:])):
        with (tmp_path / name).open("w", newline="") as file:
            csv.writer(file).writerows([names, *rows])
    linked = link(tmp_path / "left.csv", tmp_path / "right.csv")
    assert 0 < linked.count() <= 80
