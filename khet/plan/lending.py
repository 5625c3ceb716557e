"""The plan's tactics and indicators, lent to the programmes that serve them."""

from khet.core.orgs.models import Org
from khet.engines.programmes.plan_items import PlanItem
from khet.plan.queries import current_plan

LONGEST = 200  # characters of a tactic; some plans write a paragraph


def items(viewer, org: Org) -> list[PlanItem]:
    """Tactics and indicators of the plan in force for the org, strategy by strategy; [] where there is none to see."""
    plan = current_plan(viewer, org)
    found = []
    for branch in plan.branches if plan else ():
        strategy = branch.item.number if branch.item else None
        for one in (*branch.tactics, *branch.indicators):
            number = f"{strategy}.{one.number} " if strategy and one.number and one.kind == one.Kind.TACTIC else ""
            found.append(PlanItem(one.kind, str(one.pk), f"{number}{one}"[:LONGEST]))
    return found
