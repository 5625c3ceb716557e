"""Reading plans. The viewer comes first."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch, QuerySet

from khet.core.accounts.access import can, scopes
from khet.core.orgs.models import Org
from khet.plan.models import Action, Note, PlanDocument, PlanEdition, PlanIndicator, PlanItem

Kind = PlanItem.Kind


def documents(viewer, org: Org | None = None, permission: str = "plan.read") -> QuerySet:
    """Plan documents the viewer may see (or, with plan.write, draft from), newest first."""
    found = PlanDocument.objects.visible_to(viewer, permission).select_related("org", "received_by")
    return found.filter(org=org) if org else found


def editions(viewer, org: Org | None = None, permission: str = "plan.read") -> QuerySet:
    """Editions the viewer may see (or, with plan.write, change)."""
    found = PlanEdition.objects.visible_to(viewer, permission)
    found = found.select_related("org", "document", "adopted_by", "drafted_by")
    return found.filter(org=org) if org else found


def items(viewer, permission: str = "plan.read") -> QuerySet:
    """Items of editions the viewer may see (or change)."""
    return PlanItem.objects.visible_to(viewer, permission).select_related("edition__org", "parent", "binding__owner")


def may_follow(viewer, org: Org) -> bool:
    """True for who reads plans at the org, and for who reads them anywhere below it.

    A school follows the plan of its office: the plan is a published document. Its figures stay scoped.
    """
    return can(viewer, "plan.read", org) or any(path.startswith(org.path) for path in scopes(viewer, "plan.read"))


@dataclass
class Branch:
    """A strategy with what stands under it; the branch without an item holds what stands under none."""

    item: PlanItem | None
    goals: list[PlanItem] = field(default_factory=list)
    tactics: list[PlanItem] = field(default_factory=list)
    indicators: list[PlanItem] = field(default_factory=list)


@dataclass
class Plan:
    """An edition with its items in memory."""

    edition: PlanEdition
    items: list[PlanItem]

    def of(self, kind: str, parent: PlanItem | None = None) -> list[PlanItem]:
        parent_id = parent.pk if parent else None
        return [item for item in self.items if item.kind == kind and item.parent_id == parent_id]

    @cached_property
    def vision(self) -> PlanItem | None:
        return next((item for item in self.items if item.kind == Kind.VISION), None)

    @property
    def values(self) -> list[PlanItem]:
        return self.of(Kind.VALUE)

    @property
    def missions(self) -> list[PlanItem]:
        return self.of(Kind.MISSION)

    @property
    def goals(self) -> list[PlanItem]:
        return self.of(Kind.GOAL)

    @cached_property
    def branches(self) -> list[Branch]:
        """The strategies in order, then what stands under none, if there is any."""
        made = [
            Branch(item, self.of(Kind.GOAL, item), self.of(Kind.TACTIC, item), self.of(Kind.INDICATOR, item))
            for item in self.of(Kind.STRATEGY)
        ]
        loose = Branch(None, [], [], self.of(Kind.INDICATOR))
        return made + ([loose] if loose.indicators else [])

    @cached_property
    def indicators(self) -> list[PlanItem]:
        return [item for branch in self.branches for item in branch.indicators]

    def binding_of(self, indicator: str) -> PlanIndicator | None:
        """The binding to a number of the catalogue; None when the plan does not speak of it."""
        return next((item.binding for item in self.indicators if item.binding.indicator == indicator), None)


def plan_of(edition: PlanEdition) -> Plan:
    """The edition with all of its items, bindings, owners and targets: three queries whatever its size."""
    bindings = PlanIndicator.objects.select_related("owner").prefetch_related("targets")
    found = list(edition.items.prefetch_related(Prefetch("binding", bindings)))
    by_id = {item.pk: item for item in found}
    for item in found:
        item.edition, item.parent = edition, by_id.get(item.parent_id)
        if item.kind == Kind.INDICATOR:
            item.binding.item = item
    return Plan(edition, found)


def edition_in_force(org: Org) -> PlanEdition | None:
    """The plan in force for an org: its own, else that of the nearest org above it. One query."""
    above = [int(id) for id in org.path.strip("/").split("/")]
    found = PlanEdition.objects.filter(org_id__in=above, state=PlanEdition.State.ADOPTED).select_related("org")
    return max(found, key=lambda edition: above.index(edition.org_id), default=None)


def current_plan(viewer, org: Org) -> Plan | None:
    """The plan in force for an org, with its items. None when there is none, or none to be seen."""
    edition = edition_in_force(org)
    return plan_of(edition) if edition and may_follow(viewer, edition.org) else None


def notes(viewer, *, org: Org | None = None, indicator: str | None = None, withdrawn: bool = False) -> QuerySet:
    """Notes the viewer may see, newest first; withdrawn ones only when asked for."""
    found = Note.objects.visible_to(viewer).select_related("by", "org")
    found = found if withdrawn else found.filter(withdrawn_at__isnull=True)
    found = found.filter(org__path__startswith=org.path) if org else found
    return found.filter(indicator=indicator) if indicator else found


def actions(viewer, *, org: Org | None = None, indicator: str | None = None) -> QuerySet:
    """Actions the viewer may see, the earliest due first."""
    found = Action.objects.visible_to(viewer).select_related("owner", "org", "by", "done_by")
    found = found.filter(org__path__startswith=org.path) if org else found
    return found.filter(indicator=indicator) if indicator else found
