"""Reading a load another way: as another kind of file, or of another day."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.registers.intake import store
from khet.registers.intake.models import Batch, State
from khet.registers.intake.services import IntakeError

OPEN = (State.RECEIVED, State.NEEDS_MAPPING, State.CHECKED, State.FAILED)


@transaction.atomic
def read_as(batch: Batch, *, source: str, as_of: date | None, by) -> Batch:
    """Have an unwritten load read as a source ("": recognised anew) and of a day (None: as its files say).

    What the last check kept is dropped, with its questions; check the load again afterwards.
    raises  IntakeError when the load has been written, or is under way
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.committed_at or batch.state not in OPEN:
        raise IntakeError(_("A load that has been written keeps its kind and its day. Undo it and load it anew."))
    before = {"source": batch.source, "as_of": batch.as_of.isoformat() if batch.as_of else None}
    batch.source, batch.as_of, batch.as_of_given = source, as_of, as_of is not None
    batch.state, batch.confirmations, batch.message = State.RECEIVED, [], ""
    batch.counts, batch.schools, batch.recognised = {}, [], {}
    batch.faults.all().delete()
    batch.save()
    store.remove(batch.pk, "records", "reading", "samples")
    record(
        "intake.read_anew", batch, by=by, org=batch.org, before=before,
        after={"source": source, "as_of": as_of.isoformat() if as_of else None},
    )  # fmt: skip
    return batch
