"""Writing many rows at once, on SQLite and PostgreSQL alike.

Django's bulk_create builds an object and a prepared value for every cell; a load of 30,000 pupils is two million
cells, most of which need no preparation. Here a column is prepared as a whole or passed as it is.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice, repeat

from django.db import connection, models
from pydantic_core import to_json

from khet.kit.secrets import EncryptedJSONField, EncryptedTextField, sealer

CHUNK = 10_000


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Primary keys for rows about to be inserted, in the transaction that inserts them."""
    if not count:
        return ()
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [f'"{table}"', column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        # SQLite has one writer at a time, and AUTOINCREMENT follows the largest key inserted.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        quoted = connection.ops.quote_name(table)
        cursor.execute(f"SELECT COALESCE(MAX({connection.ops.quote_name(column)}), 0) FROM {quoted}")  # noqa: S608
        first = max(row[0] if row else 0, cursor.fetchone()[0]) + 1
    return range(first, first + count)


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence]) -> int:
    """Insert rows given as tuples in the order of `names`; other fields take their defaults. Returns how many."""
    fields = [model._meta.get_field(name) for name in names]
    given = {field.name for field in fields}
    rest = [f for f in model._meta.concrete_fields if f.name not in given and not f.primary_key]
    converters = {index: convert for index, field in enumerate(fields) if (convert := _converter(field))}
    columns = [field.column for field in (*fields, *rest)]
    done = 0
    rows = iter(rows)
    while piece := list(islice(rows, CHUNK)):
        tail = [_defaults(field, len(piece)) for field in rest]
        _write(model._meta.db_table, columns, zip(*_prepared(piece, converters), *tail, strict=True))
        done += len(piece)
    return done


def _prepared(rows: list[Sequence], converters: dict[int, Callable]) -> list[Iterable]:
    """The rows turned into columns, each as the database takes it."""
    columns = zip(*rows, strict=True)
    return [map(converters[n], column) if n in converters else column for n, column in enumerate(columns)]


def _defaults(field, count: int) -> Iterable:
    """A column of defaults; made once unless it is made anew for each row (a uuid)."""
    if field.has_default() and callable(field.default) and field.default not in (dict, list):
        return [_value(field, field.get_default()) for _row in range(count)]
    return repeat(_value(field, field.get_default()), count)


def _value(field, value):
    convert = _converter(field)
    return convert(value) if convert else value


def _converter(field) -> Callable | None:
    """What a value of the field must go through before the database takes it; None: nothing."""
    if isinstance(field, EncryptedTextField):
        return _encrypting(isinstance(field, EncryptedJSONField))
    if isinstance(field, models.JSONField | models.DateTimeField):
        return lambda value: field.get_db_prep_save(value, connection)
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.DateField):
        return lambda value: value if value is None else str(value)
    if isinstance(field, models.UUIDField):
        return lambda value: value.hex
    return None


def _encrypting(is_json: bool) -> Callable:
    """What EncryptedTextField and EncryptedJSONField do to a value, with the key looked up once a load."""
    seal = sealer()
    if not is_json:
        return lambda value: seal(value.encode()) if value else None
    # Seven times as fast as Django's encoder, which writes the same for what a file's row can hold.
    return lambda value: seal(to_json(value)) if value else None


def _write(table: str, columns: list[str], rows: Iterable[tuple]) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})", rows)  # noqa: S608


def update(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Set fields of rows given as (primary key, value, …) in the order of `names`."""
    fields = [model._meta.get_field(name) for name in names]
    converters = {index: convert for index, field in enumerate(fields, start=1) if (convert := _converter(field))}
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {quote(model._meta.pk.column)} = %s"  # noqa: S608
    rows = iter(rows)
    with connection.cursor() as cursor:
        while piece := list(islice(rows, CHUNK)):
            keys, *values = _prepared(piece, converters)
            cursor.executemany(sql, zip(*values, keys, strict=True))


def delete(model: type[models.Model], keys: Iterable[int]) -> None:
    """Delete rows by primary key, without looking at what refers to them."""
    for piece in pieces(keys):
        model._base_manager.filter(pk__in=piece)._raw_delete(using="default")


def pieces(values: Iterable, size: int = 900):
    """Lists of at most so many values: SQLite bounds how many a query may hold."""
    values = iter(values)
    while piece := list(islice(values, size)):
        yield piece


def rows_in(queryset, lookup: str, values: Iterable, *columns: str) -> list[tuple]:
    """values_list of the rows whose `lookup` is among many values."""
    found = []
    for piece in pieces(values):
        found.extend(queryset.filter(**{f"{lookup}__in": piece}).values_list(*columns))
    return found
