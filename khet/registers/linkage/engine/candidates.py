"""Which pairs are worth comparing: those that share one of several keys, chosen by how many pairs each makes."""

import re
from dataclasses import dataclass
from itertools import combinations

from khet.registers.linkage.engine.people import Layout

ALL_PAIRS = 600_000  # up to here every pair is compared
PER_ROW = 60  # else as many pairs a row, over all keys together, up to …
LARGE = 1_200_000  # … so many pairs and A_FEW more a row
A_FEW = 8
HUGE = 6_000_000  # … and from here on ONE more a row
ONE = 1
MOST_FRIENDS = 60
LARGEST_BLOCK = 40_000  # pairs of one value of a key; beyond it the value tells too little


@dataclass(frozen=True)
class Key:
    """SQL over a row `t`, and the share of the budget it may take."""

    sql: str
    share: float = 0.15
    right: str = ""  # where the right row's key is another expression

    @property
    def sides(self) -> tuple[str, str]:
        return self.sql, self.right or self.sql


def find(database, plan: Layout, left: str, right: str) -> int:
    """Fill the table `pairs (l, r)`; returns their number. With left = right each pair stands once, l < r."""
    count = {table: database.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in (left, right)}
    every = count[left] * count[right] // (2 if left == right else 1)
    if every <= ALL_PAIRS:
        condition = "l.n < r.n" if left == right else "true"
        database.execute(f"CREATE TABLE pairs AS SELECT l.n AS l, r.n AS r FROM {left} l JOIN {right} r ON {condition}")
    else:
        rows = count[left] + count[right]
        budget = min(PER_ROW * rows, LARGE + A_FEW * rows, HUGE + ONE * rows)
        database.execute("CREATE TABLE found (l INTEGER, r INTEGER)")
        for key in keys(plan, _telling(database, plan, left)):
            _add(database, key, left, right, budget * key.share)
        database.execute("CREATE TABLE pairs AS SELECT DISTINCT l, r FROM found")
        database.execute("DROP TABLE found")
    if left != right:
        database.execute(
            f"DELETE FROM pairs WHERE l IN (SELECT n FROM {left} WHERE done) AND r IN (SELECT n FROM "
            f"{right} WHERE done)"
        )
    _mark_swapped(database, plan, left, right)
    return database.execute("SELECT count(*) FROM pairs").fetchall()[0][0]


def keep_apart(database, apart: list[tuple[int, int]]) -> None:
    """Take pairs of rows out of `pairs`."""
    import pyarrow as pa

    left, right = zip(*apart, strict=True)
    database.register("apart_in", pa.table({"l": pa.array(left, pa.int32()), "r": pa.array(right, pa.int32())}))
    database.execute("DELETE FROM pairs WHERE EXISTS (SELECT 1 FROM apart_in a WHERE pairs.l = a.l AND pairs.r = a.r)")
    database.unregister("apart_in")


def friends(database, scored: str, least: float) -> int:
    """Fill the table `friends (l, r, swapped)` with pairs not yet compared that have a likely partner in common."""
    database.execute(
        f"CREATE TEMP TABLE edges AS SELECT l AS a, r AS b FROM {scored} WHERE logit > {least} "
        f"UNION ALL SELECT r, l FROM {scored} WHERE logit > {least}"
    )
    database.execute(
        "CREATE TABLE friends AS SELECT DISTINCT x.b AS l, y.b AS r, false AS swapped FROM edges x JOIN "
        "edges y ON x.a = y.a "
        f"AND x.b < y.b WHERE x.a IN (SELECT a FROM edges GROUP BY a HAVING count(*) <= {MOST_FRIENDS}) "
        "AND NOT EXISTS (SELECT 1 FROM pairs p WHERE p.l = x.b AND p.r = y.b)"
    )
    database.execute("DROP TABLE edges")
    return database.execute("SELECT count(*) FROM friends").fetchall()[0][0]


def _mark_swapped(database, plan: Layout, left: str, right: str) -> None:
    """Mark the pairs whose first and last name stand in each other's place.

    Makes `other`, the right rows to compare with: as they are, and those of such pairs with their names exchanged.
    """
    if not {"f", "l"} <= set(plan.names):
        database.execute("ALTER TABLE pairs ADD COLUMN swapped BOOLEAN DEFAULT false")
        database.execute(f"CREATE TABLE other AS SELECT *, false AS swapped FROM {right}")
        return
    crosswise = "(l.f_sound = r.l_sound AND l.l_sound IS NOT NULL OR l.l_sound = r.f_sound AND l.f_sound IS NOT NULL)"
    database.execute(
        f"CREATE OR REPLACE TABLE pairs AS SELECT p.l, p.r, coalesce({crosswise} AND NOT (l.f_sound = "
        f"r.f_sound OR l.l_sound = r.l_sound), "
        f"false) AS swapped FROM pairs p JOIN {left} l ON l.n = p.l JOIN {right} r ON r.n = p.r"
    )
    columns = [row[0] for row in database.execute(f"DESCRIBE {right}").fetchall()]
    exchanged = ", ".join(f"{_exchanged(column)} AS {column}" for column in columns)
    database.execute(
        f"CREATE TABLE other AS SELECT *, false AS swapped FROM {right} UNION ALL "
        f"SELECT {exchanged}, true AS swapped FROM {right} WHERE n IN (SELECT r FROM pairs WHERE swapped)"
    )


