"""Putting back what a load replaced and removing what it created, as if it had never been."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.core.changes.models import Sourced
from khet.core.changes.services import touch
from khet.core.orgs.models import Org
from khet.core.orgs.queries import default_office
from khet.registers.figures.models import Figure
from khet.registers.intake import bulk
from khet.registers.intake.models import Batch, BatchChange, State
from khet.registers.intake.states import IntakeError, begin, lock_registers
from khet.registers.intake.targets import target_of
from khet.registers.intake.targets.base import plain
from khet.registers.people.models import Address, Enrolment, Guardian, Identifier, Person, StaffPost
from khet.registers.progress.models import Absence, Mark
from khet.registers.residents.models import Resident
from khet.registers.schools.models import School

# Every register model that carries a load's number, dependents before what they depend on.
REGISTERS = (Absence, Mark, Resident, Figure, Identifier, Guardian, Address, Enrolment, StaffPost, Person, School)


def undo(batch: Batch, by, reason: str = "") -> Batch:
    """Restore every table to what it was before the load.

    raises  IntakeError, naming the later loads, when what the load wrote has been changed or built upon since
    """
    if batch.org is not None and not can(by, "intake.write", batch.org):
        raise IntakeError(_("You may not load files for %(org)s.") % {"org": batch.org})
    if not batch.committed_at or batch.undone_at:
        raise IntakeError(_("This load has not been written, so there is nothing to undo."))
    begin(batch, State.UNDOING, (State.COMMITTED, State.CHECKED))
    try:
        with transaction.atomic():
            lock_registers()
            _undo(batch, by, reason)
    except BaseException:
        Batch.objects.filter(pk=batch.pk).update(state=State.COMMITTED, phase="")
        batch.state = State.COMMITTED
        raise
    return batch


def _undo(batch: Batch, by, reason: str) -> None:
    refuse_if_built_upon(batch)
    count = sum(sum(acts.values()) for acts in batch.written.values())
    _restore(batch)
    for model in REGISTERS:
        keys = model._base_manager.filter(batch_id=batch.pk).values_list("pk", flat=True)
        bulk.delete(model, list(keys))
    _delete_created(batch)
    subjects = {target_of(batch.definition.target).subject} if batch.definition else set()
    for subject in sorted(subjects):
        touch(subject, years=batch.years)
    batch.changes.all().delete()
    batch.state, batch.phase = State.UNDONE, ""
    batch.undone_at, batch.undone_by, batch.undo_reason = timezone.now(), by, reason[:300]
    batch.save()
    record("intake.undone", batch, by=by, org=batch.org, reason=reason, count=count, after={"source": batch.source})


# -- may it be undone? -----------------------------------------------------------------------------------------------


def refuse_if_built_upon(batch: Batch) -> None:
    """Raise IntakeError when a row of the load was changed since, or when later records stand on one."""
    later = set(
        BatchChange.objects.filter(before_batch=batch.pk).exclude(batch=batch).values_list("batch_id", flat=True)
    )
    for model in REGISTERS:
        later |= _standing_on(model, batch)
    if later - {None}:
        raise IntakeError(
            _("Later loads changed or built on what this one wrote: %(loads)s. Undo those first.")
            % {"loads": _names(later - {None})}
        )
    if None in later or _changed_by_hand(batch):
        raise IntakeError(_("Records that this load wrote were changed by hand since, so it can no longer be undone."))


def _names(batches: Iterable[int]) -> str:
    found = Batch.objects.filter(pk__in=batches).order_by("-pk")
    return ", ".join(f"{batch.pk} ({batch.title})" for batch in found)


def _standing_on(model, batch: Batch) -> set[int | None]:
    """Loads (None: hands) whose records refer to rows this load created."""
    made = model._base_manager.filter(batch_id=batch.pk)
    journaled = BatchChange.objects.filter(batch=batch, model=model._meta.label_lower).exclude(act="created")
    made = made.exclude(pk__in=journaled.values("key"))
    found: set[int | None] = set()
    for relation in _relations(model):
        other = relation.related_model
        if not issubclass(other, Sourced):
            continue
        rows = other._base_manager.filter(**{f"{relation.field.name}__in": made})
        rows = rows.exclude(batch_id=batch.pk) | rows.filter(batch_id__isnull=True)
        found |= set(rows.values_list("batch_id", flat=True).distinct())
    return found


def _changed_by_hand(batch: Batch) -> bool:
    """True when the load's rows are not those it left: some carry no number of a load any more, or other values."""
    for label, acts in batch.written.items():
        model = apps.get_model(label)
        if issubclass(model, Sourced):
            expected = (
                acts.get("created", 0)
                + batch.changes.filter(model=label, act="changed").values("key").distinct().count()
            )
            if model._base_manager.filter(batch_id=batch.pk).count() != expected:
                return True
    for change in batch.changes.exclude(act="removed").exclude(model__in=[m._meta.label_lower for m in REGISTERS]):
        model = apps.get_model(change.model)
        thing = model._base_manager.filter(pk=change.key).first()
        last = batch.changes.filter(model=change.model, key=change.key).order_by("-pk").first()
        if thing is None or (last.pk == change.pk and _plain(thing) != {**change.after}):
            return True
    return False


