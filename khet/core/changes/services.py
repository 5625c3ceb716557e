"""Say that records changed, and hear of it."""

from collections.abc import Callable, Iterable

from django.db import transaction

from khet.core.changes.models import Change

_listeners: list[Callable[[], None]] = []


def touch(subject: str, *, years: Iterable[int] = ()) -> None:
    """Mark a subject as changed, inside the transaction that changes it.

    years   academic years by their C.E. start; none given means that every year may be affected
    """
    marks = [Change(subject=subject, year=year) for year in sorted(set(years))]
    Change.objects.bulk_create(marks or [Change(subject=subject)])
    if not any(function is _tell for _, function, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(_tell, robust=True)


def on_commit_refresh(callback: Callable[[], None]) -> None:
    """Have a function called once after each transaction that touched something."""
    if callback not in _listeners:
        _listeners.append(callback)


def _tell() -> None:
    for listener in _listeners:
        listener()
