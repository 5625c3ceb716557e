"""Who is in a circle, and when a case must pass by the school it is about."""

from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from khet.core.accounts.models import User, system_user
from khet.core.audit.services import record
from khet.engines.cases.levelling import passes_by
from khet.engines.cases.models import Case, Member, Party, Referral
from khet.engines.cases.seats import holders, is_of, kept_from
from khet.engines.cases.services.base import members, tell, untell_kept
from khet.kit.thai import name_key, without_prefix
from khet.registers.people.models import StaffPost


def names_staff(case: Case) -> bool:
    """True when a case accuses somebody of the school it is about: an account, or a name its register knows."""
    accused = list(Party.objects.filter(case=case, barred=True).select_related("user"))
    if any(party.user is not None and is_of(party.user, case.about) for party in accused):
        return True
    names = {_key(party.name) for party in accused if party.name}
    posts = StaffPost.objects.filter(school=case.about, person__name_key__in=names) if names else None
    return posts is not None and posts.exists()


def account_of(name: str, case: Case) -> User | None:
    """The account at the place a case is about whose holder bears a name; None when there is none."""
    there = User.objects.people().filter(roles__org__path__startswith=case.about.path).distinct()
    return next((user for user in there if user.full_name and _key(user.full_name) == _key(name)), None)


def _key(name: str) -> str:
    return name_key(*without_prefix(" ".join(name.split())).split(" ", 1)) if name.strip() else ""


def pass_by_when_it_must(case: Case) -> bool:
    """Take a case from its school when what is known by now says so; True when it was taken.

    Nobody of the school sees it from that moment on: memberships and referrals there end, and the office's own join.
    """
    kind = case.kind
    if kind.bypass is None or case.passed_by or not case.about.is_school:
        return False
    if not (passes_by(kind, case.known) or names_staff(case)):
        return False
    now = timezone.now()
    case.org, case.passed_by = case.office, True
    case.owner = None if case.owner is not None and is_of(case.owner, case.about) else case.owner
    case.save(update_fields=["org", "passed_by", "owner"])
    for member in case.members.filter(until__isnull=True).select_related("user"):
        if is_of(member.user, case.about):
            Member.objects.filter(pk=member.pk).update(until=now)
    below = Q(to__path__startswith=case.about.path, state__in=("waiting", "accepted"))
    case.referrals.filter(below).update(state=Referral.State.WITHDRAWN)
    join(case)
    untell_kept(case)
    record("case.passed_by", case, by=system_user(), org=case.office)
    words = format_lazy(gettext_lazy("{number} now passes the school by: the office handles it."), number=case.number)
    tell(members(case), case, words, key="passed-by", urgent=True)
    return True


def join(case: Case, by=None) -> None:
    """Make members of those whom the kind names at the place that handles it, of nobody whom the case is kept from."""
    found = {}
    for role, seat in case.kind.join.items():
        for user in holders([role], case.org):
            found.setdefault(user, seat)
    if case.kind.opener and by is not None and not case.passed_by:
        found.setdefault(by, case.kind.opener)
    _let_in(case, found, by)
    keep_somebody(case, by)


def keep_somebody(case: Case, by=None) -> None:
    """See that a circle is nobody's never: who may enter it at the office, else who manages such cases there, joins.

    An office may have no safety officer, or have one whom the case accuses.
    """
    kind = case.kind
    if not kind.circle or case.members.filter(until__isnull=True).exists():
        return
    seat = next(iter(kind.join.values()))
    for roles in (kind.may_enter, kind.manage_by):
        if _let_in(case, dict.fromkeys(holders(roles, case.office), seat), by):
            return


def _let_in(case: Case, found: dict, by) -> bool:
    """Make members of users with their seats; True when somebody is in the case now."""
    inside = set(case.members.filter(until__isnull=True).values_list("user", flat=True))
    kept = kept_from(found, case)
    Member.objects.bulk_create(
        Member(case=case, user=user, role=seat, by=by)
        for user, seat in found.items() if user.pk not in inside and user.pk not in kept
    )  # fmt: skip
    return case.members.filter(until__isnull=True).exists()