def _exchanged(column: str) -> str:
    found = re.fullmatch(r"(q_)?([fl])_(plain|loose|sound|skel)", column)
    return f"{found[1] or ''}{'l' if found[2] == 'f' else 'f'}_{found[3]}" if found else column


def _telling(database, plan: Layout, table: str) -> list[str]:
    """The columns of places and other words that tell most rows apart, the most telling first."""
    columns = [*plan.texts, *(["postcode"] if plan.postcode else [])]
    if not columns:
        return []
    counts = ", ".join(f"approx_count_distinct({column})" for column in columns)
    found = dict(zip(columns, database.execute(f"SELECT {counts} FROM {table}").fetchall()[0], strict=True))
    return sorted((column for column in columns if found[column] > 1), key=lambda column: -found[column])


def _add(database, key: Key, left: str, right: str, most: float) -> None:
    """Add the pairs of a key to `found`, unless they are too many; values that most rows bear are passed over."""
    tables, (a, b) = ("key_l", "key_l" if left == right and not key.right else "key_r"), key.sides
    for table, persons, sql in zip(tables, (left, right), (a, b), strict=True):
        database.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT n, key FROM (SELECT t.n, {sql} AS key FROM {persons} t) "
            "WHERE key IS NOT NULL"
        )
    one = tables[0] == tables[1]
    pairs = "x.n * (x.n - 1) // 2" if one else "x.n * y.n"
    other = "" if one else f" JOIN (SELECT key, count(*) AS n FROM {tables[1]} GROUP BY key) y USING (key)"
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE blocks AS SELECT * FROM (SELECT key, {pairs} AS pairs "
        f"FROM (SELECT key, count(*) AS n FROM {tables[0]} GROUP BY key) x{other}) "
        f"WHERE pairs BETWEEN 1 AND {LARGEST_BLOCK}"
    )
    if database.execute("SELECT coalesce(sum(pairs), 0) FROM blocks").fetchall()[0][0] > most:
        return
    picked = "least(x.n, y.n), greatest(x.n, y.n)" if left == right else "x.n, y.n"
    condition = ("AND x.n < y.n" if one else "AND x.n <> y.n") if left == right else ""
    database.execute(
        f"INSERT INTO found SELECT {picked} FROM {tables[0]} x SEMI JOIN blocks USING (key) JOIN {tables[1]} y "
        f"ON x.key = y.key {condition}"
    )


def keys(plan: Layout, telling: list[str]) -> list[Key]:
    """The keys worth trying, the most telling first."""
    first, last = "f" in plan.names, "l" in plan.names
    parts: dict[str, str] = {}
    if first:
        parts |= {"f": "t.f_sound", "f2": "left(t.f_loose, 2)"}
    if last:
        parts |= {"l": "t.l_sound", "l2": "left(t.l_loose, 2)"}
    if plan.date:
        parts |= {"b": "t.ymd", "y": "t.y", "md": "t.mo * 100 + t.d"}
    parts |= {role: f"t.{role}" for role in ("national_id", "phone", "email", "postcode") if getattr(plan, role)}
    parts |= {column: f"t.{column}" for column in plan.texts}
    places = [c for c in telling if c in plan.places or c == "postcode"][:4]
    others = [c for c in telling if c in plan.texts and c not in plan.places]
    wanted: list[tuple[str, ...]] = [
        ("national_id",),
        ("email",),
        ("phone",),
        ("f", "l"),
        ("b", "l2"),
        ("b", "f2"),
        ("f", "y"),
        ("l", "y", "f2"),
    ]
    wanted += [("l", "md"), ("f", "md"), ("b",), ("l", "y"), ("f", "l2")]
    wanted += [(name, place) for place in places for name in ("f", "l", "b", "y", "md")]
    wanted += [(*two, name) for two in combinations(places[:3], 2) for name in ("f2", "l2", "y")]
    wanted += [(name, other) for other in others[:6] for name in ("f", "l", "b")]
    if not (first or last or plan.date):
        wanted += list(combinations([*places, *others][:10], min(4, len(plan.texts))))
    if plan.mixed_scripts:
        parts |= {"fs": "t.f_skel", "ls": "t.l_skel"} if first and last else {}
        wanted += [("fs", "ls"), ("fs", "b"), ("ls", "b")]
    found = [Key(_joined([parts[p] for p in names])) for names in wanted if all(p in parts for p in names)]
    if plan.date:
        found.insert(4, Key("t.ymd", right="printf('%04d%02d%02d', t.y, t.d, t.mo)"))
    if first and last:
        found.insert(4, Key(_joined(["t.f_sound", "t.l_sound"]), right=_joined(["t.l_sound", "t.f_sound"])))
    return list(dict.fromkeys(found))


def _joined(parts: list[str]) -> str:
    """SQL of one key out of several values; none where one of them is missing."""
    known = " AND ".join(f"{part} IS NOT NULL" for part in parts)
    return f"CASE WHEN {known} THEN hash({', '.join(parts)}) END"
