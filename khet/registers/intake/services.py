"""Receive, check, commit, undo: the life of a load. Each step leaves the load in a state from which it can go on."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.core.changes.services import touch
from khet.core.orgs.models import Org
from khet.core.orgs.queries import default_office
from khet.registers.intake import keeping, pipeline, reading, store
from khet.registers.intake.again import SAME, digest_of, repeat, same_again
from khet.registers.intake.models import COUNTS, Batch, State
from khet.registers.intake.pausing import no_collecting
from khet.registers.intake.receiving import receive, receive_all
from khet.registers.intake.states import (
    Beat,
    IntakeError,
    Stale,
    begin,
    lock_registers,
    recover,
    registers_stamp,
    save_progress,
)  # fmt: skip
from khet.registers.intake.targets import Writer, target_of
from khet.registers.intake.undo import undo
from khet.registers.schools.matching import alias_key
from khet.registers.schools.models import NameAlias

__all__ = [
    "IntakeError", "Stale", "State", "check", "commit", "confirm_match", "discard", "receive", "receive_all", "recover",
    "undo",
]  # fmt: skip

# -- check -----------------------------------------------------------------------------------------------------------


@no_collecting()
def check(batch: Batch, *, by=None, keep: bool = True) -> Batch:
    """Read the files and take the difference against the registers; nothing is written to them.

    returns  the batch: checked | needs_mapping | failed; `batch.prepared` holds the difference for `commit`
    keep     False: the caller commits at once, so the cleaned rows need not be stored
    """
    by = by or batch.created_by
    if batch.org is None and (office := default_office()):  # a load before this one has made the office
        batch.org = office
        batch.save(update_fields=["org"])
    begin(batch, State.CHECKING, (State.RECEIVED, State.CHECKED, State.NEEDS_MAPPING, State.FAILED, State.COMMITTED))
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
    if (before := same_again(batch, stamp)) is not None:
        repeat(batch, before, stamp)
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
    batch.source, batch.as_of, batch.years = records.source.id, context.as_of, sorted(difference.years)
    batch.period = "" if records.source.period.places == ("column",) else context.period
    batch.recognised = {
        "score": prepared.reading.best.score, "words": pipeline.words_of(prepared.reading),
        "definition": digest_of(records.source), "as_of_from": context.as_of_from,
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


# -- commit ----------------------------------------------------------------------------------------------------------


@no_collecting()
def commit(batch: Batch, by) -> Batch:
    """Write what the check has shown, in one transaction. Rows that wait for a confirmation stay with the load.

    raises  Stale when the registers changed since the check and the difference is now another one (it is taken anew)
            IntakeError when the load is in no state to be committed
    """
    if batch.org is not None and not can(by, "intake.write", batch.org):
        raise IntakeError(_("You may not load files for %(org)s.") % {"org": batch.org})
    begin(batch, State.COMMITTING, (State.CHECKED,))
    try:
        if batch.fingerprint == SAME and registers_stamp() == batch.stamp:
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
    save_progress(batch, "writing", 60)
    with transaction.atomic():
        lock_registers()
        if (now := registers_stamp()) != stamp:
            prepared, stamp = _prepare(batch, by), now
        if prepared.difference.fingerprint() != batch.fingerprint:
            raise _Changed(prepared, stamp)
        _write(batch, prepared, by)
        prepared = batch.prepared = None  # what follows the commit (new facts) finds its memory free


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
    batch.years = sorted(set(batch.years) | difference.years)
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
