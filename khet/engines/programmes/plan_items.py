"""What a programme may serve: tactics and indicators of the plan, lent by the plan: it registers the reader."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class PlanItem:
    """A tactic or an indicator of the plan in force; `label` is how the plan words it."""

    kind: str  # tactic | indicator
    id: str
    label: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


Reader = Callable[[object, object], list[PlanItem]]
_reader: list[Reader] = []


def register(reader: Reader) -> None:
    """Have a function asked for the plan of an org: (viewer, org) → its tactics and indicators in their order."""
    _reader[:] = [reader]


def plan_items(viewer, org) -> list[PlanItem]:
    """Tactics and indicators of the plan in force for an org; [] where there is no plan to be seen."""
    return _reader[0](viewer, org) if _reader else []
