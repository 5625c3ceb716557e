"""The plan alive: every indicator with its value, target, status, trend, age, owner and what is being done."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from khet.core.accounts.access import can
from khet.core.orgs.models import Org
from khet.insight.indicators import editions
from khet.insight.indicators.running import day_before
from khet.insight.indicators.series import Trend, trends
from khet.insight.indicators.values import Value
from khet.kit.periods import Period, period_of, to_be
from khet.plan.judging import target_number
from khet.plan.models import Action, IndicatorMove, PlanIndicator, PlanItem
from khet.plan.parts import part_status
from khet.plan.queries import Branch, Plan, actions, current_plan
from khet.plan.standing import standing
from khet.plan.targets import NO_DATA, NO_TARGET, of_year, year_of
from khet.plan.words import target_words

POINTS = 8  # periods of history beside a value
RANK = {"missed": 0, "near": 1, "no_data": 2, "no_target": 3, "running": 4, "met": 5}  # what deserves a look first


@dataclass
class IndicatorState:
    """An indicator of the plan at an org.

    value      None when it is bound to no number, the org cannot be asked, or nothing is known of the period
    period     the one asked for, in the indicator's own kind
    trend      its last periods up to this one, with limits and signals; None as `value`
    note       of a period that still runs, what was compared with what
    moved      the value that was here when the viewer came last, where it has changed since
    is_part    it is asked of a school or cluster, while the plan speaks of the office
    """

    item: PlanItem
    binding: PlanIndicator
    value: Value | None = None
    period: Period | None = None
    trend: Trend | None = None
    status: str = NO_TARGET
    note: str = ""
    targets: list = field(default_factory=list)
    open_actions: int = 0
    overdue_actions: int = 0
    moved: IndicatorMove | None = None
    is_part: bool = False

    @property
    def edition(self):
        """The formula used, else the catalogue's newest; None when unbound."""
        return self.value.edition if self.value else self.binding.definition

    @property
    def number(self) -> float | None:
        return self.value.value if self.value else None

    @property
    def target_words(self) -> str:
        return target_words(self.targets, self.edition)

    @property
    def target_number(self) -> float | None:
        return target_number(self.targets)

    @property
    def points(self) -> tuple[Value, ...]:
        """The values up to the period, oldest first."""
        return self.trend.points if self.trend else ()

    @property
    def numbers(self) -> list[float | None]:
        return [point.value for point in self.points]

    @property
    def previous(self) -> Value | None:
        """The value of the period before, by the same formula."""
        before = self.period.previous() if self.period else None
        return next((point for point in self.points if point.period == before), None)

    @property
    def compared_with(self) -> Value | None:
        """The value of the period before; of its same days where the period still runs and the value fills."""
        if self.value and self.value.running:
            return self.trend.same_days
        return self.previous

    @property
    def change(self) -> float | None:
        """Against what it is compared with; None when one of the two is missing."""
        before = self.compared_with
        return None if self.number is None or before is None or before.value is None else self.number - before.value

    @property
    def is_signal(self) -> bool:
        """True when the last point is more than the usual ups and downs."""
        if not self.trend or self.number is None:
            return False
        last = len(self.points) - 1 - self.trend.start
        return any(signal.at == last for signal in self.trend.limits.signals)

    @property
    def applies(self) -> bool:
        """False for a number of the office as a whole, asked of a school."""
        return not self.is_part or self.edition is None or self.edition.org_kind == "school"


@dataclass
class StrategyState:
    """A strategy with its indicators; `branch.item` is None for indicators under no strategy."""

    branch: Branch
    indicators: list[IndicatorState]

    @property
    def item(self) -> PlanItem | None:
        return self.branch.item


@dataclass
class PlanState:
    """The plan in force at an org, as one viewer sees it at a moment."""

    plan: Plan
    org: Org
    strategies: list[StrategyState]
    actions: list[Action]  # open ones at or below the org, as far as the viewer may see them

    @property
    def indicators(self) -> list[IndicatorState]:
        return [state for strategy in self.strategies for state in strategy.indicators]

    @property
    def counts(self) -> dict[str, int]:
        """How many indicators stand how, the worst first."""
        found = Counter(state.status for state in self.indicators if state.applies)
        return {name: found[name] for name in RANK}

    @property
    def urgent(self) -> list[IndicatorState]:
        """The indicators, what deserves a look first."""
        return sorted((s for s in self.indicators if s.applies), key=lambda state: RANK[state.status])

    @property
    def as_of(self):
        """The oldest of the days the data speak of."""
        return min((state.value.as_of for state in self.indicators if state.value and state.value.as_of), default=None)


