"""Tables of the plan room."""

from khet.plan.models.documents import PlanDocument, PlanEdition
from khet.plan.models.followup import Action, IndicatorMove, Note
from khet.plan.models.items import PlanIndicator, PlanItem, PlanTarget, TacticSystem

__all__ = [
    "Action", "IndicatorMove", "Note", "PlanDocument", "PlanEdition", "PlanIndicator", "PlanItem", "PlanTarget",
    "TacticSystem",
]  # fmt: skip
