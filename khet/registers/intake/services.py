"""Receive, check, commit, undo: the life of a load. Each step leaves the load in a state from which it can go on."""

import hashlib
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.models import AuditEntry
from khet.core.audit.services import record
from khet.core.catalogue import CatalogueError, catalogue
from khet.core.changes.services import touch
from khet.core.orgs.models import Org
from khet.core.orgs.queries import default_office
from khet.registers.intake import keeping, pipeline, reading, store
from khet.registers.intake.models import COUNTS, Batch, BatchFile, State
from khet.registers.intake.targets import Writer, target_of
from khet.registers.schools.matching import alias_key
from khet.registers.schools.models import NameAlias

DEAD_AFTER = 90  # seconds without a sign of life after which a busy load is taken as stopped
# Acts in the trail that change what a comparison was taken against.
_CHANGING = ("org.", "intake.committed", "intake.undone", "figure.", "person.changed", "school.")


class IntakeError(ValueError):
    """A step that cannot be taken; says why and what to do."""


class Stale(IntakeError):
    """The registers changed after the preview; the load was checked again and shows the new difference."""


def receive(file, *, by, source: str = "", as_of: date | None = None, org: Org | None = None, name: str = "") -> Batch:
    """A load of one file (a path, bytes, or an uploaded file), stored encrypted, not yet read.

    A zip whose tables are of one kind is one load; see `receive_all` for several kinds.
    raises  IntakeError when the user may not load for the org; FileError when the file is no table
    """
    content, name = _content(file, name)
    return _receive(reading.members(content, name), by=by, source=source, as_of=as_of, org=org)


def receive_all(
    files: Iterable, *, by, source: str = "", as_of: date | None = None, org: Org | None = None
) -> list[Batch]:
    """A load for each kind of file, in the order in which they have to be loaded: what others refer to first."""
    found: dict[str, list[tuple[str, bytes]]] = {}
    for file in files:
        content, name = _content(file, "")
        tables = reading.members(content, name)
        for number, member in enumerate(tables):
            kind = source or _kind(member)
            key = f"{kind}|{name}" if kind else f"?{name}|{number}"
            found.setdefault(key, []).append(member)
    order = {item.id: item.order for item in catalogue().all("source")}
    keys = sorted(found, key=lambda key: order.get(key.split("|")[0], 99))
    return [_receive(found[key], by=by, source=source, as_of=as_of, org=org) for key in keys]


def _kind(member: tuple[str, bytes]) -> str:
    found = pipeline.read_files([member]).source
    return found.id if found else ""


def _content(file, name: str) -> tuple[bytes, str]:
    if isinstance(file, bytes):
        return file, name or "file"
    if isinstance(file, str | Path):
        path = Path(file)
        if path.stat().st_size > reading.MAX_FILE:
            reading.kind_of(bytes(reading.MAX_FILE + 1))
        return path.read_bytes(), name or path.name
    return file.read(), name or Path(getattr(file, "name", "file")).name


@transaction.atomic
def _receive(files: list[tuple[str, bytes]], *, by, source, as_of, org) -> Batch:
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


# -- check -----------------------------------------------------------------------------------------------------------


def check(batch: Batch, *, by=None, keep: bool = True) -> Batch:
    """Read the files and take the difference against the registers; nothing is written to them.

    returns  the batch: checked | needs_mapping | failed; `batch.prepared` holds the difference for `commit`
    keep     False: the caller commits at once, so the cleaned rows need not be stored
    """
    by = by or batch.created_by
    _begin(batch, State.CHECKING, (State.RECEIVED, State.CHECKED, State.NEEDS_MAPPING, State.FAILED, State.COMMITTED))
    try:
        _check(batch, by, keep)
    except reading.FileError as error:
        batch.state, batch.message = (State.COMMITTED if batch.committed_at else State.FAILED), str(error)
        batch.save()
    except Exception:
        Batch.objects.filter(pk=batch.pk).update(
            state=State.COMMITTED if batch.committed_at else State.RECEIVED, phase=""
        )
        raise
    return batch


def _check(batch: Batch, by, keep: bool) -> None:
    stamp = registers_stamp()
    if (before := _same_again(batch, stamp)) is not None:
        _repeat(batch, before, stamp)
        return
    prepared = _prepare(batch, by, Beat(batch))
    if prepared is not None:
        with transaction.atomic():
            _store_result(batch, prepared, stamp, keep)


