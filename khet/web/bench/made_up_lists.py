"""Two made-up Thai lists of children whose truth is known: a civil-registration list and an enrolment list.

Households with brothers, sisters and twins; children never registered at a school and pupils of other areas; and the
errors that such lists have. All IDs begin with 999, which no district gives out.
"""

import csv
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from khet.kit.identifiers import check_digit

REGISTER = [
    "ลำดับ", "เลขประจำตัวประชาชน", "คำนำหน้า", "ชื่อ", "นามสกุล", "เพศ", "วันเกิด",
    "บ้านเลขที่", "หมู่", "ตำบล", "อำเภอ", "จังหวัด",
]  # fmt: skip
ENROLMENT = ["รหัสอ้างอิง", "รหัสโรงเรียน", "ชั้น", *REGISTER[1:]]

# Share of enrolment rows with each error. An ID is wrong in one way only; names and dates may have several.
ERRORS = {
    "id missing": 0.03, "id digit": 0.012, "id turned": 0.006, "id gcode": 0.012, "id of brother": 0.001,
    "first typo": 0.02, "last typo": 0.02, "first tone": 0.015, "last tone": 0.015, "first variant": 0.02,
    "last variant": 0.02, "nickname": 0.003, "first changed": 0.006, "last changed": 0.01, "swapped": 0.003,
    "prefix within": 0.02, "unseen": 0.005, "latin": 0.006, "no last name": 0.002, "day for month": 0.007,
    "christian year": 0.01, "year off": 0.007, "date digit": 0.007, "date missing": 0.006, "only year": 0.004,
    "sex wrong": 0.003, "moved": 0.06, "no address": 0.02,
}  # fmt: skip
_NICKNAMES = [
    "นก",
    "ปู",
    "ไก่",
    "หมู",
    "แอน",
    "บอย",
    "เจน",
    "เมย์",
    "ฟ้า",
    "ใหม่",
    "เล็ก",
    "ใหญ่",
    "ต้น",
    "ตาล",
    "ปอ",
    "พลอย",
    "มิว",
    "ฝน",
    "ออม",
    "นิว",
    "แบงค์",
    "เบียร์",
    "กิ๊ฟ",
    "ก้อง",
]
_SUBDISTRICTS = [
    first + second
    for first in ("บ้าน", "หนอง", "ดอน", "โคก", "ห้วย", "ท่า")
    for second in ("ใหม่", "แก้ว", "ทราย", "งาม", "ไผ่", "สูง", "กลาง")
]
_LATIN = dict(zip(
    "กขคฆงจฉชซญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
    ["k", "kh", "kh", "kh", "ng", "ch", "ch", "ch", "s", "y", "d", "t", "th", "th", "th", "n", "d", "t", "th",
    "th", "th", "n", "b", "p", "ph", "f", "ph", "f", "ph", "m", "y", "r", "l", "w", "s", "s", "s", "h", "l", "o",
    "h"], strict=True,
)) | dict(zip("ะัาำิีึืุูเแโไใ", ["a", "a", "a", "am", "i", "i", "ue", "ue", "u", "u", "e", "ae", "o", "ai", "ai"],
strict=True))  # fmt: skip


@dataclass
class Child:
    id: str
    prefix: str
    first: str
    last: str
    sex: str
    born: date
    house: tuple
    brothers: list = field(default_factory=list, repr=False)

    def row(self) -> list[str]:
        return [self.id, self.prefix, self.first, self.last, self.sex, _be(self.born), *self.house]


def _be(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year + 543}"


def made_up_id(rng: random.Random) -> str:
    twelve = f"999{rng.randrange(10**9):09d}"
    return twelve + str(check_digit(twelve))


