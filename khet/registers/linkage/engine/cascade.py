"""The cheap steps first: rows that agree to the letter on ID and name, or on name and birth date, need no model."""

from dataclasses import dataclass

import numpy as np

from khet.registers.linkage.engine.columns import Roles

_PREFIX = r"^(เด็กชาย|เด็กหญิง|นางสาว|นาย|นาง|ด\.ช\.|ด\.ญ\.|น\.ส\.)\s*"
SEVERAL = 3  # rows that may share an ID in one list and still be taken for one person
SAMPLED = 4  # one value in so many is counted to tell whether a list has doubles
MANY_ROWS = 60_000  # from here on equal names and birth dates are taken at once too


@dataclass
class Sure:
    """Pairs of row numbers found to the letter, and by which step ('id' or 'name')."""

    left: np.ndarray
    right: np.ndarray
    step: np.ndarray


def exact(database, tables: list[str], sides: list[Roles]) -> Sure:
    """The pairs of two lists that need no model. Fills no table."""
    found = [np.empty((0, 2), np.int64)]
    steps = [np.empty(0, "U4")]
    if all(side.of.get("national_id") and side.of.get("first_name") for side in sides):
        pairs = _by_id(database, tables, sides)
        found.append(pairs)
        steps.append(np.full(len(pairs), "id"))
    rows = [database.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in tables]
    needed = ("first_name", "last_name", "birth_date")
    if sum(rows) >= MANY_ROWS and all(side.of.get(role) for side in sides for role in needed):
        pairs = _by_name(database, tables, sides, found[-1])
        found.append(pairs)
        steps.append(np.full(len(pairs), "name"))
    pairs = np.concatenate(found)
    return Sure(pairs[:, 0], pairs[:, 1], np.concatenate(steps))


def _by_id(database, tables, sides) -> np.ndarray:
    """Same ID, same first name, and last name or birth date the same: a twin's ID written for the other's stays out."""
    number = "TRY_CAST(replace(replace({0}, '-', ''), ' ', '') AS BIGINT)"
    picked = []
    for table, side in zip(tables, sides, strict=True):
        more = "".join(
            f", c{place} AS {name}" if (place := side.first(role)) is not None else f", NULL AS {name}"
            for role, name in (("first_name", "f"), ("last_name", "s"), ("birth_date", "b"))
        )
        column = f"c{side.first('national_id')}"
        picked.append(f"(SELECT n, {number.format(column)} AS id{more} FROM {table} WHERE {column} IS NOT NULL)")
    bare = "regexp_replace({0}, '" + _PREFIX + "', '')"
    same_first = f"(l.f = r.f OR lower({bare.format('l.f')}) = lower({bare.format('r.f')}))"
    alone = "(l.s IS NULL AND r.s IS NULL AND l.b IS NULL AND r.b IS NULL)"
    rows = database.execute(
        f"SELECT l.n AS l, r.n AS r FROM {picked[0]} l JOIN {picked[1]} r ON l.id = r.id "
        f"WHERE l.id > 9999 AND {same_first} AND (l.s = r.s OR l.b = r.b OR {alone})"
    ).fetchnumpy()
    return _few_each(np.stack([rows["l"], rows["r"]], axis=1), SEVERAL)


