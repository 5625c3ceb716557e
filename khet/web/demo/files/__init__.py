"""A world written down as the files a real office would have."""

from collections.abc import Callable, Iterator
from pathlib import Path

from khet.web.demo.files import dmc, maps, people, plan, progress, schools, values
from khet.web.demo.world import World

ALL_ROUNDS = (1, 2, 3)


def write_files(world: World, folder: Path, *, rounds: tuple[int, ...] = ALL_ROUNDS) -> list[Path]:
    """Every file of the office, written into a folder (made when missing); see `written`."""
    return [path for path, _needed in written(world, folder, rounds=rounds)]


def written(world: World, folder: Path, *, rounds: tuple[int, ...] = ALL_ROUNDS) -> Iterator[tuple[Path, bool]]:
    """Each file of the office as soon as it is written into a folder (made when missing).

    rounds   which DMC rounds of each year are exported; the first ones and the latest of all always are
    yields   (path, whether this year's figures need it); those that do come first, then what lengthens the past; within
             both in the order in which an office would load them, for later files speak of what earlier ones made
    """
    folder.mkdir(parents=True, exist_ok=True)
    for writers, needed in ((_this_year(world, folder), True), (_the_past(world, folder, rounds), False)):
        for write in writers:
            made = write()
            for path in made if isinstance(made, list) else [made]:
                yield path, needed


Writers = Iterator[Callable[[], Path | list[Path]]]


def _this_year(world: World, folder: Path) -> Writers:
    last = world.years[-1]
    yield lambda: schools.write_register(world, folder)
    yield lambda: values.write_values(world, folder)
    for year in schools.enrolment_years(world):
        yield lambda y=year: schools.write_enrolment(world, folder, y)
    for year in world.years:  # every year's first round, so that pupils are known in the order in which they came
        for number in sorted({1, max(world.rounds(year))} if year == last else {1}):
            yield lambda y=year, n=number: dmc.write_round(world, folder, y, n)
    yield lambda: people.write_personnel(world, folder, last)
    yield lambda: people.write_residents(world, folder, last)
    yield lambda: schools.write_staff_by_type(world, folder, last)
    for sitting in (s for s in world.sittings if s.year == max(s.year for s in world.sittings)):
        yield lambda s=sitting: schools.write_sitting(world, folder, s)
    yield lambda: maps.write_maps(world, folder)
    yield lambda: plan.write_plan(world, folder)


def _the_past(world: World, folder: Path, rounds: tuple[int, ...]) -> Writers:
    last = world.years[-1]
    for year in world.years:
        for number in sorted(set(world.rounds(year)) & set(rounds) - {1}):
            if (year, number) != (last, max(world.rounds(last))):
                yield lambda y=year, n=number: dmc.write_round(world, folder, y, n)
        yield lambda y=year: progress.write_absences(world, folder, y)
        if year in world.marks:
            yield lambda y=year: progress.write_results(world, folder, y)
        if year != last:
            yield lambda y=year: people.write_personnel(world, folder, y)
            yield lambda y=year: people.write_residents(world, folder, y)
            yield lambda y=year: schools.write_staff_by_type(world, folder, y)
    for sitting in (s for s in world.sittings if s.year != max(s.year for s in world.sittings)):
        yield lambda s=sitting: schools.write_sitting(world, folder, s)
    yield lambda: people.write_profiles(world, folder)
