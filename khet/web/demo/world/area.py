"""The invented area: a province that is not there, its districts, subdistricts, clusters and where they lie.

The map's middle is in open water, so no village of it can be taken for a real one.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, radians

from khet.web.demo.names import stream
from khet.web.demo.vocabulary import words
from khet.web.demo.world.plane import Point, Tessellation, tessellate

MIDDLE = (10.35, 101.35)  # latitude, longitude: the Gulf of Thailand
KM_PER_DEGREE = 111.2
OFFICE_CODE = "99010000"  # province 99 does not exist


@dataclass(frozen=True)
class Place:
    th: str
    en: str


@dataclass(frozen=True)
class Subdistrict:
    number: int
    name: Place
    district: Place
    cluster: int
    postcode: str


@dataclass(frozen=True)
class Cluster:
    number: int
    name: Place
    district: Place
    cells: tuple[int, ...]


@dataclass(frozen=True)
class Area:
    province: Place
    office_name: Place
    districts: tuple[Place, ...]
    subdistricts: tuple[Subdistrict, ...]
    clusters: tuple[Cluster, ...]
    cells: Tessellation
    places: tuple[Place, ...]  # names left over for schools

    def point(self, cell: int, rng) -> tuple[float, float]:
        """(latitude, longitude) of somewhere in a subdistrict."""
        return degrees(self.cells.inside(cell, rng))


def degrees(point: Point) -> tuple[float, float]:
    latitude = MIDDLE[0] + point[1] / KM_PER_DEGREE
    return round(latitude, 6), round(MIDDLE[1] + point[0] / (KM_PER_DEGREE * cos(radians(MIDDLE[0]))), 6)


def make_area(schools: int, seed: int) -> Area:
    """An area with about five schools a subdistrict and nine a cluster."""
    rng = stream(seed, 1)
    count = max(2, round(schools / 5))
    cells = tessellate(count, radius=9 + 2.6 * schools**0.5, seed=seed)
    districts = [Place(**d) for d in words()["places"]["districts"]][: max(1, min(6, round(count / 5)))]
    by_bearing = _around_the_middle(cells, len(districts))
    names = _place_names(rng)
    subdistricts, clusters = [], []
    for district, members in zip(districts, by_bearing, strict=True):
        for start in range(0, len(members), 2):
            mine = tuple(members[start : start + 2])
            number = len(clusters)
            for cell in mine:
                postcode = f"99{districts.index(district) + 1}{0 if district == districts[0] else 1}0"
                subdistricts.append(Subdistrict(cell, names.pop(), district, number, postcode))
            clusters.append(Cluster(number, subdistricts[-1].name, district, mine))
    subdistricts.sort(key=lambda s: s.number)
    province = Place(**words()["places"]["province"])
    office = Place(**{lang: text.format(province=getattr(province, lang)) for lang, text in words()["office"].items()})
    return Area(province, office, tuple(districts), tuple(subdistricts), tuple(clusters), cells, tuple(names))


def _around_the_middle(cells: Tessellation, parts: int) -> list[list[int]]:
    """Cells shared out to districts: the inner ones to the seat, the others by their bearing."""
    order = sorted(range(len(cells.centres)), key=lambda c: cells.centres[c][0] ** 2 + cells.centres[c][1] ** 2)
    if parts == 1:
        return [order]
    inner = order[: max(1, len(order) // parts)]
    outer = sorted(order[len(inner) :], key=lambda c: atan2(cells.centres[c][1], cells.centres[c][0]))
    bounds = [round(i * len(outer) / (parts - 1)) for i in range(parts)]
    shares = [outer[a:b] for a, b in pairwise(bounds)]
    seat = sorted(inner, key=lambda c: atan2(cells.centres[c][1], cells.centres[c][0]))
    return [seat, *shares]


def _place_names(rng) -> list[Place]:
    """Every place name the elements compose, shuffled."""
    places = words()["places"]
    made = [
        Place(f"{head}{tail}", f"{head_en} {tail_en}")
        for head, head_en in list(places["heads"].items())[1:]
        for tail, tail_en in places["tails"].items()
    ]
    return [made[i] for i in rng.permutation(len(made))]
