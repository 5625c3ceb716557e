"""The matching past one machine: the tables of a run as views of a Spark session, asked by the very same SQL.

`candidates`, `patterns` and `scoring` speak to a DuckDB connection. A `SparkDatabase` takes its place: it turns each
statement into Spark's words and keeps what it makes as a view. Keys, comparisons and learned chances are those of one
machine. Needs the extra `khet[spark]`; what is learned stays in the caller's process.
"""

from pathlib import Path

import sqlglot
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from sqlglot import exp


class SparkDatabase:
    """As much of a DuckDB connection as a run needs; tables are views that live as long as the session."""

    def __init__(self, session):
        self.session = session
        session.udf.register("jarowinkler_similarity", _alike, "double")
        session.udf.register("damerau_levenshtein", _slips, "int")

    def load(self, table: str, file: Path) -> None:
        """Make a table of a Parquet file, or of a folder of them."""
        self._keep(table, self.session.read.parquet(str(file)))

    def register(self, table: str, rows) -> None:
        """Make a table of an Arrow table."""
        self._keep(table, self.session.createDataFrame(rows.to_pylist()))

    def unregister(self, table: str) -> None:
        self.session.catalog.dropTempView(table)

    def execute(self, sql: str) -> "Answer":
        """Carry out one statement. Raises ValueError for one that no run asks."""
        statement = sqlglot.parse_one(sql, read="duckdb").transform(_in_spark_s_words)
        if isinstance(statement, exp.Query):
            return Answer(self._ask(statement))
        table = statement.find(exp.Table).name
        if isinstance(statement, exp.Create):
            if statement.expression is None:
                self._keep(table, self._empty(statement))
            else:
                self._keep(table, self._ask(statement.expression))
        elif isinstance(statement, exp.Insert):
            self._keep(table, self.session.table(table).unionAll(self._ask(statement.expression)))
        elif isinstance(statement, exp.Delete):
            rest = exp.select("*").from_(table).where(exp.not_(statement.args["where"].this))
            self._keep(table, self._ask(rest))
        elif isinstance(statement, exp.Drop):
            self.session.catalog.dropTempView(table)
        elif isinstance(statement, exp.Describe):
            return Answer(None, [(name,) for name in self.session.table(table).columns])
        else:
            raise ValueError(f"{statement.key}: a matching on Spark knows no such statement; write it as a SELECT.")
        return Answer(None)

    def _ask(self, query: exp.Expression):
        return self.session.sql(query.sql(dialect="spark"))

    def _keep(self, table: str, rows) -> None:
        rows.persist().createOrReplaceTempView(table)

    def _empty(self, statement: exp.Create):
        columns = ", ".join(
            f"{one.name} {one.args['kind'].sql(dialect='spark')}" for one in statement.find_all(exp.ColumnDef)
        )
        return self.session.createDataFrame([], columns)


class Answer:
    """What a statement gave, read as DuckDB's answers are."""

    def __init__(self, rows, known: list[tuple] | None = None):
        self.rows, self.known = rows, known

    def fetchall(self) -> list[tuple]:
        return self.known if self.known is not None else [tuple(row) for row in self.rows.collect()]


def _in_spark_s_words(node: exp.Expression) -> exp.Expression:
    """Words for which Spark has others: keys of several values are hashed, large numbers are decimals."""
    if isinstance(node, exp.Anonymous) and node.name.lower() == "hash":
        return exp.Anonymous(this="xxhash64", expressions=node.expressions)
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.INT128:
        return exp.DataType.build("DECIMAL(38, 0)")
    return node


def _alike(a: str | None, b: str | None) -> float | None:
    return None if a is None or b is None else JaroWinkler.similarity(a, b)


def _slips(a: str | None, b: str | None) -> int | None:
    return None if a is None or b is None else DamerauLevenshtein.distance(a, b)
