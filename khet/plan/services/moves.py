"""Following the values of plans in force: a line for each that changed, written when the facts have been refreshed."""

import logging

from django.db import connection, transaction

from khet.core.accounts.models import system_user
from khet.facts.manifest import current
from khet.insight.indicators import queries as indicators
from khet.plan.judging import without_judging
from khet.plan.models import IndicatorMove, PlanEdition
from khet.plan.queries import plan_of

log = logging.getLogger("khet.plan")


def follow_after_commit() -> None:
    """Note what moved; called after a transaction that touched something, once the facts have taken it in."""
    if not connection.in_atomic_block:
        follow()


def follow() -> list[IndicatorMove]:
    """The values that changed since they were last noted, for every plan in force."""
    made = []
    for edition in PlanEdition.objects.filter(state=PlanEdition.State.ADOPTED).select_related("org"):
        made += _follow(edition)
    return made


@transaction.atomic
def _follow(edition: PlanEdition) -> list[IndicatorMove]:
    bindings = {item.binding.indicator: item.binding for item in plan_of(edition).indicators if item.binding.definition}
    if not bindings:
        return []
    readings = {id: binding.reading for id, binding in bindings.items() if binding.reading}
    with without_judging():
        values = indicators.values(system_user(), org=edition.org, indicators=bindings, readings=readings)
    last: dict[str, IndicatorMove] = {}
    for move in IndicatorMove.objects.filter(org=edition.org, indicator__in=bindings).order_by("at", "pk"):
        last[move.indicator] = move
    version, made = current().version, []
    for value in values:
        was = last.get(value.indicator)
        if was is None and value.value is None:
            continue
        if was is None or (was.value, was.period) != (value.value, value.period.code):
            made.append(
                IndicatorMove(
                    org=edition.org,
                    indicator=value.indicator,
                    period=value.period.code,
                    value=value.value,
                    before=was.value if was else None,
                    before_period=was.period if was else "",
                    version=version,
                )
            )
    IndicatorMove.objects.bulk_create(made)
    return made
