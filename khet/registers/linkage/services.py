"""Deciding on the pairs that the matching (`running`) proposes."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.core.changes.services import touch
from khet.core.orgs.models import Org
from khet.registers.linkage import learning, merging
from khet.registers.linkage.models import Answer, Kind, Pair, State, Verdict
from khet.registers.linkage.running import find_doubles, match_register  # noqa: F401  services of this room, too
from khet.registers.residents.models import KnownAs


class NotDecided(ValueError):
    """A decision that cannot be taken; says why."""


@transaction.atomic
def judge(pair: Pair, answer: str, *, by, bulk: bool = False) -> Pair:
    """Take a reviewer's verdict. The pair is decided once enough reviewers agree.

    raises  NotDecided for who may not judge here, for a pair decided already, for a decision that cannot be carried out
    """
    pair = Pair.objects.select_for_update().get(pk=pair.pk)
    if not can(by, "people.open", pair.org):
        raise NotDecided(_("Your roles do not include this."))
    if not pair.is_open:
        raise NotDecided(_("This pair is decided already. Take the decision back first."))
    pair.verdicts.filter(by=by, replaced=False).update(replaced=True)
    Verdict.objects.create(pair=pair, by=by, answer=answer, probability=pair.probability, bulk=bulk)
    record("linkage.judged", pair, by=by, org=pair.org, after={"answer": answer})
    decided = _agreed(pair)
    if decided == Answer.SAME:
        _confirm(pair, by=by)
    elif decided == Answer.DIFFERENT:
        _decide(pair, State.REJECTED, by=by)
    return pair


def _agreed(pair: Pair) -> str | None:
    """What the reviewers agree on; None while one is missing, unsure or of another mind."""
    answers = list(pair.verdicts.filter(replaced=False).values_list("answer", flat=True))
    firm = {answer for answer in answers if answer != Answer.UNSURE}
    enough = len(answers) - answers.count(Answer.UNSURE) >= (2 if pair.needs_two else 1)
    return firm.pop() if len(firm) == 1 and enough else None


def _confirm(pair: Pair, *, by) -> None:
    """Carry out that two records are one child's."""
    if pair.kind == Kind.DOUBLES:
        try:
            merging.merge(pair, by=by)
        except merging.NotMerged as error:
            raise NotDecided(str(error)) from None
    else:
        rival = KnownAs.objects.filter(identifier_hash=pair.resident_hash).exclude(person=pair.person).exists()
        others = Pair.objects.filter(org=pair.org, kind=pair.kind, person=pair.person, state=State.CONFIRMED)
        if rival or others.exclude(pk=pair.pk).exists():
            raise NotDecided(_("One of the two is matched with somebody else already. Take that decision back first."))
        KnownAs.objects.get_or_create(identifier_hash=pair.resident_hash, person=pair.person)
    _decide(pair, State.CONFIRMED, by=by)


def _decide(pair: Pair, state: str, *, by) -> None:
    before, pair.state, pair.decided_at = pair.state, state, timezone.now()
    pair.save(update_fields=["state", "decided_at"])
    record(f"linkage.{state}", pair, by=by, org=pair.org, before={"state": before}, after={"state": state})
    _touched(pair)


def _touched(pair: Pair) -> None:
    """Say which facts a decision changes: who of the list is in school, or who is on the rolls."""
    touch("residents" if pair.kind == Kind.REGISTER else "enrolments")


@transaction.atomic
def reopen(pair: Pair, reason: str, *, by) -> Pair:
    """Take a decision back: what it joined is separated, and the pair is to be judged anew."""
    pair = Pair.objects.select_for_update().get(pk=pair.pk)
    if not can(by, "people.open", pair.org):
        raise NotDecided(_("Your roles do not include this."))
    if pair.state not in (State.CONFIRMED, State.REJECTED):
        raise NotDecided(_("This pair is not decided."))
    if pair.state == State.CONFIRMED:
        if pair.kind == Kind.DOUBLES:
            merging.unmerge(pair, by=by)
        else:
            KnownAs.objects.filter(identifier_hash=pair.resident_hash, person=pair.person).delete()
    before, pair.state, pair.decided_at = pair.state, State.PROPOSED, None
    pair.save(update_fields=["state", "decided_at"])
    pair.verdicts.filter(replaced=False).update(replaced=True)
    record("linkage.reopened", pair, by=by, org=pair.org, reason=reason, before={"state": before})
    _touched(pair)
    return pair


@transaction.atomic
def confirm_sure(org: Org, kind: str, *, by) -> int:
    """Confirm every pair above the bound that the reviewers' verdicts have taught; returns how many.

    raises  NotDecided while too few verdicts have taught one
    """
    bound = learning.lessons(org, kind).sure
    if bound is None:
        raise NotDecided(_("Too few pairs have been judged to know from where on the matching is right."))
    sure = Pair.objects.filter(org=org, kind=kind, state=State.PROPOSED, needs_two=False, probability__gte=bound)
    done = sum(_judged(pair, by=by) for pair in sure)
    record("linkage.confirmed_all", by=by, org=org, count=done, after={"from": round(bound, 4)})
    return done


def _judged(pair: Pair, *, by) -> bool:
    try:
        with transaction.atomic():
            return judge(pair, Answer.SAME, by=by, bulk=True).state == State.CONFIRMED
    except NotDecided:
        return False  # another pair of the same child was confirmed before it
