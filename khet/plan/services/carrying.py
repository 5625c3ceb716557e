"""The office's word on which systems carry a tactic."""

from django.db import transaction
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.catalogue import catalogue
from khet.plan.models import PlanItem, TacticSystem
from khet.plan.services.editing import PlanError


@transaction.atomic
def decide_system(tactic: PlanItem, system: str, carries: bool, *, by) -> TacticSystem:
    """Say that a system carries a tactic, or that it does not. This is no part of the words an adopted plan keeps.

    raises  PlanError for what is no tactic or no system
    """
    if tactic.kind != PlanItem.Kind.TACTIC:
        raise PlanError(_("Only a tactic is carried by systems."))
    if catalogue().find("system", system) is None:
        raise PlanError(_("The catalogue holds no system “%(id)s”. Choose one from the list.") % {"id": system})
    row, _created = TacticSystem.objects.update_or_create(
        item=tactic, system=system, defaults={"carries": carries, "by": by}
    )
    record("plan.system_decided", tactic, by=by, org=tactic.edition.org, after={"system": system, "carries": carries})
    return row