def _prepare(batch: Batch, by, beat=None) -> pipeline.Prepared | None:
    """The difference against the registers as they are; None when the files fit no source."""
    names = [file.name for file in batch.files.all()]
    if cleaned := keeping.load(batch):
        prepared = pipeline.compare(batch, *cleaned, names, by=by)
    else:
        found = pipeline.read_files(_files(batch), wanted=batch.source)
        if found.source is None:
            _needs_mapping(batch, found)
            return None
        prepared = pipeline.prepare(batch, found, names, by=by, progress=beat)
    pipeline.propose_closures(prepared, batch)
    return prepared


def _same_again(batch: Batch, stamp: int) -> Batch | None:
    """An earlier load of the very same files after which nothing has changed: it need not be read again."""
    if batch.committed_at:
        return None
    mine = sorted(batch.files.values_list("sha256", flat=True))
    first = batch.files.first()
    same = Batch.objects.filter(
        state=State.COMMITTED, org=batch.org_id, files__sha256=first.sha256, written_stamp=stamp
    )
    for before in same.order_by("-pk").distinct():
        source = before.definition
        if (
            sorted(before.files.values_list("sha256", flat=True)) == mine
            and source is not None
            and _digest(source) == before.recognised.get("definition")
            and batch.source in ("", before.source)
            and (batch.as_of == before.as_of if batch.as_of_given else not before.as_of_given)
            and not before.counts.get("held")
            and not before.waiting
        ):
            return before
    return None


def _digest(source) -> str:
    return hashlib.blake2b(source.model_dump_json().encode(), digest_size=16).hexdigest()


@transaction.atomic
def _repeat(batch: Batch, before: Batch, stamp: int) -> None:
    """Take over what the earlier load found; all its rows are in the registers, unchanged."""
    there = before.counts["new"] + before.counts["changed"] + before.counts["unchanged"]
    batch.source, batch.as_of, batch.period = before.source, before.as_of, before.period
    batch.counts = before.counts | {"new": 0, "changed": 0, "gone": 0, "unchanged": there}
    batch.schools = [
        [
            org,
            {"unchanged": sum(c.get(w, 0) for w in ("new", "changed", "unchanged")), "rejected": c.get("rejected", 0)},
        ]
        for org, c in before.schools
    ]
    batch.recognised = before.recognised | {"same_as": before.pk}
    batch.state, batch.progress, batch.stamp, batch.fingerprint = State.CHECKED, 100, stamp, "same"
    batch.faults.all().delete()
    faults = list(before.faults.all())
    for fault in faults:
        fault.pk, fault.batch_id = None, batch.pk
    batch.faults.bulk_create(faults)
    for file, old in zip(batch.files.all(), before.files.all(), strict=True):
        file.sheets, file.encoding = old.sheets, old.encoding
        file.save(update_fields=["sheets", "encoding"])
    store.put_json(batch.pk, "samples", {"new": [], "changed": [], "gone": []})
    batch.save()


def _files(batch: Batch) -> list[tuple[str, bytes]]:
    files = []
    for file in batch.files.all():
        content = store.get(batch.pk, f"file-{file.number}")
        if content is None:
            raise reading.FileError(_("The stored file has been removed by the retention rule. Load it again."))
        files.append((file.name, content))
    return files


def _needs_mapping(batch: Batch, found: pipeline.Reading) -> None:
    best = found.best
    batch.recognised = {"header_row": best.header_row, "header": best.header, "sheet": best.sheet.name} if best else {}
    if best is None:
        raise reading.FileError(_("The file holds no rows. Check that the export worked."))
    batch.state, batch.phase = State.NEEDS_MAPPING, ""
    batch.message = _(
        "The columns fit none of the known sources. Name them once; the office then knows this kind of file."
    )
    batch.save()


def _store_result(batch: Batch, prepared: pipeline.Prepared, stamp: int, keep: bool) -> None:
    records, context, difference = prepared.records, prepared.context, prepared.difference
    batch.source, batch.as_of, batch.period = records.source.id, context.as_of, context.period
    batch.recognised = {
        "score": prepared.reading.best.score, "words": pipeline.words_of(prepared.reading),
        "definition": _digest(records.source),
    }  # fmt: skip
    batch.counts = counts_of(prepared)
    batch.schools = difference.by_org(records.rejected, records.held)
    batch.fingerprint, batch.stamp = difference.fingerprint(), stamp
    batch.state, batch.phase, batch.progress, batch.message = State.CHECKED, "", 100, ""
    keeping.save_faults(batch, prepared)
    keeping.save_files(batch, prepared.reading)
    if keep:
        keeping.save(batch, prepared)
    keeping.save_samples(batch, prepared)
    batch.save()
    batch.prepared = prepared


