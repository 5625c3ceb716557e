"""Loading in one breath, and a picture of every table."""

from datetime import date
from functools import cache, partial

import pytest
from django.apps import apps
from django.db import connection

from khet.kit.secrets import EncryptedTextField
from khet.registers.intake import services
from khet.registers.intake.models import Batch, State

# What a load leaves behind for good: its own story and the trail.
BOOKKEEPING = {
    "intake.batch", "intake.batchfile", "intake.batchfault", "intake.batchchange",
    "audit.auditentry", "audit.auditseal", "changes.change",
}  # fmt: skip


@pytest.fixture
def load(system):
    """load(bytes, name="x.csv", …) → the batch after check and commit."""

    def run(
        content: bytes, name: str = "file.csv", *, by=None, commit=True, as_of: date | None = None, **kwargs
    ) -> Batch:
        by = by or system
        batch = services.receive(content, by=by, name=name, as_of=as_of, **kwargs)
        services.check(batch, by=by)
        if commit and batch.state == State.CHECKED:
            services.commit(batch, by)
        return batch

    return run


def picture() -> dict[str, list]:
    """Every row of every table of the office, decrypted, without the bookkeeping of loads."""
    found = {}
    with connection.cursor() as cursor:
        for label, sql, opened in _tables():
            cursor.execute(sql)
            rows = cursor.fetchall()
            if opened:
                rows = [tuple(opened.get(i, _as_it_is)(cell) for i, cell in enumerate(row)) for row in rows]
            found[label] = sorted(map(repr, rows))
    return found


def _as_it_is(cell):
    return cell


@cache
def _tables() -> list[tuple]:
    """(label, its SELECT, {place of an encrypted column: what opens it}) of every model of the office."""
    tables = []
    for model in apps.get_models():
        label, fields = model._meta.label_lower, model._meta.concrete_fields
        if label in BOOKKEEPING or not model.__module__.startswith("khet."):
            continue
        names = ", ".join(f'"{field.column}"' for field in fields)
        opened = {
            place: partial(field.from_db_value, expression=None, connection=connection)
            for place, field in enumerate(fields) if isinstance(field, EncryptedTextField)
        }  # fmt: skip
        tables.append((label, f'SELECT {names} FROM "{model._meta.db_table}"', opened))
    return tables


def faults(batch: Batch) -> list[tuple]:
    """(severity, code, row, letter) of a load's faults, in the order of rows."""
    return [(f.severity, f.code, f.row, f.letter) for f in batch.faults.order_by("row", "pk")]
