"""The comparisons of two persons: for each, the levels of agreement as SQL over their rows `l` and `r`, best first."""

from dataclasses import dataclass, field

from khet.registers.linkage.engine.people import Layout

FAMILY, PERSONAL = True, False


@dataclass(frozen=True)
class Level:
    """A degree of agreement. `words` tell it to a reader; `start` is how often matches show it before anything is learned."""

    sql: str
    words: str
    start: float


@dataclass(frozen=True)
class Comparison:
    """One thing compared. Level numbers in a pattern: 0 one of the two is missing, 1 differs, then upwards to the best.

    known      SQL that holds where both have a value
    levels     best first, without "differs"
    frequency  the column whose values' frequencies sharpen the best level, '' for none
    family     shared by brothers and sisters (last name, house) or a person's own
    """

    name: str
    known: str
    levels: tuple[Level, ...]
    differs: str
    frequency: str = ""
    family: bool = PERSONAL
    needs: tuple[str, ...] = field(default=())

    @property
    def group(self) -> str:
        return "shared" if self.family else "birth" if self.name == "birth_date" else "own"

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
        found.append(_name(plan, "f", "first name", PERSONAL))
    if "l" in plan.names:
        found.append(_name(plan, "l", "last name", FAMILY))
    if {"f", "l"} <= set(plan.names):
        found.append(_order())
    found += [
        _name(plan, s, w, f)
        for s, w, f in (("m", "middle name", PERSONAL), ("a", "former last name", FAMILY))
        if s in plan.names
    ]
    found += [make() for key, make in _SINGLE.items() if getattr(plan, key)]
    found += [_text(column, words, column in plan.places) for column, words in plan.texts.items()]
    return found


def _identifier() -> Comparison:
    return Comparison(
        "national_id",
        "l.national_id IS NOT NULL AND r.national_id IS NOT NULL AND starts_with(l.national_id, 'G') = starts_with(r.national_id, 'G')",
        (
            Level("l.national_id = r.national_id", "same ID", 0.85),
            Level("length(l.national_id) = length(r.national_id) AND levenshtein(l.national_id, r.national_id) <= 2 "
                  "AND damerau_levenshtein(l.national_id, r.national_id) <= 1", "ID with one digit wrong or two turned round", 0.08),
        ),
        "different ID", frequency="national_id",
    )  # fmt: skip


def _name(plan: Layout, s: str, words: str, family: bool) -> Comparison:
    """Of a name. Where first and last name stand in each other's place, `r` has them exchanged already (see candidates)."""
    right = f"r.{s}"
    other = f"l.{s}_skel = {right}_skel AND length(l.{s}_skel) > 2" if plan.mixed_scripts else "false"
    near = f"jaro_winkler_similarity(l.{s}_skel, {right}_skel) >= 0.9" if plan.mixed_scripts else "false"
    nick = f"(l.k_loose = {right}_loose OR r.k_loose = l.{s}_loose)" if plan.nickname and s == "f" else "false"
    levels = (
        Level(f"l.{s}_plain = {right}_plain", f"same {words}", 0.8),
        Level(f"l.{s}_loose = {right}_loose", f"{words} the same but for spelling or tone marks", 0.05),
        Level(f"l.{s}_sound = {right}_sound OR ({other})", f"{words} sounds the same", 0.03),
        Level(f"length(l.{s}_loose) > 3 AND levenshtein(l.{s}_loose, {right}_loose) <= 1 OR ({nick})", f"{words} with one letter different", 0.04),
        Level(f"jaro_winkler_similarity(l.{s}_loose, {right}_loose) >= 0.9 OR ({near})", f"{words} nearly the same", 0.02),
        Level(f"starts_with(l.{s}_loose, {right}_loose) OR starts_with({right}_loose, l.{s}_loose)", f"one {words} begins with the other", 0.01),
        Level(f"jaro_winkler_similarity(l.{s}_loose, {right}_loose) >= 0.8", f"{words} similar", 0.01),
    )  # fmt: skip
    known = f"l.{s}_plain IS NOT NULL AND {right}_plain IS NOT NULL"
    return Comparison(f"{s}_name", known, levels, f"different {words}", frequency=f"{s}_plain", family=family)


