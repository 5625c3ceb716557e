"""Tying an indicator of the plan to a number of the catalogue, its targets and its owner."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.core.catalogue import catalogue
from khet.plan.models import PlanIndicator, PlanTarget
from khet.plan.services.editing import PlanError, must_be_draft
from khet.plan.targets import level_of

Direction = PlanTarget.Direction


@dataclass(frozen=True)
class Target:
    """One target to be set. `value` None is for directions without a number, and for a level named in `reference`."""

    value: float | None = None
    direction: str = Direction.AT_LEAST
    unit: str = ""
    reference: str = ""


@transaction.atomic
def bind(binding: PlanIndicator, indicator: str, *, by, reading: str = "", because: str = "") -> PlanIndicator:
    """Say which number of the catalogue an indicator of the plan is, and how it is read.

    raises  PlanError when the catalogue knows no such indicator or reading
    """
    must_be_draft(binding.item.edition)
    definition = catalogue().find("indicator", indicator)
    if definition is None:
        raise PlanError(_("The catalogue holds no indicator “%(id)s”. Choose one from the list.") % {"id": indicator})
    if reading and reading not in {one.id for one in definition.readings}:
        raise PlanError(_("“%(id)s” is no reading of this indicator. Choose one from the list.") % {"id": reading})
    before = _said(binding)
    binding.indicator, binding.reading, binding.unbound_reason = indicator, reading, ""
    binding.suggested_because, binding.confirmed = because[:300], not because
    binding.save()
    for target in binding.targets.all():
        _fill_level(target, binding)
    record(
        "plan.indicator_bound", binding.item, by=by, org=binding.item.edition.org, before=before, after=_said(binding)
    )
    return binding


@transaction.atomic
def leave_unbound(binding: PlanIndicator, reason: str, *, by) -> PlanIndicator:
    """Leave an indicator without a number, on purpose. Raises PlanError without a reason."""
    must_be_draft(binding.item.edition)
    reason = reason.strip()
    if not reason:
        raise PlanError(_("Say why no number stands behind this indicator."))
    before = _said(binding)
    binding.indicator = binding.reading = binding.suggested_because = ""
    binding.unbound_reason, binding.confirmed = reason[:300], True
    binding.save()
    record("plan.indicator_left_unbound", binding.item, by=by, org=binding.item.edition.org, before=before,
           after=_said(binding), reason=reason)  # fmt: skip
    return binding


@transaction.atomic
def set_targets(binding: PlanIndicator, year: int | None, targets: list[Target], *, by) -> list[PlanTarget]:
    """The targets of a year (None: all years of the plan), in place of those that were there; [] removes them.

    raises  PlanError for a year outside the plan, for a number that cannot be, and for a level nobody defined
    """
    edition = binding.item.edition
    must_be_draft(edition)
    if year is not None and year not in edition.years:
        raise PlanError(_("The plan covers %(years)s; this year lies outside.") % {"years": str(edition)})
    for target in targets:
        _check(target)
    before = [_target_said(target) for target in binding.targets.filter(year=year)]
    binding.targets.filter(year=year).delete()
    made = []
    for target in targets:
        row = PlanTarget(
            plan_indicator=binding, year=year, value=target.value, unit=target.unit, direction=target.direction,
            reference=target.reference[:200],
        )  # fmt: skip
        _fill_level(row, binding, save=False)
        row.save()
        made.append(row)
    after = [_target_said(target) for target in made]
    if before != after:
        record("plan.targets_set", binding.item, by=by, org=edition.org,
               before={"year": year, "targets": before}, after={"year": year, "targets": after})  # fmt: skip
    return made


@transaction.atomic
def set_owner(binding: PlanIndicator, *, by, group: str = "", owner=None) -> PlanIndicator:
    """Say which working group, and who in it, is on an indicator. Holds for plans in force as well: people change.

    raises  PlanError for a group the office does not have, or an owner who cannot see the indicator
    """
    groups = catalogue().find("codes", "working_groups")
    if group and groups and groups.value(group) is None:
        raise PlanError(_("There is no working group “%(code)s”. Choose one from the list.") % {"code": group})
    if owner and not can(owner, "plan.read", binding.item.edition.org):
        raise PlanError(_("%(name)s cannot see this plan. Grant a role first, or choose another.") % {"name": owner})
    before = {"group": binding.owner_group, "owner": binding.owner.username if binding.owner else None}
    binding.owner_group, binding.owner = group, owner
    binding.save(update_fields=["owner_group", "owner"])
    after = {"group": group, "owner": owner.username if owner else None}
    if before != after:
        record("plan.owner_set", binding.item, by=by, org=binding.item.edition.org, before=before, after=after)
    return binding


def _check(target: Target) -> None:
    numeric = target.direction in (Direction.AT_LEAST, Direction.AT_MOST, Direction.EXACTLY)
    if target.direction not in Direction.values:
        raise PlanError(_("Choose how the target is meant: at least, at most, exactly, none, lower, higher."))
    if numeric and target.value is None and not target.reference:
        raise PlanError(_("Write the number of the target, or the words the plan uses for its level."))
    if target.value is not None and target.unit == PlanTarget.Unit.PERCENT and not 0 <= target.value <= 100:
        raise PlanError(_("A percentage lies between 0 and 100; %(value)g does not.") % {"value": target.value})
    if target.value is not None and target.value < 0:
        raise PlanError(_("A target is not negative; %(value)g is.") % {"value": target.value})


def _fill_level(target: PlanTarget, binding: PlanIndicator, save: bool = True) -> None:
    """Turn the plan's word for a level into its place on the scale of the bound indicator."""
    definition = binding.definition
    if target.value is not None or not target.reference or definition is None:
        return
    target.value = level_of(definition, target.reference)
    if save and target.value is not None:
        target.save(update_fields=["value"])


def _said(binding: PlanIndicator) -> dict:
    return {"indicator": binding.indicator, "reading": binding.reading, "unbound": binding.unbound_reason}


def _target_said(target: PlanTarget) -> dict:
    return {
        "value": target.value,
        "direction": str(target.direction),
        "unit": str(target.unit),
        "reference": target.reference,
    }
