"""Matching the office's records, and deciding on the pairs."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.core.changes.services import touch
from khet.core.orgs.models import Org
from khet.registers.linkage import learning, merging, queries, rows
from khet.registers.linkage.matching import Found, match
from khet.registers.linkage.models import Answer, Kind, Pair, Run, State, Verdict
from khet.registers.people.models import Enrolment, Identifier
from khet.registers.residents import queries as residents
from khet.registers.residents.models import KnownAs

LIKE_A_BROTHER = 0.1  # chance of one household from which on two reviewers must agree
TAUGHT_BY = 3_000  # children found by their ID, from whom the engine learns how names and addresses differ


class NotDecided(ValueError):
    """A decision that cannot be taken; says why."""


def match_register(org: Org, year: int, *, by) -> Run:
    """Match the children of the registration list whom no roll knows by ID with the pupils no list knows by ID.

    Who was said to be the same stays so, and who was said to be different is not proposed again.
    """
    missing = list(residents.unmatched(org, year))
    pupils = queries.pupils_without_a_resident(org, year)
    taught = queries.found_by_id(org, year, TAUGHT_BY)
    apart = Pair.objects.filter(org=org, kind=Kind.REGISTER, state=State.REJECTED)
    apart = [(pair.resident_hash, str(pair.person_id)) for pair in apart]
    left = rows.of_residents([*missing, *(child for child, _person in taught)])
    right = rows.of_persons([*pupils, *(person for _child, person in taught)])
    wanted, among = {child.identifier_hash for child in missing}, {str(pk) for pk in pupils}
    found = [one for one in match(left, right, apart) if one.left in wanted and one.right in among] if missing else []
    return _keep(org, year, Kind.REGISTER, found, by=by, counts={"left": len(missing), "right": len(pupils)})


def find_doubles(org: Org, year: int, *, by) -> Run:
    """Find pupils of a year who stand in the records twice, under two numbers."""
    rolls = Enrolment.objects.filter(year=year, school__path__startswith=org.path)
    pupils = list(rolls.order_by("person").values_list("person_id", flat=True).distinct())
    apart = Pair.objects.filter(org=org, kind=Kind.DOUBLES, state=State.REJECTED)
    found = match(rows.of_persons(pupils), None, [(str(pair.other_id), str(pair.person_id)) for pair in apart])
    return _keep(org, year, Kind.DOUBLES, found, by=by, counts={"left": len(pupils), "right": len(pupils)})


@transaction.atomic
def _keep(org: Org, year: int, kind: str, found: list[Found], *, by, counts) -> Run:
    """Write a run's pairs: new ones added, known ones renewed, those no longer found withdrawn."""
    run = Run.objects.create(org=org, kind=kind, year=year, by=by)
    known = {_key(pair): pair for pair in Pair.objects.filter(org=org, kind=kind)}
    numbers = _kinds_of_numbers(found)
    new, renewed = [], []
    for one in found:
        pair = _pair(org, kind, run, one, numbers)
        if before := known.pop(_key(pair), None):
            renewed.append(_renew(before, pair))
        else:
            new.append(pair)
    Pair.objects.bulk_create(new)
    Pair.objects.bulk_update(
        renewed, ["run", "probability", "household", "reasons", "needs_two", "state"], batch_size=500
    )
    gone = [pair.pk for pair in known.values() if pair.state == State.PROPOSED]
    Pair.objects.filter(pk__in=gone).update(state=State.WITHDRAWN)
    kept = sum(pair.state in (State.CONFIRMED, State.REJECTED) for pair in renewed)
    run.counts = counts | {"proposed": len(new) + len(renewed) - kept, "kept": kept, "withdrawn": len(gone)}
    run.save(update_fields=["counts"])
    record("linkage.matched", run, by=by, org=org, count=len(found), after=run.counts)
    return run


def _key(pair: Pair) -> tuple:
    return pair.resident_hash, pair.other_id, pair.person_id


def _pair(org, kind, run, one: Found, numbers) -> Pair:
    if kind == Kind.REGISTER:
        sides = {"resident_hash": one.left, "person_id": int(one.right)}
    else:  # the record that came first keeps its place
        sides = dict(zip(("person_id", "other_id"), sorted((int(one.left), int(one.right))), strict=True))
    two = (
        one.household >= LIKE_A_BROTHER
        or "different ID" in one.reasons
        or numbers.get(sides["person_id"]) != "national_id"
    )
    return Pair(
        org=org, kind=kind, run=run, probability=one.probability, household=one.household, reasons=one.reasons,
        needs_two=two, **sides,
    )  # fmt: skip


def _kinds_of_numbers(found: list[Found]) -> dict[int, str]:
    persons = {int(one.right) for one in found}
    in_force = Identifier.objects.filter(person_id__in=persons, until__isnull=True) if persons else ()
    return {number.person_id: number.kind for number in in_force}


def _renew(before: Pair, pair: Pair) -> Pair:
    for name in ("run", "probability", "household", "reasons", "needs_two"):
        setattr(before, name, getattr(pair, name))
    if before.state == State.WITHDRAWN:
        before.state = State.PROPOSED
    return before


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
