"""Teachers and others who work in schools, year by year: they move, retire and are replaced."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from khet.web.demo.names import Numbers, People
from khet.web.demo.vocabulary import words
from khet.web.demo.world.schools import School

RETIREMENT_AGE = 60
MOVES, RESIGNS = 0.04, 0.012
PASSES_AGREEMENT, RENEWS_LICENCE = 0.955, 0.95
CIVIL = ("director", "deputy", "teacher", "assistant")


@dataclass(slots=True, eq=False)
class Worker:
    number: int
    sex: str
    prefix: str
    first: str
    last: str
    born: date
    identifier: str
    kind: str
    appointed: date
    post_number: str
    major: str
    licence: str  # '' for those who need none
    licence_expires: date | None
    standing: int
    diligence: float


@dataclass(frozen=True, slots=True)
class Post:
    """A worker's place in an academic year (and the fiscal year of the same number, whose agreement is judged)."""

    worker: Worker
    school: School
    year: int
    kind: str
    standing: int
    licence_expires: date | None
    passed: bool | None  # None: not judged yet, or not judged at all

    @property
    def staff_type(self) -> str:
        return words()["staff"]["kinds"][self.kind][0]

    @property
    def position(self) -> str:
        return words()["staff"]["kinds"][self.kind][1]

    @property
    def is_teacher(self) -> bool:
        """Civil servants of the teaching profession: those the plan's sixth strategy counts."""
        return self.kind in CIVIL

    def licensed(self, on: date) -> bool:
        return self.licence_expires is not None and self.licence_expires > on


@dataclass
class Staffing:
    schools: list[School]
    people: People
    numbers: Numbers
    chance: Random
    posts: dict[int, list[Post]] = field(default_factory=dict)
    made: int = 0

    def run(self, years: range, pupils: dict[int, dict[int, int]], today: date) -> None:
        """pupils  {year: {school number: pupils on 10 June}}, which decides how many posts a school has"""
        for year in years:
            here = self._staying(year) if year > years[0] else {school.number: [] for school in self.schools}
            posts = []
            for school in self.schools:
                staff = self._filled(school, year, here[school.number], pupils[year].get(school.number, 0))
                posts += [self._post(worker, school, year, today) for worker in staff]
            self.posts[year] = posts

    def _staying(self, year: int) -> dict[int, list[Worker]]:
        here: dict[int, list[Worker]] = {school.number: [] for school in self.schools}
        for post in self.posts[year - 1]:
            worker, u = post.worker, self.chance.random()
            if year - worker.born.year > RETIREMENT_AGE or u < RESIGNS:
                continue
            moves = u < RESIGNS + MOVES and post.kind in CIVIL and post.school.neighbours
            school = self.chance.choice(post.school.neighbours) if moves else post.school
            if worker.kind == "assistant" and (year - worker.appointed.year) > 2:
                worker.kind = "teacher"
            if worker.kind == "teacher" and worker.standing < 2 and u > 0.94:
                worker.standing += 1
            here[school.number].append(worker)
        return here

    def _filled(self, school: School, year: int, staff: list[Worker], pupils: int) -> list[Worker]:
        """The staff of a school after vacancies are filled; a surplus shrinks by moves and retirement only."""
        directors = [worker for worker in staff if worker.kind == "director"]
        for extra in directors[1:]:  # two directors met by moving: one teaches
            extra.kind = "teacher"
        kept = list(staff)
        for kind, number in _establishment(school, pupils).items():
            same = sum(_line(worker.kind) == _line(kind) for worker in kept)
            kept += [self._worker(kind, year, first=not self.posts) for _ in range(number - same)]
        return kept

    def _worker(self, kind: str, year: int, first: bool) -> Worker:
        """first: of the first year, when people of every age are there; later ones begin their careers."""
        random, chance, lists = self.chance.random, self.chance, words()["staff"]
        new = not first and kind in ("teacher", "contract", "temporary")
        youngest, span = (23, 8) if new else (35, 25) if kind in ("director", "deputy") else (25, 35)
        age = youngest + int(random() * span)
        if kind == "teacher" and age < 27:
            kind = "assistant"
        sex = "m" if random() < {"director": 0.55, "caretaker": 0.92}.get(kind, 0.3) else "f"
        professional, heads = kind not in ("caretaker", "clerk", "nursemaid"), kind in ("director", "deputy")
        diligence = random()
        lapses = 730 * (diligence >= RENEWS_LICENCE)  # they are behind by up to two years, and stay so
        expires = date(year, 6, 1) + timedelta(days=int(random() * 5 * 365) - lapses)
        self.made += 1
        return Worker(
            number=self.made,
            sex=sex,
            prefix=lists["prefixes"][sex][random() < 0.45],
            first=self.people.given("adult" if age > 33 else "child", sex),
            last=self.people.surname(),
            born=self._some_day(year - age),
            identifier=self.numbers.citizen(),
            kind=kind,
            appointed=self._some_day(year if new else max(year - age + 24, 1985)),
            post_number=str(chance.randint(1000, 9999)) if kind in CIVIL else "",
            major=lists["majors"][-1] if heads else chance.choice(lists["majors"][:-1]),
            licence=f"99{chance.randint(10**11, 10**12 - 1)}" if professional else "",
            licence_expires=expires if professional else None,
            standing=_standing(kind, age, random()),
            diligence=diligence,
        )

    def _some_day(self, year: int) -> date:
        return date(year, 1 + int(self.chance.random() * 12), 1 + int(self.chance.random() * 28))

    def _post(self, worker: Worker, school: School, year: int, today: date) -> Post:
        """The agreement runs with the fiscal year; results stand a month after its end."""
        judged = worker.kind in CIVIL and today >= date(year, 10, 31)
        while worker.licence_expires and worker.licence_expires.year <= year and worker.diligence < RENEWS_LICENCE:
            worker.licence_expires = worker.licence_expires.replace(year=worker.licence_expires.year + 5, day=28)
        passed = self.chance.random() < PASSES_AGREEMENT if judged else None
        return Post(worker, school, year, worker.kind, worker.standing, worker.licence_expires, passed)


def _line(kind: str) -> str:
    return "teacher" if kind in ("teacher", "assistant") else kind


def _establishment(school: School, pupils: int) -> dict[str, int]:
    """Posts of a school by its pupils; the tiniest share a director with a neighbour."""
    luck = school.luck
    return {
        "director": int(pupils > 25 or luck < 0.4),
        "deputy": pupils // 600,
        "teacher": max(1, round(0.4 + pupils / 28)),
        "contract": round(pupils / 260 + 0.4 * luck),
        "caretaker": int(0.3 < luck < 0.65),
        "clerk": int(luck > 0.5),
        "temporary": round(pupils / 500 + 0.6 * (1 - luck)),
        "nursemaid": int(0.5 < luck < 0.56),
    }


def _standing(kind: str, age: int, u: float) -> int:
    if kind not in ("teacher", "director", "deputy"):
        return 0
    reach = 0 if age < 30 else 1 if age < 36 else 2
    return 3 if kind == "director" and u > 0.985 else max(0, reach - (u < 0.3))
