"""What waits for somebody: loads to be checked, drafts of the plan, actions of one's own."""

from dataclasses import dataclass

from khet.core.orgs.models import Org
from khet.plan import queries as plans
from khet.registers.intake.models import Batch, State
from khet.web.desk.queries.followup import named

WAITING = (State.RECEIVED, State.NEEDS_MAPPING, State.CHECKED, State.FAILED)


@dataclass
class Work:
    """What waits for a viewer."""

    actions: list
    loads: list
    draft: object | None

    def __bool__(self):
        return bool(self.actions or self.loads or self.draft)


def of(viewer, org: Org, actions) -> Work:
    """What waits for the viewer at and below an org; only what their roles let them do.

    actions   the open ones there; those of the viewer are picked from them
    """
    loads = list(Batch.objects.visible_to(viewer).filter(state__in=WAITING)[:5]) if viewer.paths("intake.write") else []
    mine = [action for action in actions if action.owner_id == viewer.pk]
    return Work(named(mine[:5]), loads, newest_draft(viewer, org))


def newest_draft(viewer, org: Org):
    """The newest draft of the plan that the viewer may finish; None when there is none."""
    if not viewer.paths("plan.write"):
        return None
    return plans.editions(viewer, org, "plan.write").filter(state="draft").order_by("-pk").first()
