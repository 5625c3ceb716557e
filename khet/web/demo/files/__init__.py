"""A world written down as the files a real office would have."""

from collections.abc import Callable, Iterator
from pathlib import Path

from khet.web.demo.files import dmc, maps, people, plan, progress, schools, values
from khet.web.demo.world import World

ALL_ROUNDS = (1, 2, 3)


def write_files(world: World, folder: Path, *, rounds: tuple[int, ...] = ALL_ROUNDS) -> list[Path]:
    """Every file of the office, written into a folder (made when missing); see `written`."""
    return list(written(world, folder, rounds=rounds))


def written(world: World, folder: Path, *, rounds: tuple[int, ...] = ALL_ROUNDS) -> Iterator[Path]:
    """The path of each file of the office as soon as it is written into a folder (made when missing).

    rounds   which DMC rounds of each year are exported; the latest round of all always is
    yields   in the order in which an office would load them: later files speak of what earlier ones made
    """
    folder.mkdir(parents=True, exist_ok=True)
    for write in _writers(world, folder, rounds):
        made = write()
        yield from made if isinstance(made, list) else [made]


def _writers(world: World, folder: Path, rounds: tuple[int, ...]) -> Iterator[Callable[[], Path | list[Path]]]:
    """One call a file, in loading order."""
    yield lambda: plan.write_plan(world, folder)
    yield lambda: schools.write_register(world, folder)
    yield lambda: maps.write_maps(world, folder)
    yield lambda: values.write_values(world, folder)
    for year in schools.enrolment_years(world):
        yield lambda y=year: schools.write_enrolment(world, folder, y)
    for year in world.years:
        for number in world.rounds(year):
            latest = year == world.years[-1] and number == max(world.rounds(year))
            if number in rounds or latest:
                yield lambda y=year, n=number, last=latest: dmc.write_round(world, folder, y, n, latest=last)
        yield lambda y=year: progress.write_absences(world, folder, y)
        if year in world.marks:
            yield lambda y=year: progress.write_results(world, folder, y)
        yield lambda y=year: people.write_personnel(world, folder, y)
        yield lambda y=year: people.write_residents(world, folder, y)
        yield lambda y=year: schools.write_staff_by_type(world, folder, y)
    yield lambda: people.write_profiles(world, folder)
    for sitting in world.sittings:
        yield lambda s=sitting: schools.write_sitting(world, folder, s)
