"""Who handles a case, and how pressing it is."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.audit.services import record
from khet.core.orgs.models import Org
from khet.engines.cases.clocks import due
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case
from khet.engines.cases.seats import roles_at, roles_in
from khet.engines.cases.services.base import (
    NOT_SEEN,
    demand_manager,
    demand_open,
    demand_worker,
    locked,
    mark,
    tell,
    tell_of_level,
)


@transaction.atomic
def assign(case: Case, user, *, by) -> Case:
    """Give a case to somebody who sees it; None gives it back to the place. Raises CaseError."""
    case = locked(case)
    demand_open(case)
    _demand_assigner(case, user, by)
    if user is not None and not Case.objects.visible_to(user).filter(pk=case.pk).exists():
        raise CaseError(NOT_SEEN % {"user": user})
    before, case.owner = case.owner, user
    case.save(update_fields=["owner"])
    record("case.assigned", case, by=by, org=case.org, before={"owner": str(before or "")},
           after={"owner": str(user or "")})  # fmt: skip
    if user is not None:
        words = format_lazy(gettext_lazy("{number} was given to you."), number=case.number)
        tell([user], case, words, key="given", but=by)
    return case


def assign_many(cases: Iterable[Case], user, *, by) -> tuple[list[Case], list[tuple[Case, str]]]:
    """(cases given, [(case, why not)])."""
    done, refused = [], []
    for case in cases:
        try:
            done.append(assign(case, user, by=by))
        except CaseError as error:
            refused.append((case, str(error)))
    return done, refused


def _demand_assigner(case: Case, user, by) -> None:
    """Who manages a case gives it to anybody; who works on it may take it, and give back what is theirs."""
    if (user or case.owner) == by:
        demand_worker(case, by)
    else:
        demand_manager(case, by)


@transaction.atomic
def hand_over(case: Case, org: Org, *, by) -> Case:
    """Have another place of the same office handle the case; nobody there has it yet. Raises CaseError."""
    case = locked(case)
    demand_open(case)
    demand_manager(case, by)
    if not org.is_under(case.office):
        raise CaseError(_("%(org)s is not of this office. Refer the case instead.") % {"org": org})
    if case.passed_by and org.is_school:
        raise CaseError(_("This case names somebody of a school. It stays with the office."))
    before, case.org, case.owner = case.org, org, None
    case.save(update_fields=["org", "owner"])
    mark(case)
    record("case.handed_over", case, by=by, org=org, before={"org": before.code}, after={"org": org.code})
    return case


@transaction.atomic
def set_level(case: Case, code: str, *, by, reason: str = "") -> Case:
    """Change how pressing a case is: raised by who works on it, lowered by `lowered_by` alone, with a reason."""
    case = locked(case)
    demand_open(case)
    level, now = case.kind.level(code), case.level_of
    if level is None:
        raise CaseError(_("There is no such level."))
    roles, reason = roles_in(by, case), " ".join(reason.split())
    demand_worker(case, by)
    if now and level.rank < now.rank:
        if not (roles | roles_at(by, case.org)) & set(case.kind.lowered_by):
            raise CaseError(_("Only the office may lower a level."))
        if len(reason) < 4:
            raise CaseError(_("Say in a few words why."))
    before, case.level, case.rank = case.level, code, level.rank
    case.due_at = due(case.rules, case.state, code, case.state_since, case.received_at)
    case.save(update_fields=["level", "rank", "due_at"])
    mark(case)
    record("case.level_set", case, by=by, org=case.org, before={"level": before}, after={"level": code}, reason=reason)
    tell_of_level(case, now, by)
    return case
