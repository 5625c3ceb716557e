"""The world is drawn and written by a process beside the one that loads it: on two cores that takes no extra time."""

import multiprocessing
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from khet.kit.periods import from_be
from khet.web.demo.world.harm import Incident

_LIST = re.compile(r"civil_registration_(\d{4})\.csv")
LOADED_ROUNDS = (1, 3)  # of each year's DMC exports; with them come those who entered and left within it


@dataclass(frozen=True)
class Outline:
    """What the loader must know of the world beside its files.

    school      code of the school the tour visits
    plan_years  first and last fiscal year (C.E.) of the plan
    bad_year    academic year (C.E.) of the many accidents
    censuses    {day as of which a round of pupils is among the files: the name of that file}
    incidents   what befell pupils, to be handled as cases
    today, seed the day on which the world is looked at, and the number it was drawn by
    """

    school: str
    plan_years: tuple[int, int]
    bad_year: int
    censuses: dict[date, str]
    incidents: list[Incident]
    today: date
    seed: int


@contextmanager
def office_files(folder: Path, *, schools: int, pupils: int, years: int, seed: int, today: date):
    """(outline, files): the files of an office, written meanwhile; each (path, needed) comes when its file is whole."""
    context = multiprocessing.get_context("spawn")  # a fork would share the loader's database connection
    ours, theirs = context.Pipe(duplex=False)
    size = {"schools": schools, "pupils": pupils, "years": years, "seed": seed, "today": today}
    writer = context.Process(target=_write, args=(theirs, str(folder), size), daemon=True)
    writer.start()
    theirs.close()
    try:
        yield _received(ours), _files(ours)
    finally:
        ours.close()
        writer.terminate()
        writer.join()


def _received(connection: Connection):
    try:
        sent = connection.recv()
    except EOFError:
        raise RuntimeError("the process that writes the office's files stopped; its words stand above") from None
    if isinstance(sent, Exception):
        raise sent
    return sent


def _files(connection: Connection) -> Iterator[tuple[Path, bool]]:
    while (sent := _received(connection)) is not None:
        yield Path(sent[0]), sent[1]


def _write(connection: Connection, folder: str, size: dict) -> None:
    from khet.web.demo.files import written
    from khet.web.demo.files.tour import write_tour
    from khet.web.demo.world import make_world

    try:
        world = make_world(**size)
        connection.send(outline(world))
        for path, needed in written(world, Path(folder), rounds=LOADED_ROUNDS):
            connection.send((str(path), needed))
        write_tour(world, Path(folder) / "tour")
        connection.send(None)
    except BrokenPipeError:  # the loader has stopped and needs no more files
        return
    except Exception as error:
        connection.send(RuntimeError(f"the office's files could not be written: {error!r}"))


def outline(world) -> Outline:
    from khet.web.demo.files.dmc import file_name
    from khet.web.demo.files.people import profiled_schools
    from khet.web.demo.files.plan import plan_years

    latest = world.years[-1], max(world.rounds(world.years[-1]))
    rounds = {(year, number): day for year in world.years for number, day in world.rounds(year).items()}
    loaded = {key: day for key, day in rounds.items() if key[1] in LOADED_ROUNDS or key == latest}
    return Outline(
        school=profiled_schools(world)[0].code,
        plan_years=plan_years(world),
        bad_year=world.years[-1],
        censuses={day: file_name(world, *key) for key, day in sorted(loaded.items())},
        incidents=world.incidents,
        today=world.today,
        seed=world.seed,
    )


def list_day_of(name: str) -> date | None:
    """The day a civil-registration file speaks of, which stands nowhere in it; None for other files."""
    found = _LIST.fullmatch(name)
    return date(from_be(int(found[1])), 6, 1) if found else None
