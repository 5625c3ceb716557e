"""Targets and status, which only the plan above knows: it registers who judges, and values come out judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the plan registers itself at start, when nobody needs numpy yet
    from khet.core.orgs.models import Org
    from khet.insight.indicators.values import Value

STATUSES = ("met", "near", "missed", "running", "no_data", "no_target")


@dataclass(frozen=True)
class Verdict:
    """How a value stands against what the plan asks.

    status   met | near | missed | running (the period is not over, and it can go either way) | no_data | no_target
    target   the target in words ("ร้อยละ 95 ขึ้นไป"), None where there is none
    number   the target's number, for charts; None where it has none
    note     of a period that runs: what was compared with what; '' of a whole one
    """

    status: str
    target: str | None = None
    number: float | None = None
    note: str = ""


# (viewer, org, values without a breakdown) → {indicator: verdict}
Judge = Callable[[object, "Org", Sequence["Value"]], dict[str, Verdict]]
_judges: list[Judge] = []


def register(judge: Judge) -> None:
    """Let a room above judge values (called from its AppConfig.ready)."""
    if judge not in _judges:
        _judges.append(judge)


def judged(viewer, org: "Org", values: list["Value"]) -> list["Value"]:
    """The values with their targets and status. A plan speaks of its office as a whole: parts of it are not judged."""
    whole = [value for value in values if not value.dims and value.org == org.code]
    verdicts: dict[str, Verdict] = {}
    for judge in _judges:
        verdicts |= judge(viewer, org, whole) if whole else {}
    return [
        replace(value, target=verdicts[value.indicator], status=verdicts[value.indicator].status)
        if not value.dims and value.org == org.code and value.indicator in verdicts
        else value
        for value in values
    ]
