"""Loading in one breath, and a picture of every table."""

from datetime import date

import pytest
from django.apps import apps

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
    for model in apps.get_models():
        label = model._meta.label_lower
        if label in BOOKKEEPING or not model.__module__.startswith("khet."):
            continue
        names = [field.attname for field in model._meta.concrete_fields]
        found[label] = sorted(map(repr, model._base_manager.values_list(*names)))
    return found


def faults(batch: Batch) -> list[tuple]:
    """(severity, code, row, letter) of a load's faults, in the order of rows."""
    return [(f.severity, f.code, f.row, f.letter) for f in batch.faults.order_by("row", "pk")]
