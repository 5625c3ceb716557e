"""Benchmarks of `khet link`: how right it is on lists whose truth is known, and how fast at three sizes."""

import csv
import os
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from khet.registers.linkage.engine import files
from khet.registers.linkage.engine.linking import link
from khet.web.bench.measure import Figure

FOLDER = "KHET_BENCH_DATA"  # where the truth sets lie, which are not shipped


@dataclass(frozen=True)
class TruthSet:
    """A list with doubles and, in each row, who it is."""

    name: str
    file: str
    person: Callable[[dict], str]


TRUTH_SETS = [
    TruthSet("fake_1000", "linkage/fake_1000.csv", lambda row: row["cluster"]),
    TruthSet("RLdata500", "linkage/RLdata500.csv", lambda row: row["ent_id"]),
    *(
        TruthSet(f"febrl {n}", f"linkage/febrl_dataset{n}.csv.gz", lambda row: row["rec_id"].split("-")[1])
        for n in (1, 2, 3)
    ),
    TruthSet("historical 50k", "linkage/historical_figures_50k.parquet", lambda row: row["cluster"]),
]


def data() -> Path:
    """The folder of the truth sets: of KHET_BENCH_DATA, else beside the checkout."""
    return Path(os.environ.get(FOLDER, Path(__file__).resolve().parents[4] / "shared" / "data"))


@dataclass(frozen=True)
class Score:
    """Of pairs found, how many are right (precision); of pairs there are, how many were found (recall)."""

    found: int
    right: int
    there: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.there) if self.found + self.there else 0.0

    def __str__(self):
        return f"precision {self.precision:.4f} recall {self.recall:.4f}"


def people_of(truth: TruthSet, file: Path) -> dict[int, str]:
    """{row number: who it is}."""
    database = files.open_database()
    names = files.load(database, file, "rows")
    rows = database.execute("SELECT * FROM rows").fetchall()
    return {number: truth.person(dict(zip(names, cells, strict=True))) for number, *cells in rows}


def score(pairs, who: dict[int, str]) -> Score:
    """How pairs of row numbers of one list compare with the truth."""
    there = sum(n * (n - 1) // 2 for n in Counter(who.values()).values())
    pairs = list(pairs)
    return Score(len(pairs), sum(who[a] == who[b] for a, b in pairs), there)


def accuracy(folder: Path) -> list[Figure]:
    """F1 on every truth set and on the made-up lists, by one configuration, beside Splink's own defaults."""
    figures = []
    for truth in TRUTH_SETS:
        file = data() / truth.file
        if not file.exists():
            figures.append(Figure(truth.name, 0, "F1", note=f"not there: put {truth.file} into ${FOLDER}"))
            continue
        figures += _beside_the_peer(truth, file)
    return figures + _same_pupils() + _made_up(folder)


def _beside_the_peer(truth: TruthSet, file: Path) -> list[Figure]:
    who = people_of(truth, file)
    ours = score(((a, b) for a, b, _p in link(file).rows()), who)
    figures = [Figure(truth.name, ours.f1, "F1", note=str(ours))]
    try:
        from khet.web.bench import splink_peer

        peer = score(splink_peer.match(file), who)
    except ImportError:
        return [*figures, Figure(f"{truth.name}: Splink", 0, "F1", note="not installed: `make bench` installs it")]
    figures.append(Figure(f"{truth.name}: Splink's defaults", peer.f1, "F1", note=str(peer)))
    return [*figures, Figure(f"{truth.name}: Khet / Splink", ours.f1 / peer.f1, "times", 1.0, least=True)]


def _same_pupils() -> list[Figure]:
    """The two classes of UCI's students without an ID: 382 of them are in both by the attributes of its description."""
    left, right = (data() / f"students/uci_student_{name}.csv" for name in ("mat", "por"))
    if not left.exists():
        return [Figure("UCI students", 0, "F1", note=f"not there: put {left.name} into ${FOLDER}/students")]
    shared = (
        "school sex age address famsize Pstatus Medu Fedu Mjob Fjob reason nursery internet".split()  # noqa: SIM905
    )
    keys = []
    for file in (left, right):
        rows = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
        keys.append([tuple(row[name] for name in shared) for row in rows])
    pairs = [(a, b) for a, b, _p in link(left, right).rows()]
    there = sum(n * Counter(keys[1])[key] for key, n in Counter(keys[0]).items())
    found = Score(len(pairs), sum(keys[0][a - 1] == keys[1][b - 1] for a, b in pairs), there)
    return [Figure("UCI students in two classes", found.f1, "F1", note=str(found))]


def _made_up(folder: Path) -> list[Figure]:
    from khet.web.bench.made_up_lists import write_lists

    truth = write_lists(folder / "area", register=30_000, enrolment=27_000, seed=1)
    linked = link(folder / "area" / "register.csv", folder / "area" / "enrolment.csv")
    found = {(a, b) for a, b, _probability, _reasons in linked.pairs()}
    ours = Score(len(found), len(found & truth), len(truth))
    return [
        Figure("made-up Thai lists: recall", ours.recall, "", 0.99, least=True, note=str(ours)),
        Figure("made-up Thai lists: precision", ours.precision, "", 0.995, least=True),
    ]


def write_area(folder: Path) -> None:
    from khet.web.bench.made_up_lists import write_lists

    write_lists(folder, register=30_000, enrolment=27_000, seed=1)


def write_people(children: int):
    """A benchmark's preparation: lists of so many children."""

    def write(folder: Path) -> None:
        from khet.web.bench.made_up_nation import write_nation

        write_nation(folder, children)

    return write


def area(folder: Path) -> list[Figure]:
    began = time.perf_counter()
    linked = link(folder / "register.csv", folder / "enrolment.csv")
    return [
        Figure(
            "register 30,000 × enrolment 27,000",
            time.perf_counter() - began,
            "s",
            5.0,
            note=f"{linked.count():,} pairs",
        )
    ]


def large(limit: float):
    """A benchmark's run: two large lists into a file of pairs, as `khet link --out` does."""

    def run(folder: Path) -> list[Figure]:
        began = time.perf_counter()
        linked = link(folder / "register.parquet", folder / "enrolment.parquet", mapping=_map(folder))
        linked.write(folder / "pairs.csv")
        took = time.perf_counter() - began
        rows, others = linked.counts
        right = sum(1 for line in (folder / "pairs.csv").open(encoding="utf-8") if re.match(r"(\d+),\1,", line))
        note = f"{linked.count():,} pairs, {right / max(linked.count(), 1):.5f} right"
        return [Figure(f"register {rows:,} × enrolment {others:,}", took, "s", limit, note=note)]

    return run


def _map(folder: Path) -> Path:
    names = "national_id first_name last_name sex birth_date"
    lines = "".join(f"  {name}: {name}\n" for name in names.split())
    lines += "  address: [house, village, subdistrict, district, province]\n"
    file = folder / "map.yaml"
    file.write_text(f"left:\n  id: register_no\n{lines}right:\n  id: enrolment_no\n{lines}", encoding="utf-8")
    return file
