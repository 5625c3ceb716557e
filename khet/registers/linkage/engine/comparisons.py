"""The comparisons of two persons: for each, the levels of agreement as SQL over their rows `l` and `r`, best first."""

from dataclasses import dataclass, field
from itertools import combinations

from khet.registers.linkage.engine.people import Layout

# Whose thing it is: a person's own; the birth date, which twins share; the last name, which a family shares; the place,
# which a household shares and leaves together when it moves.
OWN, BIRTH, KIN, PLACE = GROUPS = ("own", "birth", "kin", "place")


@dataclass(frozen=True)
class Level:
    """A degree of agreement: `words` tell it to a reader, `start` is its share before anything is learned."""

    sql: str
    words: str
    start: float


@dataclass(frozen=True)
class Comparison:
    """One thing compared. Level numbers in a pattern: 0 one of the two is missing, 1 differs, then upwards to the best.

    known      SQL that holds where both have a value
    levels     best first, without "differs"
    frequency  the column whose values' frequencies sharpen the best level, '' for none
    group      one of GROUPS
    aside      {name: SQL} of figures that several levels ask for, computed once a pair
    """

    name: str
    known: str
    levels: tuple[Level, ...]
    differs: str
    frequency: str = ""
    group: str = OWN
    aside: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.levels) + 2

    @property
    def best(self) -> int:
        return len(self.levels) + 1

    @property
    def sql(self) -> str:
        """SQL of the level's number."""
        cases = " ".join(f"WHEN {level.sql} THEN {self.best - i}" for i, level in enumerate(self.levels))
        return f"CASE WHEN NOT ({self.known}) THEN 0 {cases} ELSE 1 END"

    def words(self, level: int) -> str:
        return self.differs if level == 1 else self.levels[self.best - level].words


def comparisons(plan: Layout) -> list[Comparison]:
    """Every comparison the lists allow."""
    found = []
    if plan.national_id:
        found.append(_identifier())
    if "f" in plan.names:
        found.append(_name(plan, "f", "first name", OWN))
    if "l" in plan.names:
        found.append(_name(plan, "l", "last name", KIN))
    if {"f", "l"} <= set(plan.names):
        found.append(_order())
    found += [
        _name(plan, s, w, f)
        for s, w, f in (("m", "middle name", OWN), ("a", "former last name", KIN))
        if s in plan.names
    ]
    found += [make() for key, make in _SINGLE.items() if getattr(plan, key)]
    found += [_text(column, words, column in plan.places) for column, words in plan.texts.items()]
    return found


def _one_edit(alike: str, a: str, b: str) -> str:
    """SQL: at most one letter more, less or other. What is not even alike is not looked at, for the look is dear."""
    return f"CASE WHEN {alike} >= 0.8 AND length({a}) > 3 THEN levenshtein({a}, {b}) <= 1 ELSE false END"


def _identifier() -> Comparison:
    """Of a personal number; a G-code and an ID do not contradict: one is given until the other is."""
    a, b = "l.national_id", "r.national_id"
    alike = f"length({a}) = length({b}) AND jaro_winkler_similarity({a}, {b}) >= 0.85"
    near = f"CASE WHEN {alike} THEN damerau_levenshtein({a}, {b}) <= 1 ELSE false END"
    levels = (
        Level(f"{a} = {b}", "same ID", 0.85),
        Level(near, "ID with one digit wrong or two turned round", 0.08),
    )
    known = f"{_known('national_id')} AND starts_with({a}, 'G') = starts_with({b}, 'G')"
    return Comparison("national_id", known, levels, "different ID", frequency="national_id")


def _name(plan: Layout, s: str, words: str, group: str) -> Comparison:
    """Of a name. Where first and last stand in each other's place, `r` has them exchanged already (see candidates)."""
    plain, loose, heard, bones = ((f"l.{s}_{form}", f"r.{s}_{form}") for form in ("plain", "loose", "sound", "skel"))
    alike = f"{s}_alike"
    aside = {
        alike: f"CASE WHEN {plain[0]} = {plain[1]} THEN 1.0 ELSE jaro_winkler_similarity({loose[0]}, {loose[1]}) END"
    }
    one_off = f"{_one_edit(alike, *loose)}"
    sounds, near = f"{heard[0]} = {heard[1]}", f"{alike} >= 0.9"
    if plan.mixed_scripts:
        sounds += f" OR ({bones[0]} = {bones[1]} AND length({bones[0]}) > 2)"
        near += f" OR jaro_winkler_similarity({bones[0]}, {bones[1]}) >= 0.9"
    if plan.nickname and s == "f":
        one_off += " OR l.k_loose = r.f_loose OR r.k_loose = l.f_loose"
    begins = f"starts_with({loose[0]}, {loose[1]}) OR starts_with({loose[1]}, {loose[0]})"
    levels = (
        Level(f"{plain[0]} = {plain[1]}", f"same {words}", 0.8),
        Level(f"{loose[0]} = {loose[1]}", f"{words} the same but for spelling or tone marks", 0.05),
        Level(sounds, f"{words} sounds the same", 0.03),
        Level(one_off, f"{words} with one letter different", 0.04),
        Level(near, f"{words} nearly the same", 0.02),
        Level(begins, f"one {words} begins with the other", 0.01),
        Level(f"{alike} >= 0.8", f"{words} similar", 0.01),
    )
    known = f"{plain[0]} IS NOT NULL AND {plain[1]} IS NOT NULL"
    return Comparison(f"{s}_name", known, levels, f"different {words}", f"{s}_plain", group, aside)


