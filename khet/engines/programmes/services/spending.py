"""Costs, planned and paid."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.orgs.models import Org
from khet.engines.programmes.marking import touch_from
from khet.engines.programmes.models import Cost, Run
from khet.engines.programmes.reading import day_of_fiscal_year
from khet.engines.programmes.rights import ProgrammeError, demand, demand_open, may_enter_for


@transaction.atomic
def add_cost(run: Run, org: Org, *, by, what: str, year: int, planned=0, paid=0, source: str = "") -> Cost:
    """A line of the costs.

    year     fiscal year, C.E.
    raises   ProgrammeError
    """
    demand(may_enter_for(by, run, org))
    demand_open(run)
    if not run.rules.costs:
        raise ProgrammeError(_("No money is entered for this programme."))
    planned, paid = Decimal(planned or 0), Decimal(paid or 0)
    if planned < 0 or paid < 0 or not (planned or paid):
        raise ProgrammeError(_("Write what is planned or what was paid, in baht."))
    cost = Cost.objects.create(
        run=run, org=org, what=what.strip()[:200], source=source.strip()[:120], year=year, planned=planned, paid=paid,
        by=by,
    )  # fmt: skip
    touch_from(day_of_fiscal_year(year))
    record("programme.cost_entered", cost, by=by, org=org, after={"year": year, "planned": planned, "paid": paid})
    return cost


@transaction.atomic
def withdraw_cost(cost: Cost, *, by) -> Cost:
    """Take a line back; it stays in the record. Raises ProgrammeError."""
    demand(may_enter_for(by, cost.run, cost.org))
    demand_open(cost.run)
    if cost.stands:
        cost.withdrawn_at, cost.withdrawn_by = timezone.now(), by
        cost.save(update_fields=["withdrawn_at", "withdrawn_by"])
        touch_from(day_of_fiscal_year(cost.year))
        record("programme.cost_withdrawn", cost, by=by, org=cost.org)
    return cost
