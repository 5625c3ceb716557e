"""Taking files in: unpacked, typed by content, stored encrypted, in the order in which they have to be loaded."""

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.core.catalogue import CatalogueError, catalogue
from khet.core.orgs.models import Org
from khet.core.orgs.queries import default_office
from khet.registers.intake import pipeline, reading, retention, store
from khet.registers.intake.models import Batch, BatchFile
from khet.registers.intake.period import find
from khet.registers.intake.states import IntakeError


def receive(file, *, by, source: str = "", as_of: date | None = None, org: Org | None = None, name: str = "") -> Batch:
    """A load of one file (a path, bytes, or an uploaded file), stored encrypted, not yet read.

    A zip whose tables are of one kind is one load; see `receive_all` for several kinds.
    raises  IntakeError when the user may not load for the org; FileError when the file is no table
    """
    return _receive(reading.members(*content_of(file, name)), by=by, source=source, as_of=as_of, org=org)


def receive_all(
    files: Iterable, *, by, source: str = "", as_of: date | None = None, org: Org | None = None
) -> list[Batch]:
    """A load for each kind of table in each file, in the order in which they have to be loaded.

    What others refer to comes first; of two exports of one kind, the older.
    """
    tables = [reading.members(*content_of(file)) for file in files]
    if len(tables) == 1 and len(tables[0]) == 1:  # nothing to put in order, so nothing is read twice
        return [_receive(tables[0], by=by, source=source, as_of=as_of, org=org)]
    found: dict[tuple, list[tuple[str, bytes]]] = {}
    for place, members in enumerate(tables):
        for number, member in enumerate(members):
            order, day, kind = _place_in_line(member, source)
            found.setdefault((order, day, place, kind or number), []).append(member)
    groups = [found[key] for key in sorted(found, key=lambda key: (*key[:3], str(key[3])))]
    return [_receive(group, by=by, source=source, as_of=as_of, org=org) for group in groups]


def _place_in_line(member: tuple[str, bytes], wanted: str) -> tuple[int, date, str]:
    """(order of its source, day of its data, id of its source) of a table; what fits no source comes last."""
    found = pipeline.read_files([member], wanted=wanted)
    if found.source is None:
        return 99, date.max, ""
    titles = [sheet.title for _number, sheet in found.found]
    when = find(found.source.period, given=None, titles=titles, names=[member[0]])
    return found.source.order, when.as_of, found.source.id


def content_of(file, name: str = "") -> tuple[bytes, str]:
    if isinstance(file, bytes):
        return file, name or "file"
    if isinstance(file, str | Path):
        path = Path(file)
        if path.stat().st_size > reading.MAX_FILE:
            reading.kind_of(bytes(reading.MAX_FILE + 1))
        return path.read_bytes(), name or path.name
    return file.read(), name or Path(getattr(file, "name", "file")).name


def _receive(files: list[tuple[str, bytes]], *, by, source, as_of, org) -> Batch:
    retention.sweep_daily()
    return _store(files, by=by, source=source, as_of=as_of, org=org)


@transaction.atomic
def _store(files: list[tuple[str, bytes]], *, by, source, as_of, org) -> Batch:
    org = org or _place(by)
    if org is not None and not can(by, "intake.write", org):
        raise IntakeError(_("You may not load files for %(org)s.") % {"org": org})
    if source:
        try:
            catalogue().get("source", source)
        except CatalogueError as error:
            raise IntakeError(str(error)) from None
    batch = Batch.objects.create(org=org, source=source, as_of=as_of, as_of_given=as_of is not None, created_by=by)
    for number, (name, content) in enumerate(files):
        BatchFile.objects.create(
            batch=batch, number=number, name=name[-200:], sha256=hashlib.sha256(content).hexdigest(),
            size=len(content), kind=reading.kind_of(content),
        )  # fmt: skip
        store.put(batch.pk, f"file-{number}", content)
    record("intake.received", batch, by=by, org=org, after={"files": [name for name, _content in files]})
    return batch


def _place(by) -> Org | None:
    """The org a user loads for: the one the right was given at, else the default office."""
    office = default_office()
    if office is not None and can(by, "intake.write", office):
        return office
    paths = by.paths("intake.write")
    return Org.objects.filter(path__in=paths).order_by("pk").first() or office