def _order() -> Comparison:
    level = Level("NOT r.swapped", "", 0.99)
    return Comparison("order", "l.f_plain IS NOT NULL AND l.l_plain IS NOT NULL AND r.f_plain IS NOT NULL AND r.l_plain IS NOT NULL",
                      (level,), "first and last name in each other's place")  # fmt: skip


def _date() -> Comparison:
    same = [f"(l.{p} = r.{p} AND l.{p} IS NOT NULL AND r.{p} IS NOT NULL)" for p in ("y", "mo", "d")]
    two = " OR ".join(f"({a} AND {b})" for a, b in ((same[0], same[1]), (same[0], same[2]), (same[1], same[2])))
    return Comparison(
        "birth_date",
        "l.y IS NOT NULL AND r.y IS NOT NULL",
        (
            Level("l.ymd = r.ymd", "same birth date", 0.85),
            Level("l.y = r.y AND l.mo = r.d AND l.d = r.mo", "day and month of birth in each other's place", 0.02),
            Level("levenshtein(l.ymd, r.ymd) <= 1", "birth date with one digit different", 0.05),
            Level(f"l.ymd IS NOT NULL AND r.ymd IS NOT NULL AND ({two})", "birth date with one part different", 0.04),
            Level("l.y = r.y AND (l.ymd IS NULL OR r.ymd IS NULL) AND coalesce(l.mo = r.mo, true) AND coalesce(l.d = r.d, true)",
                  "same birth date as far as it is known", 0.02),
            Level("l.y = r.y", "same year of birth", 0.01),
            Level("abs(l.y - r.y) <= 1", "birth a year apart", 0.01),
        ),
        "different birth date", frequency="ymd",
    )  # fmt: skip


def _sex() -> Comparison:
    known = "l.sex IS NOT NULL AND r.sex IS NOT NULL"
    return Comparison("sex", known, (Level("l.sex = r.sex", "same sex", 0.98),), "different sex")


def _phone() -> Comparison:
    levels = (
        Level("l.phone = r.phone", "same telephone", 0.7),
        Level("levenshtein(l.phone, r.phone) <= 1", "telephone with one digit different", 0.05),
    )
    return Comparison("phone", _known("phone"), levels, "different telephone", frequency="phone", family=FAMILY)


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
    return Comparison("postcode", _known("postcode"), levels, "different postcode", frequency="postcode", family=FAMILY)


def _bag() -> Comparison:
    common = "len(list_intersect(l.bag, r.bag))"
    shorter, longer = "least(len(l.bag), len(r.bag))", "greatest(len(l.bag), len(r.bag))"
    levels = (
        Level("l.bag = r.bag", "same full name", 0.5),
        Level(f"{common} >= 2 AND {common} = {shorter}", "one full name is within the other", 0.2),
        Level(f"{common} >= 2 AND {common} * 2 >= {longer}", "most words of the full name the same", 0.1),
        Level(f"{common} >= 1", "a word of the full name the same", 0.1),
    )
    return Comparison("bag", _known("bag"), levels, "no word of the full name the same")


def _text(column: str, words: str, is_place: bool) -> Comparison:
    a, b = f"l.{column}", f"r.{column}"
    levels = (
        Level(f"{a} = {b}", f"same {words}", 0.8),
        Level(f"length({a}) > 3 AND length({b}) > 3 AND (levenshtein({a}, {b}) <= 1 OR jaro_winkler_similarity({a}, {b}) >= 0.92)",
              f"{words} nearly the same", 0.07),
        Level(f"length({a}) > 2 AND length({b}) > 2 AND (contains({a}, {b}) OR contains({b}, {a}))", f"one {words} within the other", 0.03),
    )  # fmt: skip
    return Comparison(column, _known(column), levels, f"different {words}", frequency=column, family=is_place)


def _known(column: str) -> str:
    return f"l.{column} IS NOT NULL AND r.{column} IS NOT NULL"


_SINGLE = {"bag": _bag, "date": _date, "sex": _sex, "phone": _phone, "email": _email, "postcode": _postcode}
