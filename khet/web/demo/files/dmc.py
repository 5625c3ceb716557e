"""The 36-column DMC export, by year and round, in the three shapes it is met in."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from khet.kit.periods import to_be
from khet.web.demo.files.tables import be_date, write_csv, write_xlsx
from khet.web.demo.vocabulary import headers
from khet.web.demo.vocabulary import words as vocabulary_words
from khet.web.demo.world import World
from khet.web.demo.world.area import Area
from khet.web.demo.world.children import Child, Enrolment
from khet.web.demo.world.schools import GRADES

# Height in cm and body-mass index by age: round figures for a plausible child, no growth reference.
HEIGHT = dict(enumerate((95, 102, 108, 115, 121, 126, 131, 136, 142, 149, 155, 159, 162, 164), start=3))
BMI = {3: 15.6, 6: 15.4, 9: 16.6, 12: 18.4, 15: 20.0}
COLUMN = {"school": 0, "id": 2, "grade": 3, "last": 9, "born": 10, "weight": 12, "guardian": 24, "disadvantage": 34}
FATHER, MOTHER = 28, 31


def write_round(world: World, folder: Path, year: int, number: int) -> Path:
    """One export. The latest is Excel with the newest headers; older ones are windows-874 CSV, in one of two shapes."""
    day, path = world.rounds(year)[number], folder / file_name(world, year, number)
    if path.suffix == ".xlsx":
        return write_xlsx(path, _rows(world, year, number, day, "newest", faults=True))
    shape = "with_prefixes" if year % 2 else "plain"
    return write_csv(path, _rows(world, year, number, day, shape, faults=False), thai_windows=True)


def file_name(world: World, year: int, number: int) -> str:
    is_latest = (year, number) == (world.years[-1], max(world.rounds(year)))
    return f"dmc_{to_be(year)}_{number}.{'xlsx' if is_latest else 'csv'}"


def _rows(world: World, year: int, number: int, day: date, shape: str, *, faults: bool) -> Iterator[list]:
    words = headers()["dmc"]
    yield [words["title"].format(year=to_be(year), round=number, day=be_date(day))]
    yield _shaped_header(words, shape)
    slips = _slips(world) if faults else {}
    with_prefixes, prefixes = shape == "with_prefixes", vocabulary_words()["staff"]["prefixes"]
    again = []
    for enrolment in world.roll(year, day):
        row = _row(world.area, enrolment, day, words)
        for slip in slips.get(enrolment.child.number, ()):
            if slip.kind == "pupil_in_two_schools":
                again.append(_at_another_school(world, row, slip.value))
            elif slip.kind == "pupil_under_two_numbers":
                again.append(_at_the_next_school(enrolment, row, slip.value))
            elif slip.kind == "missing_guardian":
                row[24:28] = ["-"] * 4
            else:
                row[COLUMN[slip.column]] = slip.value
        if with_prefixes:
            row.insert(MOTHER, prefixes["f"][0])
            row.insert(FATHER, prefixes["m"][0])
        yield row
    yield from again


def _shaped_header(words: dict, shape: str) -> list[str]:
    header = list(words["columns"])
    if shape == "newest":
        header[2] = header[5] = words["drift_id"]
    elif shape == "with_prefixes":
        header[-1] = words["drift_hanging"]
        header.insert(MOTHER, words["drift_mother_prefix"])
        header.insert(FATHER, words["drift_father_prefix"])
    return header


def _slips(world: World) -> dict[int, list]:
    found: dict[int, list] = {}
    for slip in world.slips:
        if slip.file == "dmc":
            found.setdefault(slip.who, []).append(slip)
    return found


def _at_another_school(world: World, row: list, code: str) -> list:
    school = next(s for s in world.schools if s.code == code)
    return [school.code, school.name, *row[2:]]


def _at_the_next_school(e: Enrolment, row: list, number: str) -> list:
    """The pupil as a school near by enters it anew, having asked for a G-code because no papers came with it."""
    school = next(school for school in e.school.neighbours if school.teaches(e.grade))
    return [school.code, school.name, number, *row[3:]]


def _row(area: Area, e: Enrolment, day: date, words: dict) -> list:
    child, family = e.child, e.child.family
    place = area.subdistricts[family.subdistrict]
    height, weight = measure(child, measured(e, day))
    age = day.year - child.born.year - ((day.month, day.day) < (child.born.month, child.born.day))
    return [
        e.school.code,
        e.school.name,
        child.identifier(day),
        GRADES[e.grade],
        str(e.room),
        e.student_number,
        words["sexes"][child.sex],
        child.prefix(day),
        child.first,
        family.surname,
        be_date(child.born),
        str(age),
        f"{weight:g}",
        f"{height:g}",
        child.blood,
        family.religion,
        family.ethnicity,
        family.nationality,
        family.house,
        str(family.village),
        "-",
        place.name.th,
        place.district.th,
        area.province.th,
        family.guardian,
        family.guardian_surname,
        family.jobs[2],
        family.relation,
        family.father,
        family.surname,
        family.jobs[0],
        family.mother,
        family.mother_surname,
        family.jobs[1],
        child.disadvantage,
        words["hanging"] if e.hanging and e.hanging <= day else "-",
    ]


def measured(e: Enrolment, day: date) -> date:
    """When a pupil was last weighed: all are in June, those of schools that care to in November as well."""
    again = day >= date(e.year, 11, 1) and e.school.luck > 0.7
    return max(date(e.year, 11, 5) if again else date(e.year, 6, 5), e.entered or date.min)


def measure(child: Child, day: date) -> tuple[int, float]:
    """(height in cm, weight in kg) of a child on a day, growing steadily between birthdays."""
    age = min(max((day - child.born).days / 365.25, 3), 15.99)
    whole = int(age)
    height = HEIGHT[whole] + (age - whole) * (HEIGHT[whole + 1] - HEIGHT[whole])
    height *= 1 + 0.042 * child.stature + 0.012 * (child.sex == "m")
    low = whole - whole % 3
    bmi = BMI[low] + (age - low) / 3 * (BMI.get(low + 3, BMI[15]) - BMI[low]) if low < 15 else BMI[15]
    bmi *= 1 + 0.11 * child.bulk + 0.03 * child.bulk * abs(child.bulk)
    return round(height), round(max(bmi, 11.5) * (height / 100) ** 2 * 2) / 2