class World:
    """Households of an area, in an order that the seed decides."""

    def __init__(self, children: int, seed: int):
        from pythainlp.corpus.common import thai_family_names, thai_female_names, thai_male_names

        self.rng = random.Random(seed)  # noqa: S311  made-up people
        self.given = {"ช": sorted(thai_male_names()), "ญ": sorted(thai_female_names())}
        self.family = sorted(thai_family_names())
        for names in (*self.given.values(), self.family):
            self.rng.shuffle(names)
        self.children: list[Child] = []
        while len(self.children) < children:
            self.children += self._household()
        del self.children[children:]

    def common(self, names: list[str]) -> str:
        """A name, the first ones far more often than the last, as among people."""
        return names[int(len(names) * self.rng.random() ** 2.2)]

    def _household(self) -> list[Child]:
        rng = self.rng
        last = self.common(self.family)
        house = self.house()
        found: list[Child] = []
        for _n in range(rng.choices((1, 2, 3, 4), (50, 33, 13, 4))[0]):
            twin = bool(found) and rng.random() < 0.025
            born = found[-1].born if twin else date(2009, 1, 1) + timedelta(rng.randrange(9 * 365))
            if rng.random() < 0.01:
                born = date(born.year, 1, 1)
            sex = found[-1].sex if twin and rng.random() < 0.65 else rng.choice("ชญ")
            first = self.common(self.given[sex])
            if twin and rng.random() < 0.5:  # twins' names are made alike
                start = found[-1].first[:2]
                first = next(
                    (name for name in self.given[sex] if name.startswith(start) and name != found[-1].first), first
                )
            surname = last if rng.random() < 0.95 else self.common(self.family)
            found.append(Child(made_up_id(rng), self.prefix(sex), first, surname, sex, born, house, found))
        return found

    def prefix(self, sex: str) -> str:
        return {"ช": ("เด็กชาย", "ด.ช."), "ญ": ("เด็กหญิง", "ด.ญ.")}[sex][self.rng.random() < 0.4]

    def house(self) -> tuple:
        rng = self.rng
        number = f"{rng.randrange(1, 400)}" + (f"/{rng.randrange(1, 20)}" if rng.random() < 0.3 else "")
        place = rng.randrange(len(_SUBDISTRICTS))
        return number, str(rng.randrange(1, 15)), _SUBDISTRICTS[place], f"เมือง{_SUBDISTRICTS[place % 7]}", "สมมติบุรี"


def damaged(world: World, child: Child, errors: dict[str, float]) -> list[str]:
    """A child's row as an enrolment list has it."""
    rng = world.rng
    hit = {name for name, share in errors.items() if rng.random() < share}
    number, prefix, first, last, sex, born, *house = child.row()
    if wrong := next(
        (name for name in ("id missing", "id digit", "id turned", "id gcode", "id of brother") if name in hit), None
    ):
        number = _wrong_id(rng, child, wrong)
    first = (
        ("first changed" in hit and world.common(world.given[sex]))
        or ("nickname" in hit and rng.choice(_NICKNAMES))
        or first
    )
    last = world.common(world.family) if "last changed" in hit else last
    first, last = (
        _misspelt(rng, name, {h[len(part) + 1 :] for h in hit if h.startswith(part)})
        for name, part in ((first, "first"), (last, "last"))
    )
    if "latin" in hit:
        first, last = latin(first).capitalize(), latin(last).capitalize()
    if "swapped" in hit:
        first, last = last, first
    if "unseen" in hit:
        first = first[:2] + "\u200b" + first[2:]
    if "prefix within" in hit:
        prefix, first = "", prefix + first
    if "no last name" in hit:
        last = rng.choice(("-", "ไม่ทราบ", "ไม่ปรากฏ"))
    born = _wrong_date(rng, child.born, hit)
    if "sex wrong" in hit:
        sex, prefix = ("ญ", "เด็กหญิง") if sex == "ช" else ("ช", "เด็กชาย")
    if "moved" in hit:
        house = list(world.house())
    if "no address" in hit:
        house = [""] * 5
    return [number, prefix, first, last, sex, born, *house]


def _wrong_id(rng, child: Child, how: str) -> str:
    digits = list(child.id)
    at = rng.randrange(3, 12)
    if how == "id missing":
        return rng.choice(("", "", "-", "0000000000000"))
    if how == "id gcode":
        return f"G{rng.randrange(10**12):012d}"
    if how == "id of brother":
        return rng.choice(child.brothers).id
    if how == "id turned":
        digits[at], digits[at - 1] = digits[at - 1], digits[at]
    else:
        digits[at] = str((int(digits[at]) + rng.randrange(1, 10)) % 10)
    return "".join(digits)