def counts_of(prepared: pipeline.Prepared) -> dict[str, int]:
    """read, new, changed, unchanged, gone, rejected, held."""
    records = prepared.records
    found = {
        "read": len(records), **prepared.difference.counts(),
        "rejected": len(records.rejected), "held": len(records.held - records.rejected),
    }  # fmt: skip
    return {name: found[name] for name in COUNTS}


def registers_stamp() -> int:
    """A number that grows with every change of the registers: the last act of the trail that changed them."""
    from django.db.models import Q

    changing = Q()
    for verb in _CHANGING:
        changing |= Q(verb__startswith=verb)
    return AuditEntry.objects.filter(changing).order_by("-pk").values_list("pk", flat=True).first() or 0


# -- commit ----------------------------------------------------------------------------------------------------------


def commit(batch: Batch, by) -> Batch:
    """Write what the check has shown, in one transaction. Rows that wait for a confirmation stay with the load.

    raises  Stale when the registers changed since the check and the difference is now another one (it is taken anew)
            IntakeError when the load is in no state to be committed
    """
    if batch.org is not None and not can(by, "intake.write", batch.org):
        raise IntakeError(_("You may not load files for %(org)s.") % {"org": batch.org})
    _begin(batch, State.COMMITTING, (State.CHECKED,))
    try:
        if batch.fingerprint == "same" and registers_stamp() == batch.stamp:
            _close_unchanged(batch, by)
        else:
            _commit(batch, by)
    except _Changed as changed:
        with transaction.atomic():
            _store_result(batch, changed.prepared, changed.stamp, True)
        raise Stale(
            _("The records changed after this preview was made. The load was checked again; look at it and confirm.")
        ) from None
    except BaseException:
        Batch.objects.filter(pk=batch.pk).update(state=State.CHECKED, phase="")
        batch.state = State.CHECKED
        raise
    batch.prepared = None
    store.remove(batch.pk, "records", "reading")
    return batch


class _Changed(Exception):
    """The difference is no longer the one that was shown."""

    def __init__(self, prepared, stamp):
        self.prepared, self.stamp = prepared, stamp


def _commit(batch: Batch, by) -> None:
    """Compare before the transaction, so that it is short; again inside it when somebody came between."""
    prepared, stamp = getattr(batch, "prepared", None), batch.stamp
    if prepared is None:
        stamp = registers_stamp()
        prepared = _prepare(batch, by, Beat(batch))
    keeping.save_progress(batch, "writing", 60)
    with transaction.atomic():
        lock_registers()
        if (now := registers_stamp()) != stamp:
            prepared, stamp = _prepare(batch, by), now
        if prepared.difference.fingerprint() != batch.fingerprint:
            raise _Changed(prepared, stamp)
        _write(batch, prepared, by)


@transaction.atomic
def _close_unchanged(batch: Batch, by) -> None:
    """Nothing to write: the load ends here, and the trail says so."""
    _finish(batch, by)
    batch.written_stamp = batch.stamp
    batch.save()
    record("intake.unchanged", batch, by=by, org=batch.org, after={"source": batch.source, "period": batch.period})


def _finish(batch: Batch, by) -> None:
    batch.state, batch.phase, batch.progress = State.COMMITTED, "", 100
    batch.committed_at, batch.committed_by = timezone.now(), by


def _write(batch: Batch, prepared: pipeline.Prepared, by) -> None:
    target = target_of(prepared.records.source.target)
    difference, context = prepared.difference, prepared.context
    context.by = by
    writer = Writer(batch)
    closing = any(key.startswith("close:") and answer is not None for key, answer in context.answers.items())
    if not difference.is_empty or closing:
        target.write(difference, prepared.records, context, writer)
        for subject in sorted(difference.subjects):
            touch(subject, years=difference.years)
    if batch.org is None and context.office is not None:
        batch.org = context.office
    written = writer.finish()
    for model, acts in written.items():
        mine = batch.written.setdefault(model, {})
        for act, count in acts.items():
            mine[act] = mine.get(act, 0) + count
    batch.schools = difference.by_org(prepared.records.rejected, prepared.records.held)
    _finish(batch, by)
    if not written:
        batch.written_stamp = registers_stamp()
        batch.save()
        record("intake.unchanged", batch, by=by, org=batch.org, after={"source": batch.source, "period": batch.period})
        return
    entry = record(
        "intake.committed", batch, by=by, org=batch.org, count=sum(sum(acts.values()) for acts in written.values()),
        after={"source": batch.source, "period": batch.period, **batch.counts},
    )  # fmt: skip
    batch.written_stamp = entry.pk
    batch.save()