def _by_name(database, tables, sides, before: np.ndarray) -> np.ndarray:
    """Same first name, last name and birth date, borne by one row of each list that is left.

    Aand no two different IDs.
    """
    with_id = all(side.of.get("national_id") for side in sides)
    picked = []
    for which, (table, side) in enumerate(zip(tables, sides, strict=True)):
        f, s, b = (f"c{side.first(role)}" for role in ("first_name", "last_name", "birth_date"))
        number = f"c{side.first('national_id')}" if with_id else "NULL"
        database.register("rows_done", _table(before[:, which]))
        database.execute(
            f"CREATE OR REPLACE TEMP TABLE rest_{which} AS SELECT n, {f} AS f, {s} AS s, {b} AS b, "
            f"{number} AS id FROM {table} "
            f"ANTI JOIN rows_done USING (n) WHERE {f} IS NOT NULL AND {s} IS NOT NULL AND length({b}) >= 8"
        )
        database.unregister("rows_done")
        picked.append(f"rest_{which}")
    rows = database.execute(
        f"SELECT l.n AS l, r.n AS r FROM {picked[0]} l JOIN {picked[1]} r ON l.f = r.f AND l.s = r.s AND l.b = r.b "
        "WHERE l.id IS NULL OR r.id IS NULL"
    ).fetchnumpy()
    for table in picked:
        database.execute(f"DROP TABLE {table}")
    return _few_each(np.stack([rows["l"], rows["r"]], axis=1), 1)


def _table(numbers: np.ndarray):
    import pyarrow as pa

    return pa.table({"n": numbers.astype(np.int32)})


def _few_each(pairs: np.ndarray, most: int) -> np.ndarray:
    """The pairs whose rows stand in no more than so many pairs."""
    if not len(pairs):
        return pairs.astype(np.int64)
    counts = [np.bincount(pairs[:, side])[pairs[:, side]] for side in (0, 1)]
    return pairs[(counts[0] <= most) & (counts[1] <= most)].astype(np.int64)


def doubles(database, table: str, side: Roles) -> float:
    """The share of a list's rows that repeat another's ID, or name and birth date where there is no ID.

    A value many rows bear is none of theirs: it fills the field. An ID borne with another first name and another birth
    date is a slip of the pen, not the same child again.
    """
    wanted = ("national_id",) if side.of.get("national_id") else ("first_name", "last_name", "birth_date")
    columns = [f"c{side.first(role)}" for role in wanted if side.of.get(role)]
    if len(columns) < len(wanted):
        return 0.0
    own = [f"c{side.first(role)}" for role in ("first_name", "birth_date") if side.of.get(role)]
    known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    persons = "least(" + ", ".join(f"greatest(count(DISTINCT {column}), 1)" for column in own) + ")" if own else "1"
    # Few values are borne twice; only of those is it asked who bears them.
    rows, repeated = database.execute(
        f"WITH sampled AS (FROM {table} WHERE {known} AND hash({columns[0]}) % {SAMPLED} = 0), "
        f"borne AS (SELECT {', '.join(columns)}, count(*) AS n FROM sampled GROUP BY ALL HAVING n <= {SEVERAL}), "
        f"again AS (SELECT count(*) - {persons} AS n FROM sampled "
        f"SEMI JOIN (FROM borne WHERE n > 1) USING ({', '.join(columns)}) GROUP BY {', '.join(columns)}) "
        "SELECT (SELECT sum(n) FROM borne), (SELECT sum(n) FROM again)"
    ).fetchall()[0]
    return float((repeated or 0) / rows) if rows else 0.0


def near(table: str, side: Roles, other: str, other_side: Roles, done: str, done_other: str) -> str:
    """SQL of the matched rows of a list that an unmatched row of the other may be, too, as a row that stands twice.

    They agree to the letter on two of first name, last name and birth date. "" where a list lacks one of these.
    """
    roles = ("first_name", "last_name", "birth_date")
    if not all(one.of.get(role) for one in (side, other_side) for role in roles):
        return ""
    mine, theirs = ([f"c{one.first(role)}" for role in roles] for one in (side, other_side))
    same = " OR ".join(
        f"hash(t.{mine[a]}, t.{mine[b]}) IN (SELECT hash({theirs[a]}, {theirs[b]}) FROM {other} "
        f"ANTI JOIN {done_other} USING (n) WHERE {theirs[a]} IS NOT NULL AND {theirs[b]} IS NOT NULL)"
        for a, b in ((0, 1), (0, 2), (1, 2))
    )
    return f"SELECT t.*, true AS done FROM {table} t SEMI JOIN {done} USING (n) WHERE {same}"
