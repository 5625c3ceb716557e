"""Cases that belong together, and those that are one."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case, Link, Step
from khet.engines.cases.services.base import demand_manager, demand_open, demand_worker, locked, mark


@transaction.atomic
def link(case: Case, other: Case, kind: str, *, by) -> Link:
    """Two cases belong together. The caller has looked that the viewer sees both. Raises CaseError."""
    demand_worker(case, by)
    demand_worker(other, by)
    if case == other:
        raise CaseError(_("Choose another case."))
    made, new = Link.objects.get_or_create(case=case, other=other, kind=kind, defaults={"by": by})
    if new:
        record("case.linked", case, by=by, org=case.org, after=_told(other) | {"kind": kind})
    return made


def _told(other: Case) -> dict:
    """What the trail of a case says of another: nothing of one kept to its members, whom readers need not be."""
    return {} if other.kind.circle else {"to": other.number}


@transaction.atomic
def unlink(link: Link, *, by) -> None:
    """Two cases do not belong together after all."""
    demand_worker(link.case, by)
    record("case.unlinked", link.case, by=by, org=link.case.org, before=_told(link.other) | {"kind": link.kind})
    link.delete()


@transaction.atomic
def merge(case: Case, into: Case, *, by, reason: str) -> Case:
    """Close a case as a double of another; it stays readable and leads there. Raises CaseError.

    The workflow says by which move: one whose id is `merge`. A merged case opens again by its `undo` move.
    """
    case, into = locked(case), locked(into)
    demand_open(case)
    demand_manager(case, by)
    demand_worker(into, by)
    if case.pk == into.pk or into.merged_into_id or case.edition.family != into.edition.family:
        raise CaseError(_("Choose an open case of the same kind that is not merged itself."))
    target = case.rules.workflow.moves.get("merge")
    if target is None or case.state not in target.start:
        raise CaseError(_("A case cannot be merged from where it stands."))
    now = timezone.now()
    Step.objects.create(case=case, move="merge", before=case.state, after=target.to, at=now, by=by, reason=reason)
    before, case.state, case.state_since, case.due_at = case.state, target.to, now, None
    case.merged_into, case.closed_at, case.closed_by = into, now, by
    case.save()
    into.missed = into.missed or case.missed
    into.save(update_fields=["missed"])
    mark(case, into)
    record("case.merged", case, by=by, org=case.org, before={"state": before}, after={"into": into.number},
           reason=reason)  # fmt: skip
    return into
