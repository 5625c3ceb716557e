"""Names and identifiers of people who do not exist.

Identifiers. A real 13-digit ID begins with a category of person, 0 to 8, then the four-digit code of the registration
office, whose first two digits are a province between 10 and 96. Ours begin with 9, a category never issued, or with
0 (persons without status), and name province 99, which does not exist; their last digit checks, so that every rule a
real number meets is met by these. G-codes are "G99" and ten digits. `is_synthetic` tells them from real ones.
"""

import re
from random import Random

import numpy as np

from khet.kit.identifiers import check_digit
from khet.web.demo.vocabulary import Choice, name_list, words

CITIZEN, WITHOUT_STATUS = "999", "099"
_SYNTHETIC = re.compile(r"[90]99\d{10}|G99\d{10}")


def is_synthetic(identifier: str) -> bool:
    """True for an identifier no living person can have."""
    return bool(_SYNTHETIC.fullmatch(identifier))


class Numbers:
    """Identifiers, each given once; their order is scattered so that neighbours share no digits."""

    def __init__(self, rng):
        # A stride prime to the range visits every number once before any comes again.
        self._next = int(rng.integers(0, 10**9))
        self._stride = 618_033_989
        self._staff = 0

    def _serial(self) -> int:
        self._next = (self._next + self._stride) % 10**9
        return self._next

    def citizen(self) -> str:
        return self._checked(f"{CITIZEN}{self._serial():09}")

    def without_status(self) -> str:
        return self._checked(f"{WITHOUT_STATUS}{self._serial():09}")

    def gcode(self) -> str:
        return f"G99{self._serial():010}"

    @staticmethod
    def _checked(twelve: str) -> str:
        return f"{twelve}{check_digit(twelve)}"


def surnames() -> list[str]:
    """Every surname the elements compose, each once."""
    parts = words()["surnames"]
    first, second, third = parts["first"].split(), parts["second"].split(), parts["third"]
    made = {}
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            ending = third[(i * 7 + j * 3) % len(third)]
            if a != b != ending:
                made[a + b + (ending if len(a + b) < 9 else "")] = True
    return list(made)


class People:
    """Draws names: children's from today's fashion, grown-ups' from their parents', a few of each very common."""

    def __init__(self, rng):
        self.rng = rng
        self._surnames = Choice.skewed(surnames(), rng, 0.55)
        self._given = {
            ("child", "f"): Choice.skewed(name_list("given_female"), rng, 0.5),
            ("child", "m"): Choice.skewed(name_list("given_male"), rng, 0.5),
            ("adult", "f"): Choice.skewed(name_list("elder_female"), rng, 0.5),
            ("adult", "m"): Choice.skewed(name_list("elder_male"), rng, 0.5),
        }
        self._stock: dict[tuple, list] = {}

    def given(self, age: str, sex: str) -> str:
        return self._from_stock((age, sex), self._given[age, sex])

    def surname(self) -> str:
        return self._from_stock("surname", self._surnames)

    def _from_stock(self, key, choice) -> str:
        """One value; drawn by the thousand, because single draws cost fifty times as much."""
        stock = self._stock.get(key)
        if not stock:
            stock = self._stock[key] = choice.draw(self.rng, 2048)
        return stock.pop()


def chance_of(seed: int, purpose: str) -> Random:
    """Like `stream`, for draws made one at a time, which numpy makes slowly."""
    return Random(f"{seed}/{purpose}")  # noqa: S311  nothing here is secret, and it must be repeatable


def stream(seed: int, *purpose: int) -> np.random.Generator:
    """Random numbers for one purpose: a change in how one part draws leaves every other part as it was."""
    return np.random.default_rng([seed, *purpose])
