"""Children and the families they come from."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from khet.web.demo.names import Numbers, People
from khet.web.demo.vocabulary import Choice, words
from khet.web.demo.world.schools import M3, P1, School

if TYPE_CHECKING:
    from khet.web.demo.world.misread import Listing

OURS, OTHER, NOWHERE, GONE = "ours", "other", "nowhere", "gone"
# Academic year minus year of birth: 7 in ป.1 (act on compulsory education, B.E. 2545), so 4 in อ.1 and 15 in ม.3.
AGE_IN_K1 = 4
COMPULSORY_AGES = range(7, 16)


@dataclass(slots=True, eq=False)
class Family:
    surname: str
    father: str
    mother: str
    mother_surname: str
    guardian: str
    guardian_surname: str
    relation: str
    jobs: tuple[str, str, str]  # father's, mother's, guardian's
    house: str
    village: int
    subdistrict: int
    religion: str
    ethnicity: str
    nationality: str
    registered: bool  # the house stands in the area's civil registration
    poor: bool
    parents: str
    together: bool


@dataclass(slots=True, eq=False)
class Child:
    """A child of the area; `where` is what became of it, as of the year simulated last."""

    number: int
    sex: str
    born: date
    first: str
    family: Family
    identifiers: list[tuple[date | None, str]]  # since when, which; the last one holds
    ability: float
    risk: float
    disadvantage: str
    disability: str
    blood: str
    stature: float
    bulk: float
    where: str = OURS
    last_grade: int = -1
    died: date | None = None
    moved: date | None = None
    arrived: date | None = None  # None: was here before the world began
    listed: "Listing | None" = None  # how the civil registration knows the child, where schools misread its papers

    def age_in(self, year: int) -> int:
        """The year's age by calendar years, as the law on compulsory education counts."""
        return year - self.born.year

    def identifier(self, on: date) -> str:
        return [value for since, value in self.identifiers if since is None or since <= on][-1]

    @property
    def is_registered(self) -> bool:
        """True when the civil registration knows the child (a G-code means that it does not)."""
        return self.family.registered and not self.identifiers[0][1].startswith("G")

    def prefix(self, on: date) -> str:
        return words()["prefixes"][self.sex][on >= _birthday(self.born, 15)]


@dataclass(slots=True, eq=False)
class Enrolment:
    """A child on the roll of a school in an academic year."""

    child: Child
    school: School
    year: int
    grade: int
    student_number: str
    entered: date | None = None  # None: from the start of the year
    left: date | None = None  # first day off the roll
    reason: str = ""  # transfer | died | long_absence | aged_out | graduated
    hanging: date | None = None  # stopped coming on this day, not struck off
    came: str = ""  # new | transfer | return
    room: int = 1

    def on_roll(self, day: date) -> bool:
        return (self.entered is None or self.entered <= day) and (self.left is None or self.left > day)


@dataclass
class Nursery:
    """Makes children; families grow, so that brothers and sisters share a house and a name."""

    people: People
    numbers: Numbers
    chance: Random
    made: int = 0
    _families: dict[int, list[Family]] = field(default_factory=dict)

    def __post_init__(self):
        life = words()["life"]
        self._draw = {key: Choice.of(weights) for key, weights in life.items()}
        self.home = self._draw["ethnicity"].values[0]  # both begin with Thai

    def child(self, school: School, grade: int, year: int) -> Child:
        """A child of the age of a grade, living near a school."""
        random = self.chance.random
        late = random() < 0.03
        born = date(year - AGE_IN_K1 - grade - late, 1, 1) + timedelta(days=int(random() * 365))
        family = self._family(school)
        sex = "m" if random() < 0.515 else "f"
        ability = self.chance.gauss(-0.3 * family.poor, 1)
        risk = 0.55 * family.poor + 0.6 * (not family.together) - 0.35 * ability + self.chance.gauss(-0.5, 0.75)
        self.made += 1
        return Child(
            number=self.made,
            sex=sex,
            born=born,
            first=self.people.given("child", sex),
            family=family,
            identifiers=[(None, self._identifier(family))],
            ability=ability,
            risk=risk,
            disadvantage=self._draw["disadvantage"].at(random()) if family.poor and random() < 0.9 else "-",
            disability=self._draw["disability"].at(random()) if random() < 0.055 - 0.02 * (ability > 0) else "-",
            blood=self._draw["blood"].at(random()),
            stature=self.chance.gauss(0, 1),
            bulk=self.chance.gauss(0, 1),
            last_grade=grade,
        )

    def _identifier(self, family: Family) -> str:
        if family.nationality == self.home:
            return self.numbers.citizen()
        return self.numbers.gcode() if self.chance.random() < 0.55 else self.numbers.without_status()

    def _family(self, school: School) -> Family:
        families = self._families.setdefault(school.number, [])
        if families and self.chance.random() < 0.27:
            return self.chance.choice(families)
        family = self._new_family(school.subdistrict)
        families.append(family)
        if len(families) > 60:  # older brothers and sisters have grown up
            families.pop(0)
        return family

    def _new_family(self, subdistrict: int) -> Family:
        random, people, draw = self.chance.random, self.people, self._draw
        surname, maiden = people.surname(), people.surname()
        father, mother = people.given("adult", "m"), people.given("adult", "f")
        relation = draw["relation"].at(random())
        jobs = tuple(draw["occupation"].at(random()) for _ in range(2))
        side, sex = words()["kin"][relation]
        if side == "parent":
            guardian, job = ((father, surname), jobs[0]) if sex == "m" else ((mother, maiden), jobs[1])
        else:
            guardian = people.given("adult", sex), maiden if side == "maternal" else surname
            job = draw["occupation"].at(random())
        ethnicity, home = draw["ethnicity"].at(random()), self.home
        native = random() < (0.995 if ethnicity == home else 0.72)
        nationality = home if native else draw["foreign_nationality"].at(random())
        parents = draw["parents"].at(random())
        return Family(
            surname=surname,
            father=father,
            mother=mother,
            mother_surname=maiden if random() < 0.55 else surname,
            guardian=guardian[0],
            guardian_surname=guardian[1],
            relation=relation,
            jobs=(*jobs, job),
            house=f"{int(random() * 240) + 1}" + (f"/{int(random() * 9) + 1}" if random() < 0.3 else ""),
            village=int(random() * 12) + 1,
            subdistrict=subdistrict,
            religion=draw["religion"].at(random()),
            ethnicity=ethnicity,
            nationality=nationality,
            registered=native and random() < 0.91,
            poor=random() < 0.42,
            parents=parents,
            together=parents == draw["parents"].values[0],
        )


def _birthday(born: date, age: int) -> date:
    return date(born.year + age, born.month, min(born.day, 28))


def is_compulsory(child: Child, year: int) -> bool:
    """True from the year of turning 7 to that of turning 15; nobody here is through with ม.3 before it ends."""
    return child.age_in(year) in COMPULSORY_AGES


def grade_for(child: Child, year: int) -> int:
    """The grade a child of its age would be in."""
    return max(P1, min(M3, child.age_in(year) - AGE_IN_K1))
