"""The world is drawn and written by a process beside the one that loads it: on two cores that takes no extra time."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

LOADED_ROUNDS = (1, 3)  # of each year's DMC exports; with them come those who entered and left within it


@dataclass(frozen=True)
class Outline:
    """What the loader must know of the world beside its files.

    school      code of the school the tour visits
    plan_years  first and last fiscal year (C.E.) of the plan
    list_days   {name of a civil-registration file: its day}
    censuses    days as of which a round of pupils is among the files
    """

    school: str
    plan_years: tuple[int, int]
    list_days: dict[str, date]
    censuses: tuple[date, ...]


@contextmanager
def office_files(folder: Path, *, schools: int, pupils: int, years: int, seed: int, today: date):
    """(outline, paths): the files of an office, written meanwhile; each path comes when its file is whole."""
    context = multiprocessing.get_context("spawn")  # a fork would share the loader's database connection
    ours, theirs = context.Pipe(duplex=False)
    size = {"schools": schools, "pupils": pupils, "years": years, "seed": seed, "today": today}
    writer = context.Process(target=_write, args=(theirs, str(folder), size), daemon=True)
    writer.start()
    theirs.close()
    try:
        yield _received(ours), _paths(ours)
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


def _paths(connection: Connection) -> Iterator[Path]:
    while (path := _received(connection)) is not None:
        yield Path(path)


def _write(connection: Connection, folder: str, size: dict) -> None:
    from khet.web.demo.files import written
    from khet.web.demo.world import make_world

    try:
        world = make_world(**size)
        connection.send(outline(world))
        for path in written(world, Path(folder), rounds=LOADED_ROUNDS):
            connection.send(str(path))
        connection.send(None)
    except BrokenPipeError:  # the loader has stopped and needs no more files
        return
    except Exception as error:
        connection.send(RuntimeError(f"the office's files could not be written: {error!r}"))


def outline(world) -> Outline:
    from khet.kit.periods import to_be
    from khet.web.demo.files.people import profiled_schools
    from khet.web.demo.files.plan import plan_years
    from khet.web.demo.world.make import list_day

    days = [day for year in world.years for number, day in world.rounds(year).items() if number in LOADED_ROUNDS]
    latest = max(world.rounds(world.years[-1]).values())
    return Outline(
        school=profiled_schools(world)[0].code,
        plan_years=plan_years(world),
        list_days={f"civil_registration_{to_be(year)}.csv": list_day(year) for year in world.years},
        censuses=tuple(sorted({*days, latest})),
    )