_VARIANTS = [("ณ", "น"), ("ศ", "ส"), ("ษ", "ส"), ("ญ", "ย"), ("ฐ", "ถ"), ("ธ", "ท"), ("ภ", "พ"), ("ใ", "ไ"),
("รร", "ัน"), ("์", ""), ("ี", "ิ"), ("ู", "ุ"), ("ฤ", "ริ"), ("ซ", "ทร")]  # fmt: skip
_TONES = "่้๊๋็"


def _misspelt(rng, name: str, how: set[str]) -> str:
    if "tone" in how:
        at = [i for i, letter in enumerate(name) if letter in _TONES]
        if at:
            place = rng.choice(at)
            name = name[:place] + rng.choice(("", rng.choice(_TONES[:2]))) + name[place + 1 :]
    if "variant" in how:
        found = [(a, b) for a, b in _VARIANTS if a in name] + [(b, a) for a, b in _VARIANTS[:7] if b in name]
        if found:
            a, b = rng.choice(found)
            name = name.replace(a, b, 1)
    if "typo" in how and len(name) > 2:
        at = rng.randrange(1, len(name))
        other = rng.choice("กคงจชดตทนบปพมยรลวสหอ")
        lost, changed, added = name[at + 1 :], other + name[at + 1 :], other + name[at:]
        name = rng.choice((name[:at] + lost, name[:at] + changed, name[:at] + added,
                           name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]))  # fmt: skip
    return name


def latin(name: str) -> str:
    """A plain transliteration: letter by letter, a short vowel where none is written, no silenced letters."""
    import re

    text = re.sub("[ก-ฮ][ิุ]?์", "", name).replace("รร", "ัน")
    text = re.sub("([เแโไใ])([ก-ฮ])", r"\2\1", re.sub(f"[{_TONES}]", "", text))
    sounds = [_LATIN.get(letter, "") for letter in text]
    joined = ""
    for place, sound in enumerate(sounds):
        follows = text[place + 1] if place + 1 < len(text) else ""
        joined += sound
        if (
            "ก" <= text[place] <= "ฮ"
            and "ก" <= follows <= "ฮ"
            and place + 2 < len(text)
            and "ก" <= text[place + 2] <= "ฮ"
        ):
            joined += "a"
    return joined


def _wrong_date(rng, born: date, hit: set[str]) -> str:
    day, month, year = born.day, born.month, born.year + 543
    if "date missing" in hit:
        return ""
    if "only year" in hit:
        return rng.choice((str(year), f"00/00/{year}"))
    if "day for month" in hit and day <= 12:
        day, month = month, day
    if "year off" in hit:
        year += rng.choice((-1, 1))
    if "date digit" in hit:
        day = min(28, max(1, day + rng.choice((-10, -2, -1, 1, 2, 10))))
    return f"{day:02d}/{month:02d}/{year - 543 if 'christian year' in hit else year}"


def write_lists(folder: Path, *, register: int, enrolment: int, seed: int = 1, twice: float = 0.0, errors=ERRORS):
    """Write register.csv and enrolment.csv; returns the truth, {(number in register, reference in enrolment)}.

    register   children of the list; about a tenth of them are in no school
    enrolment  pupils; one in fifty lives elsewhere
    twice      share of pupils who stand in the lists of two schools
    """
    folder.mkdir(parents=True, exist_ok=True)
    elsewhere = enrolment // 50
    world = World(register + elsewhere, seed)
    at_home, others = world.children[:register], world.children[register:]
    chosen = world.rng.sample(range(register), enrolment - len(others))
    pupils = [(number, at_home[number]) for number in chosen] + [(None, child) for child in others]
    pupils += [pupils[place] for place in world.rng.sample(range(len(pupils)), int(twice * len(pupils)))]
    world.rng.shuffle(pupils)
    with (folder / "register.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(REGISTER)
        sheet.writerows([number + 1, *child.row()] for number, child in enumerate(at_home))
    truth = set()
    with (folder / "enrolment.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(ENROLMENT)
        for place, (number, child) in enumerate(pupils, start=1):
            grade = f"ป.{min(6, max(1, 2018 - child.born.year))}"
            sheet.writerow(
                [f"P{place:07d}", f"9001{world.rng.randrange(120):04d}", grade, *damaged(world, child, errors)]
            )
            if number is not None:
                truth.add((str(number + 1), f"P{place:07d}"))
    return truth
