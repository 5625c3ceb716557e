"""Records whose very existence is kept from who is outside: their entries are left out of the trail one reads.

The trail itself is whole and sealed; only the reading is narrowed.
"""

from collections.abc import Callable

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

_veils: dict[str, Callable[[object], QuerySet]] = {}


def register(object_type: str, seen_by: Callable[[object], QuerySet]) -> None:
    """Leave entries on records of a type to those who see the records: seen_by(viewer) → the records seen."""
    _veils[object_type] = seen_by


def narrowed(rows: QuerySet, viewer) -> QuerySet:
    """The entries without those on records that the viewer does not see."""
    for object_type, seen_by in _veils.items():
        seen = seen_by(viewer).order_by().annotate(as_text=Cast("pk", CharField())).values("as_text")
        rows = rows.exclude(Q(object_type=object_type) & ~Q(object_id__in=seen))
    return rows