def plan_status(viewer, org: Org, period: Period | None = None, *, since: datetime | None = None) -> PlanState | None:
    """The plan in force at an org, or None without one.

    org     an office, or a school or cluster below it: then the values are its own, beside the office's targets
    period  each indicator answers with the period of its own kind that it stands for; its newest one when left out
    since   moves of values since this moment are told
    """
    plan = current_plan(viewer, org)
    if plan is None:
        return None
    bound = {item.binding.indicator: item.binding for item in plan.indicators if item.binding.definition}
    readings = {id: binding.reading for id, binding in bound.items() if binding.reading}
    found = {}
    if bound and can(viewer, "plan.read", org):
        found = trends(viewer, org=org, indicators=bound, until=period, count=POINTS, readings=readings)
    open_actions = list(actions(viewer, org=org).open())
    context = (found, period, _counted(open_actions), _moves(org, since), plan.edition.org_id != org.pk)
    strategies = [
        StrategyState(branch, [_state(item, *context) for item in branch.indicators]) for branch in plan.branches
    ]
    return PlanState(plan, org, strategies, open_actions)


def _state(item, found, period, counts, moves, is_part) -> IndicatorState:
    id, binding = item.binding.indicator, item.binding
    state = IndicatorState(item, binding, trend=found.get(id), moved=moves.get(id), is_part=is_part)
    state.open_actions, state.overdue_actions = counts.get(id, (0, 0))
    if not id or state.edition is None:
        state.targets = of_year(binding.targets.all(), timezone.localdate().year)
        state.status = NO_DATA if state.targets else NO_TARGET
        return state
    kind = editions.kind_of(id)
    last = state.points[-1] if state.points else None
    state.period = (
        editions.in_kind(period, kind) if period else last.period if last else period_of(timezone.localdate(), kind)
    )
    state.value = last if last and last.period == state.period else None
    state.targets = of_year(binding.targets.all(), year_of(state.period))
    _judge(state)
    return state


def _judge(state: IndicatorState) -> None:
    if state.is_part:
        state.status = part_status(state.value, state.targets) if state.value else NO_DATA
        return
    found = standing(state.value, state.targets, state.previous, state.trend.same_days if state.trend else None)
    state.status, state.note = found.status, found.note


def _counted(found: list[Action]) -> dict[str, tuple[int, int]]:
    """{indicator: (open, overdue)}."""
    counts: dict[str, tuple[int, int]] = {}
    for action in found:
        total, late = counts.get(action.indicator, (0, 0))
        counts[action.indicator] = (total + 1, late + action.is_overdue)
    return counts


def _moves(org: Org, since: datetime | None) -> dict[str, IndicatorMove]:
    """{indicator: the first move since a moment}: its `before` is what was seen then."""
    if since is None:
        return {}
    found: dict[str, IndicatorMove] = {}
    for move in IndicatorMove.objects.filter(org=org, at__gt=since).order_by("at", "pk"):
        found.setdefault(move.indicator, move)
    return found


def as_document(state: PlanState) -> dict:
    """The plan as the JSON of `khet plan status --json` (docs/guides/plan.md)."""
    edition = state.plan.edition
    return {
        "org": state.org.code,
        "name": state.org.name,
        "plan": {
            "from_year_be": to_be(edition.from_year),
            "to_year_be": to_be(edition.to_year),
            "adopted_at": edition.adopted_at.isoformat() if edition.adopted_at else None,
            "vision": state.plan.vision.text if state.plan.vision else None,
        },
        "strategies": [
            {
                "number": strategy.item.number if strategy.item else None,
                "title": strategy.item.text if strategy.item else None,
                "indicators": [_indicator_document(one) for one in strategy.indicators],
            }
            for strategy in state.strategies
        ],
        "counts": state.counts,
    }


def _compared_document(state: IndicatorState) -> dict | None:
    """What the value is compared with: the period before, or its same days while the period runs."""
    then, running = state.compared_with, state.value.running if state.value else None
    if then is None or then.value is None:
        return None
    until = day_before(state.value) if running else then.period.end
    return {"period": then.period.code, "until": until.isoformat(), "value": then.value, "whole": running is None}


def _indicator_document(state: IndicatorState) -> dict:
    edition, value = state.edition, state.value
    return {
        "text": state.item.text,
        "indicator": state.binding.indicator or None,
        "reading": value.reading if value else state.binding.reading or None,
        "unbound_reason": state.binding.unbound_reason or None,
        "period": state.period.code if state.period else None,
        "running_until": value.running.until.isoformat() if value and value.running else None,
        "value": state.number,
        "unit": edition.unit if edition else None,
        "decimals": edition.decimals if edition else None,
        "status": state.status,
        "note": state.note or None,
        "compared": _compared_document(state),
        "target_words": state.target_words or None,
        "targets": [
            {"value": t.value, "direction": t.direction, "unit": t.unit or None, "reference": t.reference or None,
             "year_be": to_be(t.year) if t.year else None}
            for t in state.targets
        ],
        "change": state.change,
        "history": [{"period": point.period.code, "value": point.value} for point in state.points],
        "as_of": value.as_of.isoformat() if value and value.as_of else None,
        "missing": {"measures": list(value.missing.measures), "orgs": list(value.missing.orgs)} if value else None,
        "owner_group": state.binding.owner_group or None,
        "owner": state.binding.owner.username if state.binding.owner else None,
        "open_actions": state.open_actions,
        "overdue_actions": state.overdue_actions,
    }  # fmt: skip
