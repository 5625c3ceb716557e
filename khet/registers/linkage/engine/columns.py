"""Which column of a list holds what: by its name, in Thai or English, and by what stands in it; or as a map says."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from khet.kit.thai import fold
from khet.registers.linkage.engine.forms import date_form, is_empty, number_form, sex_form

# What may be asked for in a map; those marked * may name several columns.
ONE = (
    "id",
    "national_id",
    "prefix",
    "first_name",
    "last_name",
    "middle_name",
    "nickname",
    "full_name",
    "sex",
    "phone",
    "email",
    "postcode",
)
MANY = ("birth_date", "address", "other")
PLACES = ("house", "village", "road", "subdistrict", "district", "province")
DATE_PARTS = ("birth_year", "birth_month", "birth_day")


class BadMap(ValueError):
    """A map that asks for what is not there; says key and column."""


def _key(name: str) -> str:
    return fold(name).replace("_", "")


@cache
def _words() -> dict[str, str]:
    """{column name, folded: role}; the role 'answers' marks columns that say who is who."""
    content = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return {_key(str(word)): role for role, words in reversed(content.items()) for word in words}


_SAMPLE = 4_000


@dataclass
class Roles:
    """{role: columns by place} of one list; `other` by the column's name, for both lists must have it."""

    names: list[str]
    of: dict[str, list[int]] = field(default_factory=dict)
    other: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def first(self, role: str) -> int | None:
        return next(iter(self.of.get(role, ())), None)

    def described(self) -> dict[str, list[str]]:
        found = {role: [self.names[i] for i in places] for role, places in self.of.items() if places}
        return found | ({"other": list(self.other)} if self.other else {})


