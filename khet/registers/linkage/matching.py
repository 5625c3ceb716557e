"""Running the engine over records in memory."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from khet.registers.linkage import rows
from khet.registers.linkage.engine.files import open_database
from khet.registers.linkage.engine.linking import Match

LEAST = 0.05  # what is less likely is not worth a reviewer's look


@dataclass(frozen=True)
class Found:
    """Two records the engine takes for one child's, told as `rows` tells them."""

    left: str
    right: str
    probability: float
    household: float
    reasons: list[str]


def match(
    left: Iterable[tuple], right: Iterable[tuple] | None = None, apart: Collection[tuple[str, str]] = ()
) -> list[Found]:
    """Pairs of the rows of one list with those of another, or within one; none of `apart` (said to be different)."""
    database = open_database()
    lists = [list(left)] + ([] if right is None else [list(right)])
    names = ["left_rows", "right_rows"][: len(lists)]
    if not all(lists):
        return []
    for name, content in zip(names, lists, strict=True):
        _load(database, name, content)
    places = [{row[0]: n for n, row in enumerate(content, start=1)} for content in lists]
    known = [(places[0][a], places[-1][b]) for a, b in apart if a in places[0] and b in places[-1]]
    linked = Match(database, names, [rows.roles() for _name in names], LEAST, apart=known).run()
    sql = "SELECT l, r, probability, near, words FROM result JOIN reasons USING (reason)"
    found = database.execute(sql).fetchall()
    database.close()
    del linked
    return [Found(lists[0][a - 1][0], lists[-1][b - 1][0], p, near, words) for a, b, p, near, words in found]


def _load(database, name: str, content: list[tuple]) -> None:
    import pyarrow as pa

    columns = list(zip(*content, strict=True))
    table = pa.table({"n": pa.array(range(1, len(content) + 1), pa.int32())} | {
        f"c{place}": pa.array([value or None for value in column], pa.string()) for place, column in enumerate(columns)
    })  # fmt: skip
    database.register("rows_in", table)
    database.execute(f"CREATE TABLE {name} AS FROM rows_in")
    database.unregister("rows_in")
