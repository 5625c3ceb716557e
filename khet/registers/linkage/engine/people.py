"""The rows that are left as persons: every value in the forms under which it is compared.

Each distinct value is put into its forms once, in Python, and joined to the rows that bear it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pyarrow as pa

from khet.kit.thai import tidy, without_prefix
from khet.registers.linkage.engine import forms, thai_names
from khet.registers.linkage.engine.columns import DATE_PARTS, PLACES, Roles

NAME_FORMS = ("plain", "loose", "sound", "skel")
NEW_YEARS_CHILDREN = 0.04  # a day of the year has 0.3 % of the births
SAMPLED, LONG = 16, 200_000
TEXT_ROLES = ("address", *PLACES)


@dataclass
class Layout:
    """Which kinds of values both lists have, and under which columns of the person tables they stand.

    names  f first, l last, m middle, k nickname, a former last name
    texts  {column: words for it}: places and columns of unknown meaning
    """

    names: list[str] = field(default_factory=list)
    date: bool = False
    sex: bool = False
    national_id: bool = False
    phone: bool = False
    email: bool = False
    postcode: bool = False
    nickname: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)
    sources: list[dict[str, int]] = field(default_factory=list)
    mixed_scripts: bool = False


_NAME_ROLES = {"f": "first_name", "l": "last_name", "m": "middle_name", "a": "second_last_name"}


def layout(sides: list[Roles]) -> Layout:
    """What can be compared: what every list holds."""
    found = Layout(sources=[{} for _ in sides])
    for short, role in _NAME_ROLES.items():
        if all(_has_name(side, role) for side in sides):
            found.names.append(short)
    found.nickname = any(side.of.get("nickname") for side in sides)
    found.date = all(side.of.get("birth_date") or side.of.get("birth_year") for side in sides)
    found.sex = all(side.of.get("sex") or side.of.get("prefix") or side.of.get("full_name") for side in sides)
    for role in ("national_id", "phone", "email", "postcode"):
        setattr(found, role, all(side.of.get(role) for side in sides))
    _texts(found, sides)
    return found


def _has_name(side: Roles, role: str) -> bool:
    return bool(side.of.get(role) or (role in ("first_name", "last_name") and side.of.get("full_name")))


def _texts(found: Layout, sides: list[Roles]) -> None:
    def add(words: str, places: Iterable[int], is_place: bool) -> None:
        column = f"t{len(found.texts)}"
        found.texts[column] = words
        if is_place:
            found.places.add(column)
        for sources, place in zip(found.sources, places, strict=True):
            sources[column] = place

    shared = [role for role in PLACES if all(side.of.get(role) for side in sides)]
    for role in shared:
        add(role, [side.first(role) for side in sides], True)
    lists = [side.of.get("address", []) for side in sides]
    if len({len(columns) for columns in lists}) == 1:
        for places in zip(*lists, strict=True):
            add(sides[0].names[places[0]], places, True)
    for name in sides[0].other:
        if all(name in side.other for side in sides):
            add(name, [side.other[name] for side in sides], False)


def build(database, table: str, source: str, side: Roles, which: int, plan: Layout) -> None:
    """Make the table of persons of one list out of a table `source`, which has its columns c0, c1 …, n and done."""
    columns, joins = ["s.n", "s.done"], []

    def add(key: str, raw: str, names: list[str], work: Callable, types: list) -> None:
        name = f"map_{table}_{key}"
        by_sql = key in plan.names and side.of.get("full_name") is None and not plan.mixed_scripts
        _map(database, name, source, raw, names, work, types, by_sql)
        joins.append(f"LEFT JOIN {name} m_{key} ON m_{key}.raw = {raw}")
        columns.extend(f"m_{key}.{name} AS {name}" for name in names)

    for short in plan.names:
        _add_name(add, short, side, plan)
    if plan.nickname:
        _add_nickname(add, columns, side)
    if plan.date:
        _add_date(add, database, source, side)
    if plan.sex:
        _add_sex(add, columns, side)
    for role, work in (
        ("national_id", forms.id_form),
        ("phone", forms.phone_form),
        ("email", forms.email_form),
        ("postcode", forms.number_form),
    ):
        if getattr(plan, role):
            add(role, f"s.c{side.first(role)}", [role], lambda v, w=work: (w(v),), [pa.string()])
    for column, place in plan.sources[which].items():
        add(column, f"s.c{place}", [column], lambda v: (forms.text_form(v),), [pa.string()])
    database.execute(f"CREATE TABLE {table} AS SELECT {', '.join(columns)} FROM {source} s {' '.join(joins)}")
    for join in joins:
        database.execute(f"DROP TABLE {join.split()[2]}")
    if plan.date:
        _settle_dates(database, table)


def _map(database, name: str, source: str, raw: str, names: list[str], work: Callable, types: list, sql: bool) -> None:
    """Make the table `name` of each distinct value and its forms; of plain Thai names by SQL, where `sql` allows."""
    database.execute(
        f"CREATE TEMP TABLE {name}_raw AS SELECT DISTINCT {raw} AS raw FROM {source} s WHERE raw IS NOT NULL"
    )
    rest = f"SELECT raw FROM {name}_raw"
    if sql:
        database.execute(f"CREATE TEMP TABLE {name} AS {thai_names.table(f'{name}_raw', names)}")
        rest += f" WHERE NOT {thai_names.is_plain('raw')}"
    values = database.sql(rest).to_arrow_table()
    empty = (None,) * len(names)
    found = list(zip(*(work(value) or empty for value in values.column("raw").to_pylist()), strict=True))
    arrays = [pa.array(column, kind) for column, kind in zip(found or [()] * len(names), types, strict=True)]
    database.register("forms_in", pa.table([values.column("raw").combine_chunks(), *arrays], names=["raw", *names]))
    database.execute(f"INSERT INTO {name} FROM forms_in" if sql else f"CREATE TEMP TABLE {name} AS FROM forms_in")
    database.unregister("forms_in")
    database.execute(f"DROP TABLE {name}_raw")


def _add_name(add, short: str, side: Roles, plan: Layout) -> None:
    place = side.first(_NAME_ROLES[short])
    names = [f"{short}_{form}" for form in NAME_FORMS]
    kinds = [pa.string()] * 4
    if place is not None:
        add(short, f"s.c{place}", names, lambda v: forms.name_forms(v, plan.mixed_scripts), kinds)
        return
    part = 0 if short == "f" else 1
    add(
        short,
        f"s.c{side.first('full_name')}",
        names,
        lambda v: forms.name_forms(split_name(v)[part], plan.mixed_scripts),
        kinds,
    )


def split_name(text: str) -> tuple[str, str]:
    """(first, last) of a full name; 'Last, First' is turned round."""
    bare = without_prefix(tidy(text))
    if bare.count(",") == 1 and all(part.strip() for part in bare.split(",")) and len(bare.split(",")[0].split()) == 1:
        last, first = bare.split(",")
        return first.strip(), last.strip()
    first, _space, last = bare.partition(" ")
    return first, last


def _add_nickname(add, columns: list[str], side: Roles) -> None:
    if (place := side.first("nickname")) is None:
        columns.append("NULL::VARCHAR AS k_loose")
        return
    add("k", f"s.c{place}", ["k_loose"], lambda v: (forms.name_forms(v) or (None, None))[1:2], [pa.string()])


def _add_date(add, database, source: str, side: Roles) -> None:
    kinds = [pa.int16(), pa.int16(), pa.int16()]
    if (place := side.first("birth_date")) is not None:
        some = database.execute(f"SELECT DISTINCT c{place} FROM {source} s LIMIT 2000").fetchall()
        month_first = forms.writes_month_first([value for (value,) in some if value])
        add("b", f"s.c{place}", ["y", "mo", "d"], lambda v: forms.date_form(v, month_first), kinds)
        return
    parts = [side.first(part) for part in DATE_PARTS]
    raw = " || '-' || ".join(f"coalesce(s.c{p}, '0')" if p is not None else "'0'" for p in parts)
    add("b", f"({raw})", ["y", "mo", "d"], forms.date_form, kinds)


def mixed_scripts(database, tables: list[str], sides: list[Roles]) -> bool:
    """Whether some names stand in Latin letters and some in Thai ones."""
    found = set()
    for table, side in zip(tables, sides, strict=True):
        for role in ("first_name", "last_name", "full_name"):
            for place in side.of.get(role, ())[:1]:
                tests = " , ".join(
                    f"bool_or(regexp_matches(c{place}, '{letters}'))" for letters in ("[A-Za-z]{2}", "[ก-ฮ]")
                )
                some = f"WHERE n % {SAMPLED} = 0 OR n <= {LONG}"  # of a long list one row in so many tells it
                row = database.execute(f"SELECT {tests} FROM {table} {some}").fetchall()[0]
                found |= {script for script, seen in zip(("latin", "thai"), row, strict=True) if seen}
    return len(found) == 2


def _settle_dates(database, table: str) -> None:
    """Add `ymd`. Where far too many are born on 1 January, it stands for an unknown day, and is taken away."""
    new_year = "coalesce(mo = 1 AND d = 1, false)"
    share = database.execute(f"SELECT avg(({new_year})::INT) FROM {table} WHERE d IS NOT NULL").fetchall()[0][0] or 0
    unknown = new_year if share > NEW_YEARS_CHILDREN else "false"
    database.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT *, CASE WHEN d IS NOT NULL AND mo IS NOT NULL THEN "
        f"printf('%04d%02d%02d', y, mo, d) END AS ymd FROM (SELECT * REPLACE (CASE WHEN {unknown} THEN "
        f"NULL ELSE mo END "
        f"AS mo, CASE WHEN {unknown} THEN NULL ELSE d END AS d) FROM {table})"
    )


def _add_sex(add, columns: list[str], side: Roles) -> None:
    found = []
    for role in ("sex", "prefix"):
        if (place := side.first(role)) is not None:
            add(f"x{role}", f"s.c{place}", [f"x_{role}"], lambda v: (forms.sex_form(v),), [pa.string()])
            found.append(f"x_{role}")
    if not found:
        add("xname", f"s.c{side.first('full_name')}", ["x_name"], lambda v: (forms.sex_of_name(v),), [pa.string()])
        found.append("x_name")
    columns.append(f"coalesce({', '.join(found)}) AS sex")
