"""How often each pattern of agreement occurs, among the candidates and among pairs drawn at random."""

import re
from dataclasses import dataclass

import numpy as np

from khet.registers.linkage.engine.comparisons import GROUPS, Comparison

RANDOM_PAIRS = 120_000
_NUMBERS = ("national_id", "email", "phone")  # a value borne twice is one person's, not a common one


@dataclass
class Patterns:
    """levels[i, k] is the level of comparison k in pattern i, `count` the pairs that show it, `code` its number.

    rarity  for each of GROUPS the mean over those pairs of Σ ln(frequency) of the values they agree on in full
    """

    code: list[int]
    levels: np.ndarray
    count: np.ndarray
    rarity: dict[str, np.ndarray]


def add_frequencies(database, comparisons: list[Comparison], tables: list[str]) -> None:
    """Give each row of persons, for each comparison that asks for it.

    The chance `q_…` that another bears the same value.
    """
    columns = [c.frequency for c in comparisons if c.frequency]
    if not columns:
        return
    union = " UNION ALL ".join(f"SELECT {', '.join(columns)} FROM {table}" for table in tables)
    for column in columns:
        others = "greatest(count(*) - 2, 0.02)" if column in _NUMBERS else "greatest(count(*) - 1, 0.5)"
        database.execute(
            f"CREATE TABLE freq_{column} AS SELECT {column} AS value, ({others} / sum(count(*)) OVER "
            f"())::FLOAT AS share "
            f"FROM ({union}) WHERE {column} IS NOT NULL GROUP BY {column}"
        )
    for table in tables:
        joins = " ".join(f"LEFT JOIN freq_{c} ON freq_{c}.value = t.{c}" for c in columns)
        shares = "".join(f", freq_{c}.share AS q_{c}" for c in columns)
        database.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT t.*{shares} FROM {table} t {joins}")


def compare(database, comparisons: list[Comparison], pairs: str, left: str, right: str, into: str) -> None:
    """Make the table `into (l, r, code, own, birth, kin, place)` of a table of pairs (l, r, swapped).

    `right` has `swapped`, too; see candidates. In three steps: the values of a pair, the figures that several levels
    ask for, the levels.
    """
    asked = [(i, c) for i, c in enumerate(comparisons) if c.frequency]
    shares = "".join(f", greatest(l.q_{c.frequency}, r.q_{c.frequency}) AS q{i}" for i, c in asked)
    levels = ", ".join(f"{_flat(c.sql)} AS g{i}" for i, c in enumerate(comparisons))
    asides = "".join(f", {_flat(sql)} AS {name}" for c in comparisons for name, sql in c.aside.items())
    sql = " ".join([*(c.sql for c in comparisons), *(text for c in comparisons for text in c.aside.values())])
    values = "".join(f", {side}.{name} AS {side}__{name}" for side, name in sorted(set(_VALUE.findall(sql))))
    passed = "".join(f", q{i}" for i, _c in asked)
    sums = ", ".join(f"({_rarity(asked, group)})::FLOAT AS {group}" for group in GROUPS)
    joined = f"{pairs} p JOIN {left} l ON l.n = p.l JOIN {right} r ON r.n = p.r AND r.swapped = p.swapped"
    database.execute(
        f"CREATE OR REPLACE TABLE {into} AS SELECT a AS l, b AS r, {_code(comparisons)} AS code, {sums} FROM "
        f"(SELECT a, b{passed}, {levels} FROM (SELECT *{asides} FROM "
        f"(SELECT p.l AS a, p.r AS b{shares}{values} FROM {joined})))"
    )


_VALUE = re.compile(r"\b([lr])\.(\w+)")


def _flat(sql: str) -> str:
    """The SQL over columns l__x and r__x instead of rows l and r."""
    return _VALUE.sub(r"\1__\2", sql)


def _rarity(asked, group: str) -> str:
    return " + ".join(f"CASE g{i} WHEN {c.best} THEN ln(q{i}) ELSE 0 END" for i, c in asked if c.group == group) or "0"


def _code(comparisons) -> str:
    """The pattern as one number: each level in a place of its own."""
    terms, base = [], 1
    for i, comparison in enumerate(comparisons):
        terms.append(f"g{i}::KIND * {base}")
        base *= comparison.size
    return " + ".join(terms).replace("KIND", "BIGINT" if base < 2**62 else "HUGEINT")


def patterns(database, comparisons: list[Comparison], table: str) -> Patterns:
    """The patterns of a compared table."""
    means = ", ".join(f"avg({group})" for group in GROUPS)
    rows = database.execute(f"SELECT code, count(*), {means} FROM {table} GROUP BY code").fetchall()
    code, count, *rarity = zip(*rows, strict=True) if rows else [()] * (2 + len(GROUPS))
    rest, levels = list(code), np.zeros((len(code), len(comparisons)), np.int8)
    for k, comparison in enumerate(comparisons):
        levels[:, k] = [number % comparison.size for number in rest]
        rest = [number // comparison.size for number in rest]
    return Patterns(
        list(code), levels, np.array(count, float), {g: np.array(v, float) for g, v in zip(GROUPS, rarity, strict=True)}
    )


def draw_pairs(database, left: str, right: str) -> None:
    """Fill the table `drawn (l, r, swapped)` with pairs drawn at random, always the same ones."""
    rng = np.random.default_rng(20)
    rows = {t: database.execute(f"SELECT n FROM {t}").fetchnumpy()["n"] for t in {left, right}}
    a, b = rng.choice(rows[left], RANDOM_PAIRS), rng.choice(rows[right], RANDOM_PAIRS)
    keep = a < b if left == right else np.ones(len(a), bool)
    drawn = {"l": a[keep], "r": b[keep]}  # noqa: F841  DuckDB finds it by name
    database.execute("CREATE TABLE drawn AS SELECT l, r, false AS swapped FROM drawn")