def _order() -> Comparison:
    level = Level("NOT r.swapped", "", 0.99)
    known = " AND ".join(f"{side}.{name}_plain IS NOT NULL" for side in "lr" for name in "fl")
    return Comparison("order", known, (level,), "first and last name in each other's place")


def _date() -> Comparison:
    same = [f"coalesce(l.{part} = r.{part}, false)" for part in ("y", "mo", "d")]
    full = "l.ymd IS NOT NULL AND r.ymd IS NOT NULL"
    two = " OR ".join(f"({a} AND {b})" for a, b in combinations(same, 2))
    as_known = "l.y = r.y AND coalesce(l.mo = r.mo, true) AND coalesce(l.d = r.d, true)"
    levels = (
        Level("l.ymd = r.ymd", "same birth date", 0.85),
        Level("l.y = r.y AND l.mo = r.d AND l.d = r.mo", "day and month of birth in each other's place", 0.02),
        Level("levenshtein(l.ymd, r.ymd) <= 1", "birth date with one digit different", 0.05),
        Level(f"{full} AND ({two})", "birth date with one part different", 0.04),
        Level(f"NOT ({full}) AND {as_known}", "same birth date as far as it is known", 0.02),
        Level("l.y = r.y", "same year of birth", 0.01),
        Level("abs(l.y - r.y) <= 1", "birth a year apart", 0.01),
    )
    return Comparison("birth_date", _known("y"), levels, "different birth date", frequency="ymd", group=BIRTH)


def _sex() -> Comparison:
    known = "l.sex IS NOT NULL AND r.sex IS NOT NULL"
    return Comparison("sex", known, (Level("l.sex = r.sex", "same sex", 0.98),), "different sex")


def _phone() -> Comparison:
    levels = (
        Level("l.phone = r.phone", "same telephone", 0.7),
        Level("levenshtein(l.phone, r.phone) <= 1", "telephone with one digit different", 0.05),
    )
    return Comparison("phone", _known("phone"), levels, "different telephone", frequency="phone", group=PLACE)


def _email() -> Comparison:
    local = "split_part({0}.email, '@', 1)"
    a, b = local.format("l"), local.format("r")
    levels = (
        Level("l.email = r.email", "same e-mail", 0.7),
        Level(f"{a} = {b}", "same e-mail name at another place", 0.1),
        Level(
            "levenshtein(l.email, r.email) <= 2 OR jaro_winkler_similarity(l.email, r.email) >= 0.95",
            "e-mail nearly the same",
            0.1,
        ),
    )
    return Comparison("email", _known("email"), levels, "different e-mail", frequency="email")


def _postcode() -> Comparison:
    start = "left({0}.postcode, greatest(length({0}.postcode) - 3, 2))"
    levels = (
        Level("l.postcode = r.postcode", "same postcode", 0.8),
        Level(
            "length(l.postcode) > 3 AND levenshtein(l.postcode, r.postcode) <= 1",
            "postcode with one letter different",
            0.05,
        ),
        Level(f"{start.format('l')} = {start.format('r')}", "postcodes begin alike", 0.05),
    )
    return Comparison("postcode", _known("postcode"), levels, "different postcode", frequency="postcode", group=PLACE)


def _text(column: str, words: str, is_place: bool) -> Comparison:
    a, b = f"l.{column}", f"r.{column}"
    long = f"length({a}) > 3 AND length({b}) > 3"
    alike = f"{column}_alike"
    near = f"{long} AND ({_one_edit(alike, a, b)} OR {alike} >= 0.92)"
    within = f"length({a}) > 2 AND length({b}) > 2 AND (contains({a}, {b}) OR contains({b}, {a}))"
    levels = (
        Level(f"{a} = {b}", f"same {words}", 0.8),
        Level(near, f"{words} nearly the same", 0.07),
        Level(within, f"one {words} within the other", 0.03),
    )
    group = PLACE if is_place else OWN
    return Comparison(
        column,
        _known(column),
        levels,
        f"different {words}",
        column,
        group,
        {alike: f"CASE WHEN {a} = {b} THEN 1.0 ELSE jaro_winkler_similarity({a}, {b}) END"},
    )


def _known(column: str) -> str:
    return f"l.{column} IS NOT NULL AND r.{column} IS NOT NULL"


_SINGLE = {"date": _date, "sex": _sex, "phone": _phone, "email": _email, "postcode": _postcode}
