"""Which roles somebody has in a case. Whom it is kept from has none."""

from collections.abc import Iterable

from khet.core.accounts.models import RoleGrant, User
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.engines.cases.models import Case, Referral

OWNER, MEMBER, WORKER, MANAGER, RECEIVER, SYSTEM = "owner", "member", "worker", "manager", "receiver", "system"
IN_CASE = (OWNER, MEMBER, WORKER, MANAGER, RECEIVER, SYSTEM)


def roles_at(viewer, org: Org) -> set[str]:
    """Roles of the catalogue that the viewer holds at an org or above it."""
    if viewer.is_system:
        return {role.id for role in catalogue().all("role")}
    return {grant.role for grant in viewer.grants if org.path.startswith(grant.org.path)}


def roles_in(viewer, case: Case) -> set[str]:
    """Every role the viewer has in a case they may see: of the catalogue at its place, and of the case itself."""
    if viewer.is_system:
        return roles_at(viewer, case.org) | set(IN_CASE) | set(case.kind.join.values())
    if kept_from([viewer], case):
        return set()
    membership = case.members.filter(user=viewer, until__isnull=True).first()
    if case.kind.circle and membership is None:
        return set()
    found = roles_at(viewer, case.org)
    if case.org_id != case.about_id and not case.passed_by:
        found |= roles_at(viewer, case.about) & set(case.kind.read_by)
    if membership is not None:
        found |= {MEMBER, membership.role} - {""}
    if case.owner_id == viewer.pk:
        found.add(OWNER)
    if found & set(case.kind.work_by) or membership is not None or OWNER in found:
        found.add(WORKER)
    if found & set(case.kind.manage_by):
        found.add(MANAGER)
    if waiting_here(viewer, case) is not None:
        found.add(RECEIVER)
    return found


def is_of(user, org: Org) -> bool:
    """True for who holds a role at an org or below it."""
    return any(grant.org.is_under(org) for grant in user.grants)


def kept_from(users: Iterable, case: Case) -> set[int]:
    """Keys of the users whom a case is kept from: whom it accuses; where it passes a school by, all of that school.

    A role at the office does not help: the head of a school who acts for the office, too, is of the school.
    """
    accused = set(case.parties.filter(barred=True, user__isnull=False).values_list("user", flat=True))
    passed = case.passed_by and case.about.is_school
    return {user.pk for user in users if user.pk in accused or (passed and is_of(user, case.about))}


def waiting_here(viewer, case: Case) -> Referral | None:
    """The referral of a case that waits for the viewer's org to answer; None for whom the case is kept from."""
    if kept_from([viewer], case):
        return None
    for referral in case.referrals.filter(state=Referral.State.WAITING, to__isnull=False).select_related("to"):
        if roles_at(viewer, referral.to) & set(case.kind.manage_by):
            return referral
    return None


def holders(roles: Iterable[str], org: Org, *, at_least: Org | None = None) -> list[User]:
    """Users who hold one of the roles at an org or above it (not below `at_least`, when one is named)."""
    above = [int(id) for id in org.path.strip("/").split("/")]
    grants = RoleGrant.objects.in_force().filter(role__in=list(roles), org__in=above, user__is_active=True)
    if at_least is not None:
        grants = grants.filter(org__in=[int(id) for id in at_least.path.strip("/").split("/")])
    return list({grant.user_id: grant.user for grant in grants.select_related("user")}.values())
