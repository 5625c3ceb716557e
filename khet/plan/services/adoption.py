"""Putting a draft in force."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.changes.services import touch
from khet.insight.indicators.services import choose_reading
from khet.plan.models import PlanEdition, PlanItem
from khet.plan.services.editing import PlanError, must_be_draft

Kind = PlanItem.Kind


@dataclass(frozen=True)
class Fault:
    """What stands in the way of adopting a draft, at which item; `stops` is False for what only deserves a look."""

    message: str
    item: PlanItem | None = None
    stops: bool = True


def faults(edition: PlanEdition) -> list[Fault]:
    """What is missing before a draft can be adopted, then what deserves a look."""
    items = list(edition.items.select_related("binding").prefetch_related("binding__targets"))
    found = []
    if not any(item.kind == Kind.STRATEGY for item in items):
        found.append(Fault(_("The plan has no strategy yet.")))
    indicators = [item for item in items if item.kind == Kind.INDICATOR]
    if not indicators:
        found.append(Fault(_("The plan has no indicator yet.")))
    for item in indicators:
        found += _faults_of(item)
    return sorted(found, key=lambda fault: not fault.stops)


def _faults_of(item: PlanItem) -> list[Fault]:
    binding = item.binding
    if not binding.indicator:
        if binding.unbound_reason:
            return []
        return [Fault(_("Choose the number behind this indicator, or say why there is none."), item)]
    definition = binding.definition
    if definition is None:
        return [Fault(_("The catalogue no longer holds “%(id)s”. Choose another.") % {"id": binding.indicator}, item)]
    found = []
    targets = list(binding.targets.all())
    if not targets:
        found.append(Fault(_("No target is set: the indicator will show no status."), item, stops=False))
    for target in targets:
        if target.value is None and target.direction in ("at_least", "at_most", "exactly"):
            found.append(
                Fault(_("“%(words)s” is not a level that anybody defined. Set the target as a number.")
                      % {"words": target.reference}, item, stops=False)
            )  # fmt: skip
    if definition.readings and not binding.reading:
        words = {"reading": definition.reading_of(definition.reading).title}
        found.append(
            Fault(_("It can be read in several ways; “%(reading)s” is used unless you choose.") % words, item, False)
        )
    if not binding.confirmed:
        found.append(Fault(_("The number was suggested by its words; nobody has confirmed it yet."), item, stops=False))
    return found


@transaction.atomic
def adopt(edition: PlanEdition, *, by, leave_open: str = "") -> PlanEdition:
    """Put a draft in force from now on; the edition in force until now is superseded.

    leave_open   a reason under which indicators that are still without a number are left so on purpose
    raises       PlanError naming what stands in the way
    """
    edition = PlanEdition.objects.select_for_update().get(pk=edition.pk)
    must_be_draft(edition)
    if leave_open:
        _leave_open(edition, leave_open)
    stops = [fault for fault in faults(edition) if fault.stops]
    if stops:
        raise PlanError(" ".join(dict.fromkeys(fault.message for fault in stops)))
    now = timezone.now()
    former = PlanEdition.objects.filter(org=edition.org, state=PlanEdition.State.ADOPTED).first()
    if former:
        former.state, former.superseded_at = PlanEdition.State.SUPERSEDED, now
        former.save(update_fields=["state", "superseded_at"])
    edition.state, edition.adopted_at, edition.adopted_by = PlanEdition.State.ADOPTED, now, by
    edition.save(update_fields=["state", "adopted_at", "adopted_by"])
    _use_readings(edition, by)
    record("plan.adopted", edition, by=by, org=edition.org, before={"in force": str(former) if former else None},
           after={"years": str(edition)})  # fmt: skip
    touch("plan")
    return edition


def _use_readings(edition: PlanEdition, by) -> None:
    """Have every page count the indicators as the plan reads them."""
    for item in edition.items.filter(kind=Kind.INDICATOR).exclude(binding__indicator="").select_related("binding"):
        choose_reading(
            edition.org, item.binding.indicator, item.binding.reading or None, by=by, reason=_("Plan %s") % edition
        )


def _leave_open(edition: PlanEdition, reason: str) -> None:
    for item in edition.items.filter(kind=Kind.INDICATOR, binding__indicator="", binding__unbound_reason=""):
        item.binding.unbound_reason = reason[:300]
        item.binding.save(update_fields=["unbound_reason"])
