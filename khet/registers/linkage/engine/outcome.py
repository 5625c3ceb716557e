"""The outcome of a match: pairs with probability and reasons, as rows, as one JSON document, as a csv file.

The pairs stay in the database until they are asked for: a nation's are several million.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from khet.registers.linkage.engine.columns import Roles

BY_OTHERS = "both the same person as a third row"
BY_STEP = {
    "id": "same ID, same first name, and last name or birth date the same",
    "name": "same first name, last name and birth date",
}
_BATCH = 50_000


@dataclass
class Linked:
    """Pairs of two lists, or of one within itself.

    The table `result (l, r, probability, near, reason)` holds row numbers, `reasons (reason, words)` what speaks for a
    pair; `near` is the chance that the two are of one household.
    """

    database: object
    tables: list[str]
    roles: list[Roles]
    notes: list[str] = field(default_factory=list)
    learned: object = None

    @property
    def within(self) -> bool:
        return len(self.tables) == 1

    def count(self, table: str = "result") -> int:
        return self.database.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]

    @property
    def counts(self) -> tuple[int, int]:
        return self.count(self.tables[0]), self.count(self.tables[-1])

    def rows(self) -> list[tuple[int, int, float]]:
        """(left row, right row, probability) by number, from 1; for tests and figures."""
        return self.database.execute("SELECT l, r, probability FROM result").fetchall()

    def pairs(self, at_most: int | None = None) -> Iterator[tuple[str, str, float, list[str]]]:
        """(left id, right id, probability, reasons), the likeliest first."""
        limit = f"LIMIT {at_most}" if at_most else ""
        sql = f"SELECT a.id, b.id, probability, words FROM {self._named()} ORDER BY probability DESC, x.l, x.r {limit}"
        yield from self.database.execute(sql).fetchall()

    def unmatched_count(self) -> int:
        return self.database.execute(f"SELECT count(*) FROM {self._unmatched()}").fetchall()[0][0]

    def json(self) -> Iterator[str]:
        """What `khet link --json` prints, in pieces."""
        left, right = self.counts
        yield f'{{"left": {left}, "right": {right}, "pairs": ['
        words = f"array_to_string(list_transform(words, lambda w: {_json('w')}), ', ')"
        yield from self._listed(
            f"""SELECT '{{"left": ' || {_json("a.id")} || ', "right": ' || {_json("b.id")} || ', "probability": ' """
            f"""|| printf('%.6f', probability) || ', "reasons": [' || {words} """
            f"""|| ']}}' AS piece FROM {self._named()} ORDER BY x.l, x.r"""
        )
        yield '], "unmatched_left": ['
        yield from self._listed(f"SELECT {_json('id')} AS piece FROM {self._unmatched()} ORDER BY n")
        yield "]}"

    def write(self, file: Path) -> None:
        """Write the pairs as csv, the likeliest first."""
        target = str(file).replace("'", "''")
        self.database.execute(
            "COPY (SELECT a.id AS left, b.id AS right, round(probability, 6) AS probability, "
            "array_to_string(words, '; ') AS reasons "
            f"FROM {self._named()} ORDER BY x.probability DESC, x.l, x.r) TO '{target}' (HEADER, DELIMITER ',')"
        )

    def _listed(self, sql: str) -> Iterator[str]:
        first = True
        for batch in self.database.sql(sql).to_arrow_reader(_BATCH):
            if batch.num_rows:
                yield ("" if first else ", ") + ", ".join(batch.column("piece").to_pylist())
                first = False

    def _ids(self, which: int) -> str:
        place = self.roles[which].first("id")
        return f"(SELECT n, {'n::VARCHAR' if place is None else f'c{place}'} AS id FROM {self.tables[which]})"

    def _named(self) -> str:
        left, right = f"JOIN {self._ids(0)} a ON a.n = x.l", f"JOIN {self._ids(-1)} b ON b.n = x.r"
        return f"result x {left} {right} JOIN reasons USING (reason)"

    def _unmatched(self) -> str:
        more = " UNION SELECT r FROM result" if self.within else ""
        return f"(SELECT * FROM {self._ids(0)} WHERE n NOT IN (SELECT l FROM result{more}))"


def _json(sql: str) -> str:
    """SQL of a text as a JSON string."""
    for sign, by in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        sign = f"chr({ord(sign)})" if ord(sign) < 32 else f"'{sign}'"
        sql = f"replace({sql}, {sign}, '{by}')"
    return f"'\"' || regexp_replace({sql}, '[\\x00-\\x1f]', ' ', 'g') || '\"'"


def keep(database, left, right, probability, near, reason, words: dict[int, list[str]]) -> None:
    """Make the tables `result` and `reasons` out of arrays."""
    result = {"l": left, "r": right, "probability": probability, "near": near, "reason": reason}
    database.register("result_in", pa.table({name: pa.array(values) for name, values in result.items()}))
    database.execute(
        "CREATE TABLE result AS SELECT l::INTEGER AS l, r::INTEGER AS r, probability, near, "
        "reason::INTEGER AS reason FROM result_in"
    )
    database.unregister("result_in")
    listed = pa.table({"reason": pa.array(words, pa.int32()), "words": pa.array(words.values(), pa.list_(pa.string()))})
    database.register("reasons_in", listed)
    database.execute("CREATE TABLE reasons AS FROM reasons_in")
    database.unregister("reasons_in")
