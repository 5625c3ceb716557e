"""A case that turns out to be about somebody of the school: from then on it passes the school by."""

from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from khet.core.accounts.models import system_user
from khet.core.audit.services import record
from khet.engines.cases.levelling import passes_by
from khet.engines.cases.models import Case, Member, Party, Referral
from khet.engines.cases.seats import holders
from khet.engines.cases.services.base import members, tell


def names_staff(case: Case) -> bool:
    """True when a case names as barred somebody who works at the school it is about."""
    parties = Party.objects.filter(case=case, barred=True, user__isnull=False).select_related("user")
    return any(is_of(party.user, case.about) for party in parties)


def is_of(user, org) -> bool:
    """True for who holds a role at an org or below it."""
    return any(grant.org.is_under(org) for grant in user.grants)


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
    record("case.passed_by", case, by=system_user(), org=case.office)
    words = format_lazy(gettext_lazy("{number} now passes the school by: the office handles it."), number=case.number)
    tell(members(case), case, words, key="passed-by", urgent=True)
    return True


def join(case: Case, by=None) -> None:
    """Make members of those whom the kind names at the place that handles it; nobody who is barred, nobody twice."""
    barred = set(case.parties.filter(barred=True, user__isnull=False).values_list("user", flat=True))
    there = barred | set(case.members.filter(until__isnull=True).values_list("user", flat=True))
    known = {}
    for role, seat in case.kind.join.items():
        for user in holders([role], case.org):
            known.setdefault(user.pk, (user, seat))
    if case.kind.opener and by is not None and not case.passed_by:
        known.setdefault(by.pk, (by, case.kind.opener))
    Member.objects.bulk_create(
        Member(case=case, user=user, role=seat, by=by) for user, seat in known.values() if user.pk not in there
    )
