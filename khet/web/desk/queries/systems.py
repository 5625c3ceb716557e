"""The government systems: which tactics they carry, which numbers they give, and what goes on in each."""

from collections import defaultdict
from dataclasses import dataclass, field

from khet.core import activity
from khet.core.activity import Activity
from khet.core.catalogue import catalogue
from khet.core.catalogue.schema import System
from khet.plan.carriers import Carrier, carriers, systems
from khet.plan.models import PlanItem


@dataclass
class SystemState:
    """A system as it stands at an org."""

    system: System
    activities: list[Activity] = field(default_factory=list)
    indicators: list = field(default_factory=list)
    tactics: list[PlanItem] = field(default_factory=list)

    @property
    def lives(self) -> bool:
        """True when something carries it today: an engine, a register or figures."""
        return bool(self.activities) or self.system.state != "planned"


def overview(viewer, org, plan) -> list[SystemState]:
    """Every system, by strategy, with the tactics of the plan in force that it carries."""
    tactics = [tactic for branch in plan.branches for tactic in branch.tactics] if plan else []
    carried = defaultdict(list)
    found = carriers(tactics)
    for tactic in tactics:
        for carrier in found[tactic.pk]:
            carried[carrier.system.id].append(tactic)
    going, numbers = activity.activities(viewer, org), indicators_by_system()
    return [
        SystemState(system, going.get(system.id, []), numbers.get(system.id, []), carried.get(system.id, []))
        for system in systems()
    ]


@dataclass
class TacticState:
    """A tactic with the systems that carry it."""

    item: PlanItem
    carried_by: list[tuple[Carrier, SystemState]]


def of_tactics(viewer, org, tactics: list[PlanItem]) -> list[TacticState]:
    """Each tactic with its systems and what goes on in them."""
    going, numbers, found = activity.activities(viewer, org), indicators_by_system(), carriers(tactics)
    return [
        TacticState(
            tactic,
            [
                (one, SystemState(one.system, going.get(one.system.id, []), numbers.get(one.system.id, [])))
                for one in found[tactic.pk]
            ],
        )
        for tactic in tactics
    ]


def indicators_by_system() -> dict[str, list]:
    """{system: its indicators, newest editions}."""
    found = defaultdict(list)
    known = catalogue()
    for id in known.ids("indicator"):
        one = known.find("indicator", id)
        found[one.system].append(one)
    return found


def by_strategy(states: list[SystemState]) -> list[tuple[str, list[SystemState]]]:
    """(number of the strategy, its systems) in order."""
    found = defaultdict(list)
    for state in states:
        found[state.system.strategy.split(".")[0]].append(state)
    return sorted(found.items())
