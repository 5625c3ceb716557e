"""Children whom the civil registration and the school's roll know differently, and pupils recorded twice.

A number written down wrong stays wrong in every file of the school; the registration knows the child by its own. The
child is then on the list and on a roll, yet found by no number: a false alarm, for the matching to clear up. Truth
about who is in school is not changed by it.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from khet.kit.identifiers import check_digit
from khet.web.demo.names import CITIZEN
from khet.web.demo.world.children import COMPULSORY_AGES, Child, Enrolment

SHARE = 0.003  # of the pupils; in offices that compare their lists, a few in a thousand remain to be looked at
SOUNDS = (("ณ", "น"), ("ศ", "ส"), ("ษ", "ส"), ("ภ", "พ"), ("ญ", "ย"), ("์", ""), ("่", ""), ("้", ""))


@dataclass(frozen=True)
class Listing:
    """How the civil registration knows a child."""

    number: str
    first: str
    born: date


def misread(roll: list[Enrolment], year: int, chance: Random) -> int:
    """Have schools misread the papers of a few children of the roll of a year; how many."""
    able = [e.child for e in roll if _is_listed(e.child, year) and not e.entered and not e.left]
    known = {value for e in roll for _since, value in e.child.identifiers}
    chosen = chance.sample(able, min(len(able), max(2, round(SHARE * len(roll)))))
    return sum(_misread(child, place, known, chance) for place, child in enumerate(chosen))


def _is_listed(child: Child, year: int) -> bool:
    plain = len(child.identifiers) == 1 and child.identifiers[0][1].startswith(CITIZEN)
    return plain and child.is_registered and child.age_in(year) in COMPULSORY_AGES and not (child.died or child.moved)


def _misread(child: Child, place: int, known: set[str], chance: Random) -> bool:
    """A slip in the number; every other child's name sounds the same but is written otherwise, every fourth's
    birthday has day and month exchanged."""
    right = Listing(child.identifiers[0][1], child.first, child.born)
    number = _slipped(right.number, chance)
    if number in known:
        return False
    child.listed = right
    child.identifiers = [(None, number)]
    if place % 2:
        child.first = _as_it_sounds(child.first)
    if place % 4 == 2 and child.born.day <= 12:
        child.born = child.born.replace(month=child.born.day, day=child.born.month)
    return True


def _slipped(number: str, chance: Random) -> str:
    """The number with two neighbouring digits exchanged, or one misread where they are alike; it checks."""
    at = chance.randrange(3, 11)
    digits = list(number[:12])
    if digits[at] == digits[at + 1]:
        digits[at] = str((int(digits[at]) + 1) % 10)
    else:
        digits[at], digits[at + 1] = digits[at + 1], digits[at]
    twelve = "".join(digits)
    return f"{twelve}{check_digit(twelve)}"


def _as_it_sounds(name: str) -> str:
    for written, heard in SOUNDS:
        if written in name[1:]:
            return name[0] + name[1:].replace(written, heard, 1)
    return name
