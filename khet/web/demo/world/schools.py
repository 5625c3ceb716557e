"""Schools: many tiny, some that teach to ม.3, one large one at the seat."""

from dataclasses import dataclass, field
from datetime import date
from math import exp
from random import Random
from statistics import NormalDist

from khet.kit.thai import thai_digits
from khet.web.demo.names import chance_of, stream
from khet.web.demo.vocabulary import Choice, words
from khet.web.demo.world.area import OFFICE_CODE, Area, Place

GRADES = tuple(words()["grades"])  # อ.1 … ม.3; a grade is its place in this list everywhere in the world
K1, K2, P1, P3, P6, M1, M3 = 0, 1, 3, 5, 8, 9, 11
# Pupils of a grade relative to ป.1: births fall, so the upper grades are fuller; half of all go elsewhere after ป.6.
PROFILE = (0.45, 0.84, 0.93, 1.0, 1.02, 1.05, 1.08, 1.1, 1.13, 0.82, 0.8, 0.78)
LARGEST_SHARE = 0.16  # of all pupils, in the school at the seat
SPREAD = 0.74  # of the logarithm of sizes: leaves near eight schools in ten at 120 pupils or fewer


@dataclass(slots=True, eq=False)
class School:
    number: int
    code: str
    name: str
    name_en: str
    lowest: int
    highest: int
    subdistrict: int
    latitude: float
    longitude: float
    founded: date
    size: float
    quality: float  # standard deviations of what pupils learn here beyond what they bring
    care: float  # the same of attendance
    luck: float  # 0–1: which of the posts that not every school has this one has
    next_number: int = 1000
    neighbours: list["School"] = field(default_factory=list, repr=False)  # nearest first

    @property
    def grades(self) -> range:
        return range(self.lowest, self.highest + 1)

    def teaches(self, grade: int) -> bool:
        return self.lowest <= grade <= self.highest

    def expected(self, grade: int) -> float:
        """Pupils of a grade in a year like the first."""
        return self.size * PROFILE[grade] / sum(PROFILE[g] for g in self.grades)

    def student_number(self) -> str:
        self.next_number += 1
        return str(self.next_number)


def sizes(schools: int, pupils: int) -> list[float]:
    """Pupils of each school, largest first."""
    if schools == 1:
        return [float(pupils)]
    largest = max(LARGEST_SHARE, 1.5 / schools)
    normal = NormalDist()
    rest = [exp(SPREAD * normal.inv_cdf(1 - (i + 0.5) / (schools - 1))) for i in range(schools - 1)]
    scale = pupils * (1 - largest) / sum(rest)
    return [pupils * largest, *(scale * size for size in rest)]


def make_schools(area: Area, count: int, pupils: int, seed: int) -> list[School]:
    rng, chance = stream(seed, 2), chance_of(seed, "schools")
    names = _names(area, count, chance)
    cells = _cells(area, count, chance)
    order = chance.sample(range(count), count)  # codes say nothing of size
    schools = [None] * count
    for rank, size in enumerate(sizes(count, pupils)):
        number = order[rank]
        seat = rank == 0
        lowest, highest = _levels(rank, count, chance)
        cell = area.clusters[0].cells[0] if seat else cells[number]
        latitude, longitude = area.point(cell, rng)
        name = _seat_name(area) if seat else names[number]
        schools[number] = School(
            number=number,
            code=f"{int(OFFICE_CODE) + number + 1}",
            name=name.th,
            name_en=name.en,
            lowest=lowest,
            highest=highest,
            subdistrict=cell,
            latitude=latitude,
            longitude=longitude,
            founded=date(chance.randint(1921, 1986), chance.randint(1, 12), chance.randint(1, 28)),
            size=size,
            quality=chance.gauss(0.5 if seat else 0.0, 0.45),
            care=chance.gauss(0, 0.35),
            luck=chance.random(),
            next_number=chance.randint(900, 4200),
        )
    for school in schools:
        school.neighbours = sorted((s for s in schools if s is not school), key=lambda s, a=school: _far(a, s))[:15]
    return schools


def _far(a: School, b: School) -> float:
    return (a.latitude - b.latitude) ** 2 + (a.longitude - b.longitude) ** 2


def _levels(rank: int, count: int, chance: Random) -> tuple[int, int]:
    """Lowest and highest grade: middling schools are the ones that were extended to ม.3."""
    if rank == 0:
        return K1, P6
    lowest = K1 if chance.random() < 0.08 else P1 if chance.random() < 0.02 else K2
    extended = rank <= 0.55 * count and chance.random() < 0.42
    return lowest, M3 if extended else P6


def _cells(area: Area, count: int, chance: Random) -> list[int]:
    cells = [number % len(area.subdistricts) for number in range(count)]
    chance.shuffle(cells)
    return cells


def _seat_name(area: Area) -> Place:
    seat = words()["places"]["seat"]
    return Place(seat["th"].format(province=area.province.th), seat["en"].format(province=area.province.en))


def _names(area: Area, count: int, chance: Random) -> list[Place]:
    """Names of schools, none twice; where a subdistrict gives the place, the village bears its name."""
    forms = words()["places"]["school_forms"]
    form = Choice.of({(th, en): weight for weight, th, en in forms})
    patrons = list(words()["places"]["patrons"].items())
    made: dict[str, Place] = {}
    for number in range(count):
        place = area.places[number % len(area.places)]
        if number >= len(area.places):
            turn = number // len(area.places) + 1
            place = Place(f"{place.th} {turn}", f"{place.en} {turn}")
        th, en = form.at(chance.random())
        patron, patron_en = chance.choice(patrons)
        turn = chance.randint(31, 229)
        # Half of such names are written with Thai digits in the register itself.
        shown = thai_digits(turn) if chance.random() < 0.5 else str(turn)
        made[th.format(place=place.th, patron=patron, number=shown)] = Place(
            th.format(place=place.th, patron=patron, number=shown),
            en.format(place=place.en, patron_en=patron_en, number=turn),
        )
    return list(made.values())
