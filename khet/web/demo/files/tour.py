"""The file that the written tour loads by hand: late reports on active learning, two of whose rows are wrong."""

from collections.abc import Iterator
from pathlib import Path

from khet.web.demo.files.tables import write_csv
from khet.web.demo.vocabulary import headers
from khet.web.demo.world import World
from khet.web.demo.world.figures import academic, is_late

UNKNOWN_SCHOOL = "99019998"


def write_tour(world: World, folder: Path) -> Path:
    """Not among the files that are loaded when the demo is filled."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_csv(folder / "late_reports_active_learning.csv", _rows(world))


def _rows(world: World) -> Iterator[list]:
    measures, year = ["active_learning_reported", "active_learning_schools"], academic(world.years[-1])
    yield [*headers()["values"]["wide"], *measures]
    known = {(f.org, f.measure): f.value for f in world.figures["learning"] if f.period == year}
    late = [school.code for school in world.schools if is_late(school)]
    improved = [s.code for s in world.schools if known.get((s.code, measures[1])) == 0][:3]
    for code in [*late, *improved]:
        yield [code, year, 1, 1]
    yield [UNKNOWN_SCHOOL, year, 1, 1]
    yield [world.schools[0].code, year, 1, headers()["values"]["no_number"]]
