"""Benchmarks of the intake: a 30,000-pupil DMC export, first and again, beside django-import-export."""

import csv
import time
from datetime import date
from pathlib import Path

from khet.web.bench import peer
from khet.web.bench.measure import Figure

PUPILS, SCHOOLS = 30_000, 120


def write_exports(folder: Path) -> None:
    """The school register and one DMC round of a made-up office, as csv (windows-874) and as xlsx."""
    from khet.web.demo.files import dmc, schools
    from khet.web.demo.world.make import make_world

    folder.mkdir(parents=True, exist_ok=True)
    world = make_world(SCHOOLS, PUPILS, 1, seed=30, today=date(2025, 7, 1))
    schools.write_register(world, folder).rename(folder / "register.csv")
    workbook = dmc.write_round(world, folder, world.years[-1], max(world.rounds(world.years[-1])))
    workbook.rename(folder / "dmc.xlsx")
    _save_as_csv(folder / "dmc.xlsx", folder / "dmc.csv")


def _save_as_csv(workbook: Path, path: Path) -> None:
    """The first sheet as an office saves it: windows-874, what that cannot hold lost."""
    from python_calamine import load_workbook

    rows = load_workbook(workbook).get_sheet_by_index(0).to_python()
    with path.open("w", encoding="cp874", errors="replace", newline="") as file:
        csv.writer(file).writerows(rows)


def write_exports_and_register(folder: Path) -> None:
    write_exports(folder)
    load(folder / "register.csv")


def write_exports_and_load_once(folder: Path) -> None:
    write_exports_and_register(folder)
    load(folder / "dmc.csv")


def load(path: Path) -> dict:
    """Receive, check and commit a file as the command line does; returns its counts."""
    from khet.core.accounts.models import system_user
    from khet.registers.intake import services

    by = system_user()
    batch = services.receive(path, by=by, as_of=date(2025, 6, 10))
    batch = services.check(batch, by=by)
    if batch.state == services.State.CHECKED:
        batch = services.commit(batch, by=by)
    return batch.counts


def first_load(name: str, limit: float):
    """A benchmark's run: the file of that name into registers that hold only schools."""

    def run(folder: Path) -> list[Figure]:
        began = time.perf_counter()
        counts = load(folder / name)
        took = time.perf_counter() - began
        figures = [Figure(f"{name}: {counts['read']:,} rows", took, "s", limit, note=f"{counts['new']:,} new")]
        if name.endswith(".csv"):
            figures += _peer(folder / name, counts["read"] / took)
        return figures

    return run


def second_load(folder: Path) -> list[Figure]:
    began = time.perf_counter()
    counts = load(folder / "dmc.csv")
    took = time.perf_counter() - began
    return [Figure("dmc.csv again, unchanged", took, "s", 2.0, note=f"{counts.get('unchanged', 0):,} unchanged")]


def _peer(path: Path, our_rate: float) -> list[Figure]:
    if (rate := peer.rate(path)) is None:
        return [Figure("django-import-export", 0, "rows/s", note="not installed: `make bench` installs it")]
    return [
        Figure("Khet", our_rate, "rows/s"),
        Figure("django-import-export, the same tables", rate, "rows/s", note=f"{peer.ROWS:,} rows of the same file"),
        Figure("Khet / django-import-export", our_rate / rate, "times", 20.0, least=True),
    ]
