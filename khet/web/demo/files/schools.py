"""The school register, pupils and rooms by grade, staff by type, and the results of national tests."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from khet.kit.periods import to_be
from khet.web.demo.files.tables import be_date, write_csv, write_xlsx
from khet.web.demo.vocabulary import headers, words
from khet.web.demo.world import World
from khet.web.demo.world.area import OFFICE_CODE
from khet.web.demo.world.figures import HISTORY
from khet.web.demo.world.national_tests import Sitting
from khet.web.demo.world.schools import GRADES, School
from khet.web.demo.world.years import BIRTHS_FALL

NATIONAL_CODE = "00000000"
ROOM_HOLDS, COMBINED_BELOW = 40, 6  # pupils: above the first a grade is split, below the second two share a room


def write_register(world: World, folder: Path) -> Path:
    return write_xlsx(folder / "schools.xlsx", _register(world))


def _register(world: World) -> Iterator[list]:
    area, seat = world.area, world.area.districts[0]
    yield headers()["register"]
    yield [OFFICE_CODE, area.office_name.th, area.office_name.en, "", "", "", seat.th, area.province.th, "", "", "", ""]
    for school in world.schools:
        place = area.subdistricts[school.subdistrict]
        yield [
            school.code,
            school.name,
            school.name_en,
            f"{GRADES[school.lowest]}-{GRADES[school.highest]}",
            area.clusters[place.cluster].name.th,
            place.name.th,
            place.district.th,
            area.province.th,
            place.postcode,
            f"{school.latitude:.6f}",
            f"{school.longitude:.6f}",
            be_date(school.founded),
        ]


def write_enrolment(world: World, folder: Path, year: int) -> Path:
    """Pupils and rooms by grade on 10 June; of years before the world's first, what old tables would say."""
    return write_csv(folder / f"enrolment_by_grade_{to_be(year)}.csv", _enrolment(world, year))


def enrolment_years(world: World) -> range:
    return range(world.years[-1] - HISTORY + 1, world.years[-1] + 1)


def _enrolment(world: World, year: int) -> Iterator[list]:
    yield headers()["enrolment"]
    counts = world.truth[year].on_roll[1] if year in world.years else None
    for school in world.schools:
        if counts is None:
            sizes = [_before(world, school, grade, year) for grade in school.grades]
        else:
            sizes = [tuple(counts[school.code, GRADES[grade], sex] for sex in "mf") for grade in school.grades]
        rooms = _rooms([sum(pair) for pair in sizes])
        for grade, (boys, girls), room in zip(school.grades, sizes, rooms, strict=True):
            yield [school.code, GRADES[grade], boys, girls, room]
    if year == world.years[-1]:
        yield from ([slip.value, GRADES[3], 4, 5, 1] for slip in world.slips if slip.kind == "unknown_school")


def _before(world: World, school: School, grade: int, year: int) -> tuple[int, int]:
    pupils = round(school.expected(grade) / BIRTHS_FALL ** (world.years[0] - year))
    girls = (pupils + (school.number + grade + year) % 2) // 2
    return pupils - girls, girls


def _rooms(sizes: list[int]) -> list[int]:
    """Rooms by grade; a small grade sits in the room of the one below it and shows none of its own."""
    rooms, open_below = [], False
    for size in sizes:
        shares = 0 < size < COMBINED_BELOW and open_below
        rooms.append(0 if shares or not size else -(-size // ROOM_HOLDS))
        open_below = 0 < size < COMBINED_BELOW and not shares
    return rooms


def write_staff_by_type(world: World, folder: Path, year: int) -> Path:
    return write_csv(folder / f"staff_by_type_{to_be(year)}.csv", _staff_by_type(world, year))


def _staff_by_type(world: World, year: int) -> Iterator[list]:
    yield headers()["staff_by_type"]
    counts: Counter = world.truth[year].staff
    types = list(dict.fromkeys(kind[0] for kind in words()["staff"]["kinds"].values()))
    for school in world.schools:
        for staff_type in types:
            yield [school.code, staff_type, *(counts[school.code, staff_type, sex] for sex in "mf")]


def write_sitting(world: World, folder: Path, sitting: Sitting) -> Path:
    """Results of one national test, in the code page they are published in."""
    rows = _sitting(world, sitting, headers()["nt" if sitting.test == "nt_p3" else "onet"])
    return write_csv(folder / f"{sitting.test}_{to_be(sitting.year)}.csv", rows, thai_windows=True)


def _sitting(world: World, sitting: Sitting, shape: dict) -> Iterator[list]:
    latest = sitting.year == max(s.year for s in world.sittings)
    slips = [slip for slip in world.slips if latest and slip.file == sitting.test]
    names = {slip.who: slip.value for slip in slips if slip.column == "name"}
    codes = {slip.who: slip.value for slip in slips if slip.column == "school"}
    yield shape["columns"]
    for result in sitting.results:
        school = result.school
        code, name = codes.get(school.number, school.code), names.get(school.number, school.name)
        yield [code, name, result.takers, *_with_mean(result.means)]
    yield [OFFICE_CODE, shape["area"], "", *_with_mean(sitting.area_means())]
    yield [NATIONAL_CODE, shape["national"], "", *_with_mean(sitting.national)]


def _with_mean(means: tuple[float, ...]) -> list[str]:
    return [f"{mean:.2f}" for mean in (*means, sum(means) / len(means))]
