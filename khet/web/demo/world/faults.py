"""The faults planted in the files, so that the checks of the intake have something to find.

`KINDS` says what each one is and what the intake should make of it; `plant` chooses whom it befalls. A slip replaces
one cell of one row as the file is written; the world itself stays true.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from khet.web.demo.names import CITIZEN, chance_of
from khet.web.demo.vocabulary import words
from khet.web.demo.world.schools import GRADES, M1, P6

if TYPE_CHECKING:
    from khet.web.demo.world.make import World

TWICE_IN = 2_000  # pupils, of whom one stands in the latest file a second time under a G-code, at the next school
REFUSED, WARNED, ASKED, MENDED, TAKEN = "refused", "warned", "asked", "mended", "taken"


@dataclass(frozen=True)
class Kind:
    """A kind of fault: the file it lies in; whether its row is refused, warned of, asked about, mended or taken."""

    id: str
    file: str
    outcome: str


KINDS = {
    kind.id: kind
    for kind in (
        Kind("wrong_check_digit", "dmc", REFUSED),
        Kind("scientific_id", "dmc", REFUSED),
        Kind("impossible_date", "dmc", REFUSED),
        Kind("pupil_in_two_schools", "dmc", WARNED),
        Kind("pupil_under_two_numbers", "dmc", TAKEN),
        Kind("grade_not_offered", "dmc", WARNED),
        Kind("christian_year", "dmc", MENDED),
        Kind("missing_guardian", "dmc", TAKEN),
        Kind("impossible_weight", "dmc", WARNED),
        Kind("unknown_disadvantage", "dmc", WARNED),
        Kind("invisible_character", "dmc", MENDED),
        Kind("school_written_differently", "onet_p6", MENDED),
        Kind("code_of_another_school", "onet_p6", ASKED),
        Kind("unknown_school", "enrolment_by_grade", ASKED),
        Kind("mark_outside_scale", "grade_results", REFUSED),
        Kind("future_absence", "absences", REFUSED),
        Kind("over_hundred", "values", REFUSED),
    )
}


@dataclass(frozen=True)
class Slip:
    """One planted fault: in the row of `who`, `column` is written as `value`. What `who` counts, its file decides."""

    kind: str
    who: int
    column: str
    value: str

    @property
    def file(self) -> str:
        return KINDS[self.kind].file


def plant(world: World) -> list[Slip]:
    """The slips of the latest file of each kind; in a world too small for one, it is left out."""
    chance = chance_of(world.seed, "faults")
    year = world.years[-1]
    day = max(world.rounds(year).values())
    roll = [e for e in world.roll(year, day) if e.child.identifiers[-1][1].startswith(CITIZEN) and not e.child.listed]
    chance.shuffle(roll)
    slips: list[Slip] = []

    def slip(kind: str, column: str, write, fits=lambda e: True):
        for at, enrolment in enumerate(roll):
            if fits(enrolment):
                del roll[at]
                slips.append(Slip(kind, enrolment.child.number, column, write(enrolment)))
                return

    def identifier(e):
        return e.child.identifiers[0][1]

    slip("wrong_check_digit", "id", lambda e: identifier(e)[:12] + str((int(identifier(e)[12]) + 3) % 10))
    slip("scientific_id", "id", lambda e: f"{float(identifier(e)):.5E}")
    slip("impossible_date", "born", lambda e: f"31/02/{e.child.born.year + 543}")
    slip("christian_year", "born", lambda e: f"{e.child.born:%d/%m/%Y}")
    slip("grade_not_offered", "grade", lambda e: GRADES[M1 + 1], lambda e: e.grade == P6 and not e.school.teaches(M1))
    slip("missing_guardian", "guardian", lambda e: "-")
    slip("impossible_weight", "weight", lambda e: "312")
    slip("unknown_disadvantage", "disadvantage", lambda e: words()["odd_disadvantage"])
    slip("invisible_character", "last", lambda e: f"{e.child.family.surname}\u200b ")
    slip("pupil_in_two_schools", "school", lambda e: e.school.neighbours[0].code, lambda e: e.school.neighbours)
    for _ in range(max(1, len(roll) // TWICE_IN)):
        slip("pupil_under_two_numbers", "id", lambda e: f"G99{chance.randrange(10**10):010}", _could_go_next_door)
    return slips + _elsewhere(world, chance)


def _could_go_next_door(e) -> bool:
    """Whether a school near by teaches the grade."""
    return any(school.teaches(e.grade) for school in e.school.neighbours)


def _elsewhere(world: World, chance: Random) -> list[Slip]:
    """Faults of the other files; `who` is a row's number among the rows of that file."""
    slips = [Slip("unknown_school", 0, "school", "99019999"), Slip("over_hundred", 0, "value", "108.4")]
    if world.marks:
        count = len(world.marks[max(world.marks)])
        slips.append(Slip("mark_outside_scale", chance.randrange(count), "mark", "4.5"))
    latest = world.absences[world.years[-1]]
    if len(latest):
        slips.append(Slip("future_absence", chance.randrange(len(latest)), "date", f"12/01/{world.years[-1] + 545}"))
    named = [s for s in world.schools if any(c.isdigit() or c == "(" for c in s.name)]
    slips += [Slip("school_written_differently", s.number, "name", respell(s.name)) for s in named[:6]]
    taught = [s for s in world.schools if s.neighbours and s not in named[:6]]
    if taught:
        school = min(taught, key=lambda s: (abs(s.expected(P6) - 9), s.code))
        slips.append(Slip("code_of_another_school", school.number, "school", school.neighbours[0].code))
    return slips


def respell(name: str) -> str:
    """A school's name as another list writes it: other digits, no space before the bracket, a bracket lost."""
    arabic, thai = "0123456789", "๐๑๒๓๔๕๖๗๘๙"
    swapped = name.translate(str.maketrans(arabic + thai, thai + arabic))
    swapped = swapped.replace(" (", "(")
    return swapped.removesuffix(")") if len(swapped) % 2 else swapped