def read_map(file: Path, names: list[list[str]]) -> list[dict | None]:
    """The map of each list, its columns checked against the list's; None where the file has none for it.

    raises  BadMap
    """
    try:
        content = yaml.safe_load(Path(file).read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadMap(f"{file}: this is no YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(content, dict):
        raise BadMap(f"{file}: a map is lines of 'key: column', for example 'first_name: ชื่อ'.")
    sides = ("left", "right")
    if set(content) <= set(sides) and content:
        maps = [content.get(side, content.get("left")) for side in sides[: len(names)]]
    else:
        maps = [content] * len(names)
    faults = [
        f for side, (m, columns) in enumerate(zip(maps, names, strict=True)) for f in _faults(m, columns, sides[side])
    ]
    if faults:
        raise BadMap(f"{file}: " + " ".join(dict.fromkeys(faults)))
    return maps


def _faults(wanted, columns: list[str], side: str):
    known = (*ONE, *MANY)
    if not isinstance(wanted, dict):
        yield f"{side}: expected lines of 'key: column'."
        return
    for key, value in wanted.items():
        if key not in known:
            yield f"'{key}' is no key of a map. Use: {', '.join(known)}."
            continue
        if value is not None and key in ONE and not isinstance(value, str | int):
            yield f"{key}: name one column."
            continue
        for column in _listed(value):
            if column not in columns:
                yield f"{key}: the {side} list has no column '{column}'; it has: {', '.join(columns)}."


def _listed(value) -> list[str]:
    if value is None:
        return []
    return [str(v).strip() for v in value] if isinstance(value, list) else [str(value).strip()]


def roles(database, table: str, names: list[str], wanted: dict | None = None) -> Roles:
    """What each column of a loaded list holds.

    A map is taken at its word; only telephone and e-mail are looked for beside it.
    """
    found = Roles(names)
    sample = _Sample(database, table, len(names))
    if wanted is not None:
        _from_map(found, wanted)
        _complete(found, sample, ("phone", "email") if "other" not in wanted else ())
        return found
    _by_name(found, sample)
    _by_content(found, sample)
    _rest(found, sample)
    return found


def _from_map(found: Roles, wanted: dict) -> None:
    place = found.names.index
    for key, value in wanted.items():
        columns = [place(column) for column in _listed(value)]
        if key == "other":
            found.other = {found.names[i]: i for i in columns}
        elif key == "birth_date" and len(columns) > 1:
            found.of |= {part: [i] for part, i in zip(DATE_PARTS, columns, strict=False)}
        elif key == "address":
            for i in columns:
                role = _words().get(_key(found.names[i]))
                found.of.setdefault(
                    role if role in (*PLACES, "postcode") and role not in found.of else "address", []
                ).append(i)
        elif columns:
            found.of[key] = columns


class _Sample:
    """Some values of each column, spread over the whole list."""

    def __init__(self, database, table, width):
        self.rows = database.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
        step = max(1, self.rows // _SAMPLE)
        columns = ", ".join(f"c{i}" for i in range(width))
        rows = database.execute(f"SELECT {columns} FROM {table} WHERE n % {step} = 0 LIMIT {2 * _SAMPLE}").fetchall()
        self.columns = [[v for v in column if v and not is_empty(v)] for column in zip(*rows, strict=True)] or [
            []
        ] * width
        self.taken = len(rows)
        self.database, self.table = database, table

    def share(self, place: int, test, at_most: int = 400) -> float:
        values = self.columns[place][:at_most]
        return sum(1 for value in values if test(value)) / len(values) if values else 0.0

    def is_unique(self, place: int) -> bool:
        sql = f"SELECT count(DISTINCT hash(c{place})) FROM {self.table}"
        return self.database.execute(sql).fetchall()[0][0] == self.rows


def _role_by_name(name: str) -> str | None:
    key = _key(name)
    return _words().get(key) or _words().get(_key(re.sub(r"\(.*?\)|\*|ต้องกรอก", "", name)))


_FITS = {
    "national_id": lambda v: len(number_form(v) or "") >= 6,
    "birth_date": lambda v: date_form(v) is not None,
    "sex": lambda v: sex_form(v) is not None,
    "email": lambda v: "@" in v,
    "phone": lambda v: len(re.sub(r"\D", "", v)) >= 6,
}


def _by_name(found: Roles, sample: _Sample) -> None:
    for place, name in enumerate(found.names):
        role = _role_by_name(name)
        if _words().get(_key(name)) == "answers":
            found.left_out.append(name)
        elif role is None:
            continue
        elif role == "id":
            if "id" not in found.of and sample.is_unique(place):
                found.of["id"] = [place]
        elif role in _FITS and sample.columns[place] and sample.share(place, _FITS[role]) < 0.6:
            continue
        elif role in ("address",) or role not in found.of:
            found.of.setdefault(role, []).append(place)
        elif role in (*PLACES, "postcode"):
            found.of.setdefault("address", []).append(place)
        elif role == "full_name":
            found.left_out.append(name)


_CONTENT = {
    "national_id": lambda v: re.fullmatch(r"\d{13}|G\d{12}", number_form(v) or "") is not None,
    "email": lambda v: re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", v) is not None,
    "phone": lambda v: re.fullmatch(r"(0|66)\d{8,9}", re.sub(r"\D", "", v)) is not None,
    "sex": lambda v: sex_form(v) is not None and not v.isdecimal(),
    "birth_date": lambda v: len(v) >= 8 and None not in (date_form(v) or (None,)),
}


def _complete(found: Roles, sample: _Sample, wanted) -> None:
    used = {place for places in found.of.values() for place in places} | set(found.other.values())
    for role in wanted:
        for place in range(len(found.names)):
            answer = _words().get(_key(found.names[place])) == "answers"
            if role not in found.of and place not in used and not answer and sample.share(place, _CONTENT[role]) > 0.8:
                found.of[role] = [place]
                used.add(place)


def _by_content(found: Roles, sample: _Sample) -> None:
    wanted = [role for role in _CONTENT if role != "birth_date" or "birth_year" not in found.of]
    _complete(found, sample, wanted)
    if not {"first_name", "last_name", "full_name"} & set(found.of):
        _names_by_content(found, sample)
    if "full_name" in found.of and "first_name" in found.of and "last_name" not in found.of:
        del found.of["full_name"]


def _names_by_content(found: Roles, sample: _Sample) -> None:
    """Thai names under a heading that does not say so: told by the names that many people bear."""
    from pythainlp.corpus.common import thai_family_names, thai_female_names, thai_male_names

    from khet.kit.thai import without_prefix

    given, family = thai_female_names() | thai_male_names(), thai_family_names()
    used = {place for places in found.of.values() for place in places}
    tests = {
        "full_name": lambda v: (p := without_prefix(v).split()) and len(p) > 1 and (p[0] in given or p[-1] in family),
        "first_name": lambda v: without_prefix(v) in given,
        "last_name": lambda v: v.strip() in family,
    }
    for role, test in tests.items():
        shares = {i: sample.share(i, test) for i in range(len(found.names)) if i not in used}
        best = max(shares, key=shares.get, default=None)
        if best is not None and shares[best] > 0.3 and "full_name" not in found.of:
            found.of[role] = [best]
            used.add(best)


def _rest(found: Roles, sample: _Sample) -> None:
    """Columns of unknown meaning that can still tell persons apart: not empty, not constant, no count of rows."""
    used = {place for places in found.of.values() for place in places}
    for place, name in enumerate(found.names):
        values = sample.columns[place]
        if place in used or name in found.left_out or len(values) < 0.05 * max(sample.taken, 1):
            continue
        distinct = Counter(values)
        if len(distinct) < 2 or (len(distinct) > 0.98 * len(values) and len(values) > 20 and _counts(values)):
            found.left_out.append(name)
            continue
        found.other[name] = place


def _counts(values: list[str]) -> bool:
    return all(re.fullmatch(r"[A-Za-z_-]{0,6}\d+", value) for value in values[:200])
