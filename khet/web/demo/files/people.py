"""Lists of people: full profiles of a few schools, personnel, and the civil registration's list of children."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from khet.kit.periods import to_be
from khet.web.demo.files.dmc import measure
from khet.web.demo.files.tables import be_date, write_csv, write_xlsx
from khet.web.demo.names import stream
from khet.web.demo.vocabulary import Choice, headers, words
from khet.web.demo.world import World
from khet.web.demo.world.children import Child, Enrolment
from khet.web.demo.world.make import list_day
from khet.web.demo.world.schools import GRADES, M1, School
from khet.web.demo.world.staff import Post

PROFILED_SCHOOLS = 3


def write_profiles(world: World, folder: Path) -> list[Path]:
    """studentInSchoolList.xlsx of a few schools, as each would send its own."""
    year = world.years[-1]
    day = max(world.rounds(year).values())
    roll = world.roll(year, day)
    paths = []
    for school in profiled_schools(world):
        rows = _profiles(world, [e for e in roll if e.school is school], day)
        paths.append(write_xlsx(folder / f"studentInSchoolList_{school.code}.xlsx", rows))
    return paths


def profiled_schools(world: World) -> list[School]:
    """Small schools that go to ม.3, as far as there are any: much to see on few pages."""
    return sorted(world.schools, key=lambda s: (not s.teaches(M1), abs(s.size - 90)))[:PROFILED_SCHOOLS]


def _profiles(world: World, roll: list[Enrolment], day: date) -> Iterator[list]:
    shape = headers()["profiles"]
    yield [
        *shape["columns"],
        *(column.format(who=who) for who in shape["persons"] for column in shape["person_columns"]),
        shape["relation"],
        *(f"{column}{where}" for where in shape["addresses"] for column in shape["address_columns"]),
        *shape["rest"],
    ]
    travel, rng = Choice.of(words()["life"]["travel"]), stream(world.seed, 9)
    for e in roll:
        yield _profile(world, e, day, shape, travel, rng)


def _profile(world: World, e: Enrolment, day: date, shape: dict, travel: Choice, rng) -> list:
    child, family = e.child, e.child.family
    place = world.area.subdistricts[family.subdistrict]
    months = (day - child.born).days * 12 // 365
    height, weight = measure(child, day)
    home = ["-", family.house, str(family.village), "-", place.name.th, place.district.th, world.area.province.th]
    away = round(float(rng.gamma(1.4, 1.3)), 1)
    shortages = [shape["yes" if family.poor and rng.random() < 0.5 else "no"] for _ in range(4)]
    shared = [e.school.code, e.school.name, child.identifier(day), GRADES[e.grade], str(e.room), e.student_number]
    return [
        *shared,
        headers()["dmc"]["sexes"][child.sex],
        child.prefix(day),
        child.first,
        family.surname,
        "-",
        "-",
        be_date(child.born),
        str(months // 12),
        str(months % 12),
        child.blood,
        family.ethnicity,
        family.nationality,
        family.religion,
        *(str(int(n)) for n in rng.poisson(0.4, 4)),
        "1",
        family.parents,
        *_person(family.father, family.surname, "m", family.jobs[0], rng),
        *_person(family.mother, family.mother_surname, "f", family.jobs[1], rng),
        *_person(family.guardian, family.guardian_surname, words()["kin"][family.relation][1], family.jobs[2], rng),
        family.relation,
        *home,
        place.postcode,
        "-",
        *home,
        place.postcode,
        "-",
        f"{weight:g}",
        f"{height:g}",
        "-",
        *shortages,
        child.disability if child.disability != "-" else shape["not_disabled"],
        child.disadvantage,
        f"{away * 0.3:.1f}",
        f"{away * 0.7:.1f}",
        "0",
        str(round(away * 6)),
        travel.at(rng.random()),
        shape["ordinary"],
        "-",
        "-",
        world.area.province.th,
        "0",
        "-",
        "-",
    ]


def _person(first: str, last: str, sex: str, job: str, rng) -> list[str]:
    """A parent; number and telephone stay blank, so that none is made up that somebody has."""
    income = str(int(rng.integers(2, 18)) * 1000)
    return ["-", words()["staff"]["prefixes"][sex][0], first, last, income, "-", job]


def write_personnel(world: World, folder: Path, year: int) -> Path:
    rows = _personnel(world.staff[year], year)
    name = f"personnel_{to_be(year)}"
    if year == world.years[-1]:
        return write_xlsx(folder / f"{name}.xlsx", rows)
    return write_csv(folder / f"{name}.csv", rows)


def _personnel(posts: list[Post], year: int) -> Iterator[list]:
    shape = headers()["personnel"]
    yield shape["columns"]
    for post in sorted(posts, key=lambda p: (p.school.code, p.worker.number)):
        worker = post.worker
        verdict = "–" if post.passed is None else shape["passed" if post.passed else "failed"]
        yield [
            post.school.code,
            worker.identifier,
            worker.prefix,
            worker.first,
            worker.last,
            shape["sexes"][worker.sex],
            be_date(worker.born),
            post.position,
            words()["staff"]["standings"][post.standing],
            post.staff_type,
            worker.post_number,
            be_date(worker.appointed),
            worker.major,
            worker.licence,
            be_date(post.licence_expires),
            verdict,
            str(to_be(year)),
        ]


def write_residents(world: World, folder: Path, year: int) -> Path:
    return write_csv(folder / f"civil_registration_{to_be(year)}.csv", _residents(world, year))


def _residents(world: World, year: int) -> Iterator[list]:
    shape, day = headers()["residents"], list_day(year)
    yield shape["columns"]
    listed = world.residents(year)
    listed.sort(key=lambda pair: (pair[0].family.subdistrict, pair[0].family.village, pair[0].number))
    for child, status in listed:
        yield [*_resident(world, child, day, shape), shape["statuses"][status]]


def _resident(world: World, child: Child, day: date, shape: dict) -> list[str]:
    family, known = child.family, child.listed
    place = world.area.subdistricts[family.subdistrict]
    return [
        known.number if known else child.identifier(day),
        child.prefix(day),
        known.first if known else child.first,
        family.surname,
        shape["sexes"][child.sex],
        be_date(known.born if known else child.born),
        family.house,
        str(family.village),
        place.name.th,
        place.district.th,
        world.area.province.th,
        family.father,
        family.mother,
    ]
