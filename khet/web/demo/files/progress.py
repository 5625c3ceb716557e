"""Absences by exception and results by subject, a file a year."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from khet.kit.periods import to_be
from khet.web.demo.files.tables import be_date, write_csv
from khet.web.demo.vocabulary import headers, words
from khet.web.demo.world import World
from khet.web.demo.world.figures import is_late
from khet.web.demo.world.schools import GRADES


def write_absences(world: World, folder: Path, year: int) -> Path:
    return write_csv(folder / f"absences_{to_be(year)}.csv", _absences(world, year))


def _absences(world: World, year: int) -> Iterator[tuple]:
    shape, columns = headers()["absences"], world.absences[year]
    yield shape["columns"]
    pupils = _pupils(world, year)
    days = [be_date(day) for day in columns.days]
    late = _slips(world, "future_absence", year == world.years[-1])
    rows = zip(columns.who.tolist(), columns.day.tolist(), columns.part.tolist(), columns.kind.tolist(), strict=True)
    parts, kinds = shape["parts"], shape["kinds"]
    silent = _silent(world, year)
    for number, (who, day, part, kind) in enumerate(rows):
        if who in silent and number not in late:
            continue
        yield (*pupils[who], late.get(number, days[day]), parts[part], kinds[kind], "")


def write_results(world: World, folder: Path, year: int) -> Path:
    return write_csv(folder / f"grade_results_{to_be(year)}.csv", _results(world, year))


def _results(world: World, year: int) -> Iterator[tuple]:
    columns, marks = world.marks[year], words()["marks"]
    yield headers()["results"]["columns"]
    pupils = _pupils(world, year)
    subjects = [
        (f"{s.semester}/{to_be(year)}" if s.semester else str(to_be(year)), s.code, s.name, s.area, f"{s.credits:.1f}")
        for s in columns.subjects
    ]
    odd = _slips(world, "mark_outside_scale", year == max(world.marks))
    rows = zip(columns.who.tolist(), columns.what.tolist(), columns.mark.tolist(), strict=True)
    for number, (who, what, mark) in enumerate(rows):
        yield (*pupils[who], *subjects[what], odd.get(number, marks[mark]))


def _slips(world: World, kind: str, here: bool) -> dict[int, str]:
    """What is written instead, by number of the row; nothing in any file but the latest."""
    return {slip.who: slip.value for slip in world.slips if here and slip.kind == kind}


def _silent(world: World, year: int) -> set[int]:
    """Enrolments of schools whose absences of this year have not come."""
    if year != world.years[-1]:
        return set()
    return {number for number, e in enumerate(world.enrolments[year]) if is_late(e.school)}


def _pupils(world: World, year: int) -> list[tuple]:
    """What both files write of a pupil, by place in the year's enrolments, with the number of the day of writing."""
    day = min(world.today, date(year + 1, 5, 15))
    return [
        (e.school.code, e.child.identifier(day), e.child.first, e.child.family.surname, GRADES[e.grade])
        for e in world.enrolments[year]
    ]
