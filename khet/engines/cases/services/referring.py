"""Asking another place to take a case over, or to help."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.audit.services import record
from khet.core.orgs.models import Org
from khet.core.orgs.queries import office_of
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case, Member, Referral
from khet.engines.cases.seats import holders, kept_from, roles_at
from khet.engines.cases.services.base import demand_manager, demand_open, locked, mark, tell


@transaction.atomic
def refer(
    case: Case, *, by, to: Org | None = None, agency: str = "", aim: str = Referral.Aim.HELP, reason: str,
    consent: str = "",
) -> Referral:  # fmt: skip
    """Ask another org (or an agency outside) for help, or to take the case over. Raises CaseError."""
    case = locked(case)
    demand_open(case)
    demand_manager(case, by)
    if (to is None) == (not agency):
        raise CaseError(_("Choose one place: a school or office, or an agency."))
    if not reason.strip():
        raise CaseError(_("Say in a few words why."))
    if to is not None and (to == case.org or (case.passed_by and to.is_under(case.about))):
        raise CaseError(_("The case cannot go there."))
    if to is not None and case.referrals.filter(to=to, state=Referral.State.WAITING).exists():
        raise CaseError(_("It waits for an answer there already."))
    if to is None and aim == Referral.Aim.TRANSFER:
        raise CaseError(_("An agency outside helps; the case itself stays here."))
    made = Referral.objects.create(
        case=case, to=to, agency=agency, aim=aim, reason=reason.strip(), consent=consent.strip()[:300], by=by,
        back_to=case.org,
    )  # fmt: skip
    record("case.referred", case, by=by, org=case.org, after={"to": to.code if to else agency, "aim": aim})
    if to is not None:
        words = format_lazy(
            gettext_lazy("{number} was referred to {org} and waits for an answer."), number=case.number, org=to
        )
        tell(holders(case.kind.manage_by, to), case, words, key=f"referral-{made.pk}", urgent=True, but=by)
    return made


@transaction.atomic
def accept(referral: Referral, *, by, words: str = "") -> Referral:
    """Take over, or help. With a transfer the case moves to the place, its counts to its office. Raises CaseError."""
    case = _answer(referral, Referral.State.ACCEPTED, words, by)
    if referral.to is None:
        return referral
    if referral.aim == Referral.Aim.TRANSFER:
        case.org, case.owner = referral.to, None
        office = office_of(referral.to)
        if office != case.office:
            case.office, case.about = office, referral.to
        case.save(update_fields=["org", "owner", "office", "about"])
        mark(case)
    if case.kind.circle or referral.aim == Referral.Aim.HELP:
        inside = set(case.members.filter(until__isnull=True).values_list("user", flat=True))
        if by.pk not in inside and not by.is_system:
            Member.objects.create(case=case, user=by, by=by)
    return referral


@transaction.atomic
def decline(referral: Referral, *, by, words: str) -> Referral:
    """Refuse, with a reason. Raises CaseError."""
    if not words.strip():
        raise CaseError(_("Say in a few words why."))
    _answer(referral, Referral.State.DECLINED, words, by)
    return referral


@transaction.atomic
def take_back(referral: Referral, *, by) -> Referral:
    """Ask no longer. Raises CaseError."""
    case = locked(referral.case)
    demand_manager(case, by)
    _close(referral, Referral.State.WITHDRAWN, "", by)
    record("case.referral_withdrawn", case, by=by, org=case.org)
    return referral


def _answer(referral: Referral, state: str, words: str, by) -> Case:
    case = locked(referral.case)
    place = referral.to or case.org  # what an agency answered is entered by who manages the case
    if kept_from([by], case) or not roles_at(by, place) & set(case.kind.manage_by):
        raise CaseError(_("The answer is for %(org)s to give.") % {"org": place})
    _close(referral, state, words, by)
    verb = "case.referral_accepted" if state == Referral.State.ACCEPTED else "case.referral_declined"
    record(verb, case, by=by, org=place)
    words = format_lazy(gettext_lazy("{number}: the referral was answered."), number=case.number)
    tell([referral.by, case.owner], case, words, key=f"referral-{referral.pk}", but=by)
    return case


def _close(referral: Referral, state: str, words: str, by) -> None:
    if referral.state != Referral.State.WAITING:
        raise CaseError(_("It has been answered already."))
    referral.state, referral.answer = state, words.strip()
    referral.answered_by, referral.answered_at = by, timezone.now()
    referral.save(update_fields=["state", "answer", "answered_by", "answered_at"])
