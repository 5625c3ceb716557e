"""Who is in the circle of a case."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.audit.services import record
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case, Member
from khet.engines.cases.seats import is_of, kept_from, roles_at
from khet.engines.cases.services.base import demand_manager, locked, members, tell, untell


@transaction.atomic
def add_member(case: Case, user, role: str = "", *, by) -> Member:
    """Let somebody into a case. Raises CaseError for who is barred, in it already, or of a school it passes by."""
    case = locked(case)
    demand_manager(case, by)
    _demand_fit(case, user)
    if case.members.filter(user=user, until__isnull=True).exists():
        raise CaseError(_("%(user)s is in the case already.") % {"user": user})
    member = Member.objects.create(case=case, user=user, role=role, by=by)
    record("case.member_added", case, by=by, org=case.org, after={"user": user.username, "role": role})
    words = format_lazy(gettext_lazy("{number}: you are now in this case."), number=case.number)
    tell([user], case, words, key="member", but=by)
    return member


@transaction.atomic
def enter(case: Case, reason: str, *, by) -> Member:
    """Enter a circle by oneself, as the kind allows some roles; every member hears of it. Raises CaseError."""
    case = Case.objects.select_related("edition", "org", "about", "office").get(pk=case.pk)
    if not may_enter(by, case):
        raise CaseError(_("You may not enter this case."))
    reason = " ".join(reason.split())
    if len(reason) < 4:
        raise CaseError(_("Say in a few words what you need the case for."))
    told = members(case)
    member = Member.objects.create(case=case, user=by, reason=reason[:300], by=by)
    record("case.entered", case, by=by, org=case.org, reason=reason)
    words = format_lazy(gettext_lazy("{number}: {user} entered the case."), number=case.number, user=by.username)
    tell(told, case, words, key=f"entered-{by.pk}", urgent=True)
    return member


def may_enter(viewer, case: Case) -> bool:
    """True for who is outside a circle that is not kept from them, and holds a role that may enter it."""
    if not case.kind.circle or case.members.filter(user=viewer, until__isnull=True).exists():
        return False
    if kept_from([viewer], case):
        return False
    return bool(roles_at(viewer, case.org) & set(case.kind.may_enter))


@transaction.atomic
def remove_member(member: Member, *, by) -> Member:
    """End a membership; the record of it stays. Somebody must stay in a circle. Raises CaseError."""
    case = locked(member.case)
    if member.user != by:
        demand_manager(case, by)
    others = case.members.filter(until__isnull=True).exclude(pk=member.pk)
    if case.kind.circle and not others.exists():
        raise CaseError(_("Somebody has to stay in the case. Let another in first."))
    member.until = timezone.now()
    member.save(update_fields=["until"])
    if case.owner_id == member.user_id:
        Case.objects.filter(pk=case.pk).update(owner=None)
    untell([member.user], case)
    record("case.member_removed", case, by=by, org=case.org, after={"user": member.user.username})
    return member


def leave(case: Case, *, by) -> Member:
    """Leave a case oneself. Raises CaseError."""
    member = case.members.filter(user=by, until__isnull=True).select_related("case", "user").first()
    if member is None:
        raise CaseError(_("You are not in this case."))
    return remove_member(member, by=by)


def _demand_fit(case: Case, user) -> None:
    if case.parties.filter(user=user, barred=True).exists():
        raise CaseError(_("%(user)s is named by the case and cannot be in it.") % {"user": user})
    if case.passed_by and is_of(user, case.about):
        raise CaseError(_("%(user)s is of the school that this case passes by.") % {"user": user})
    if not user.paths("cases.take_part"):
        raise CaseError(_("%(user)s has no role that takes part in cases.") % {"user": user})