def lock_registers() -> None:
    """One load at a time writes. SQLite's transaction is the lock; PostgreSQL is asked for one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x6B686574])


# -- states ----------------------------------------------------------------------------------------------------------


def _begin(batch: Batch, state: str, allowed: tuple[str, ...]) -> None:
    """Enter a busy state, unless another process works on the load; one that stopped is taken over."""
    recover(batch)
    now = timezone.now()
    started = Batch.objects.filter(pk=batch.pk, state__in=allowed).update(state=state, phase="", progress=0, beat=now)
    if not started:
        batch.refresh_from_db(fields=["state"])
        raise IntakeError(
            _("This load is “%(state)s”, so this step is not open to it.") % {"state": State(batch.state).label}
        )
    batch.state, batch.beat, batch.progress = state, now, 0


def recover(batch: Batch) -> Batch:
    """Set a load whose process has stopped back to the step before; what it wrote was rolled back with it."""
    batch.refresh_from_db(fields=["state", "beat"])
    if batch.is_busy and is_dead(batch):
        back = {State.CHECKING: State.RECEIVED, State.COMMITTING: State.CHECKED, State.UNDOING: State.COMMITTED}
        state = State.COMMITTED if batch.state == State.CHECKING and batch.committed_at else back[State(batch.state)]
        Batch.objects.filter(pk=batch.pk, state=batch.state).update(state=state, phase="")
        batch.state, batch.phase = state, ""
    return batch


def is_dead(batch: Batch) -> bool:
    """True when a busy load has given no sign of life for a while."""
    return batch.beat is None or (timezone.now() - batch.beat).total_seconds() > DEAD_AFTER


class Beat:
    """Tells how far a load is, at most twice a second."""

    def __init__(self, batch: Batch):
        self.batch, self.last = batch, 0.0

    def __call__(self, share: float) -> None:
        """`share` of the rows that have been read, 0 to 1."""
        if (now := time.monotonic()) - self.last >= 0.5:
            self.last = now
            keeping.save_progress(self.batch, "reading", 60 * share)


# -- confirmations ---------------------------------------------------------------------------------------------------


@transaction.atomic
def confirm_match(batch: Batch, key: str, org: Org | None, *, by) -> Batch:
    """Answer a question of the load: the school that is meant, or None (no such school; keep it open).

    The name is remembered, so that the next file is not asked about it. Check and commit the load again afterwards.
    """
    if batch.org is not None and not can(by, "intake.write", batch.org):
        raise IntakeError(_("You may not load files for %(org)s.") % {"org": batch.org})
    question = next((item for item in batch.confirmations if item["key"] == key), None)
    if question is None:
        raise IntakeError(_("This load does not ask about “%(key)s”.") % {"key": key})
    if org is not None and batch.org is not None and not org.is_under(batch.org):
        raise IntakeError(_("%(org)s does not belong to this load's place.") % {"org": org})
    question["answer"] = org.pk if org else None
    if question["kind"] == "school" and org is not None:
        NameAlias.objects.update_or_create(
            key=alias_key(question["code"], question["name"]),
            defaults={"org": org, "name": question["name"][:200], "confirmed_by": by},
        )
    batch.save(update_fields=["confirmations"])
    record(
        "intake.confirmed", batch, by=by, org=batch.org,
        after={"name": question["name"], "code": question["code"], "org": org.code if org else None},
    )  # fmt: skip
    return batch


def discard(batch: Batch, *, by, keep_faults: bool = False) -> Batch:
    """Drop a load that was not committed, with what is stored of it."""
    recover(batch)
    if batch.is_busy or batch.committed_at:
        raise IntakeError(_("A load that has been written is undone, not discarded."))
    batch.state, batch.phase = State.DISCARDED, ""
    batch.save(update_fields=["state", "phase"])
    if not keep_faults:
        batch.faults.all().delete()
    batch.files.update(removed_at=timezone.now())
    store.remove(batch.pk)
    record("intake.discarded", batch, by=by, org=batch.org)
    return batch


__all__ = [
    "IntakeError", "Stale", "check", "commit", "confirm_match", "discard", "receive", "receive_all",
    "recover", "registers_stamp",
]  # fmt: skip