def _plain(thing: models.Model) -> dict:
    return plain({f.attname: f.value_from_object(thing) for f in thing._meta.concrete_fields if not f.primary_key})


# -- putting back ----------------------------------------------------------------------------------------------------


def _restore(batch: Batch) -> None:
    """Write back the journal, the newest entry first, so that a row changed twice ends as it was at first."""
    pending: dict[tuple, list[tuple]] = {}
    removed: dict[str, list[dict]] = {}
    for change in batch.changes.exclude(act="created").order_by("-pk").iterator(chunk_size=5000):
        if change.act == "removed":
            removed.setdefault(change.model, []).append(change.before)
            continue
        names = tuple(change.before)
        rows = pending.setdefault((change.model, names), [])
        rows.append((change.key, *change.before.values()))
    for (label, names), rows in pending.items():
        model = apps.get_model(label)
        bulk.update(model, names, (_python(model, names, row) for row in rows))
    for label, rows in removed.items():
        model = apps.get_model(label)
        names = tuple(rows[0])
        bulk.insert(model, names, (_python(model, names, (None, *row.values()))[1:] for row in rows))


def _python(model, names: tuple, row: tuple) -> tuple:
    """A journaled row as Python values again: days and identifiers are text in JSON."""
    fields = [model._meta.get_field(name) for name in names]
    return (row[0], *(field.to_python(value) for field, value in zip(fields, row[1:], strict=True)))


def _delete_created(batch: Batch) -> None:
    """Delete rows without a load's number that the load created: orgs with their names and places, the lowest first."""
    created = batch.changes.filter(act="created").order_by("-pk")
    orgs = [change.key for change in created if change.model == "orgs.org"]
    office = default_office()
    home = office if office and office.pk not in orgs else None
    _refuse_if_used(orgs)
    if batch.org_id in orgs:
        batch.org = None
    Batch.objects.filter(org__in=orgs).update(org=home)
    for change in created:
        apps.get_model(change.model)._base_manager.filter(pk=change.key)._raw_delete(using="default")


def _relations(model) -> list:
    """The foreign keys of all models that point at one, those without a name to come back by too."""
    fields = model._meta.get_fields(include_hidden=True)
    return [
        field
        for field in fields
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one)
    ]


def _refuse_if_used(orgs: list[int]) -> None:
    """Raise IntakeError when records of another load, a user or a plan stand on an org about to go."""
    own = {"orgs.orgname", "orgs.orgmembership", "orgs.org", "audit.auditentry", "intake.batch", "schools.namealias"}
    for relation in _relations(Org) if orgs else ():
        other = relation.related_model
        if other._meta.label_lower in own:
            continue
        standing = other._base_manager.filter(**{f"{relation.field.name}__in": orgs})
        if not standing.exists():
            continue
        loads = (
            set(standing.values_list("batch_id", flat=True).distinct()) - {None}
            if issubclass(other, Sourced)
            else set()
        )
        if loads:
            raise IntakeError(
                _("Later loads changed or built on what this one wrote: %(loads)s. Undo those first.")
                % {"loads": _names(loads)}
            )
        raise IntakeError(
            _("Other records (%(what)s) refer to schools this load created, so it can no longer be undone.")
            % {"what": other._meta.verbose_name_plural}
        )
