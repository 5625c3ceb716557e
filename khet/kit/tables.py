"""The one door to Arrow tables: out of the database by SQL, and through DuckDB in memory.

PostgreSQL is read by ADBC. SQLite is read by Python's own library and never by ADBC's, which is a second copy of SQLite
in one process: when it closes the file, the system drops the locks that Django's connection holds on it
(docs/decisions/0010). Inside a transaction Django's own cursor reads, so that the transaction's rows are seen.
"""

import contextlib
import json
import os
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from django.db import connection

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# Column kinds by a short word, so that a room can name them without loading Arrow.
_TYPES = {"str": "string", "int": "int64", "float": "float64", "date": "date32", "bool": "bool"}


class Reader(Protocol):
    def fetch(self, sql: str, params: Sequence, columns: Mapping[str, str]) -> "pa.Table": ...


_reader: ContextVar[Reader | None] = ContextVar("khet_tables_reader", default=None)


def read_sql(query, columns: Mapping[str, str], params: Sequence = ()) -> "pa.Table":
    """Rows of a query as an Arrow table, equal whatever database and way of reading.

    query    SQL with %s for each parameter, or a queryset of values_list
    columns  {name: str | int | float | date | bool}, in the order of the query
    returns  the rows in no particular order
    """
    import pyarrow as pa

    if not isinstance(query, str):
        query, params = query.query.get_compiler(connection=connection).as_sql()
    with moment() as reader:
        table = reader.fetch(query, tuple(params), columns)
    return pa.table({name: _as(table.column(i), kind) for i, (name, kind) in enumerate(columns.items())})


@contextlib.contextmanager
def moment() -> Iterator[Reader]:
    """Everything read inside sees the database as it was at one moment; commits meanwhile are not seen."""
    if found := _reader.get():
        yield found
        return
    with _open() as reader:
        token = _reader.set(reader)
        try:
            yield reader
        finally:
            _reader.reset(token)


def month_of(column: str) -> str:
    """SQL that gives the month (1 to 12) of a date column."""
    if connection.vendor == "sqlite":
        return f"CAST(substr({column}, 6, 2) AS INTEGER)"
    return f"EXTRACT(MONTH FROM {column})::INTEGER"


def duck() -> "duckdb.DuckDBPyConnection":
    """This thread's own connection to the DuckDB in memory of this process. Downloads nothing."""
    if getattr(_local, "pid", None) != os.getpid():
        _local.pid, _local.connection = os.getpid(), _instance().cursor()
    return _local.connection


def query(sql: str, params: Sequence | Mapping = (), /, **tables: "pa.Table") -> "pa.Table":
    """The result of DuckDB SQL over Arrow tables, each under the name it is given by."""
    connection = duck()
    for name, table in tables.items():
        connection.register(name, table)
    try:
        return connection.sql(sql, params=params or None).to_arrow_table()
    finally:
        for name in tables:
            connection.unregister(name)


_local = threading.local()
_lock = threading.Lock()
_instances: dict[int, "duckdb.DuckDBPyConnection"] = {}  # by process, for a fork must not share one


def _instance() -> "duckdb.DuckDBPyConnection":
    import duckdb

    with _lock:
        if os.getpid() not in _instances:
            offline = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
            _instances[os.getpid()] = duckdb.connect(":memory:", config=offline)
        return _instances[os.getpid()]


def _as(column, kind: str):
    """The column in its kind; text that holds a date or a number is read as such."""
    import pyarrow as pa
    import pyarrow.compute as pc

    target = pa.type_for_alias(_TYPES[kind])
    if column.type == target:
        return column
    if kind == "bool" and not pa.types.is_null(column.type):
        return pc.not_equal(column, 0)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(target)


def _open():
    if connection.in_atomic_block or not _can_read_aside():
        return contextlib.nullcontext(_Django())
    return _sqlite() if connection.vendor == "sqlite" else _postgresql()


def _can_read_aside() -> bool:
    """False for a database in memory (tests), which only its own connection sees."""
    return connection.vendor == "postgresql" or Path(str(connection.settings_dict["NAME"])).is_file()


class _Django:
    """Reads with Django's own cursor."""

    def fetch(self, sql, params, columns):
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return _table(cursor.fetchall(), columns)


class _Sqlite:
    """Reads with a connection of its own, of the same library as Django's.

    Whole columns come as one JSON text each: a million rows then cost a few calls, not a million.
    """

    def __init__(self, own: sqlite3.Connection):
        self.own = own

    def fetch(self, sql, params, columns):
        import pyarrow as pa

        sql = re.sub(r"(?<!%)%s", "?", sql).replace("%%", "%")
        if "float" in columns.values():  # JSON would cut a number after 15 digits
            return _table(self.own.execute(sql, params).fetchall(), columns)
        places = ", ".join(f"c{n}" for n in range(len(columns)))
        arrays = ", ".join(f"json_group_array(c{n})" for n in range(len(columns)))
        found = self.own.execute(f"WITH khet_rows({places}) AS ({sql}) SELECT {arrays} FROM khet_rows", params)  # noqa: S608
        return pa.table([pa.array(json.loads(text)) for text in found.fetchone()], names=list(columns))


@contextlib.contextmanager
def _sqlite():
    path = Path(str(connection.settings_dict["NAME"])).absolute()
    own = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=30, isolation_level=None)
    try:
        own.execute("PRAGMA cache_size=-65536")
        own.execute("PRAGMA mmap_size=268435456")
        own.execute("BEGIN")
        yield _Sqlite(own)
    finally:
        own.close()


class _Postgresql:
    """Reads with ADBC, which moves whole columns."""

    def __init__(self, own, mogrify):
        self.own, self.mogrify = own, mogrify

    def fetch(self, sql, params, columns):
        with self.own.cursor() as cursor:
            cursor.execute(self.mogrify(sql, params) if params else sql.replace("%%", "%"))
            return cursor.fetch_arrow_table()


@contextlib.contextmanager
def _postgresql():
    import adbc_driver_postgresql.dbapi as adbc
    from psycopg import ClientCursor
    from psycopg.conninfo import make_conninfo

    connection.ensure_connection()
    options = {k: v for k, v in connection.get_connection_params().items() if isinstance(v, str | int) and v != ""}
    known = {
        k: v for k, v in options.items() if k not in ("client_encoding", "server_side_binding", "prepare_threshold")
    }
    with adbc.connect(make_conninfo(**known)) as own:
        with own.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # ADBC wants $1 and typed columns of parameters; psycopg quotes them the way Django's backend means them.
        yield _Postgresql(own, ClientCursor(connection.connection).mogrify)
        own.rollback()


def _table(rows, names) -> "pa.Table":
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table([pa.array(column) for column in columns], names=list(names))
