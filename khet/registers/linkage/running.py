"""Matching an office's records: ask for it, do it in the background, keep the pairs it proposes."""

import logging

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.orgs.models import Org
from khet.registers.linkage import queries, rows
from khet.registers.linkage.matching import Found, match
from khet.registers.linkage.models import PATIENCE, Kind, Pair, Run, State
from khet.registers.people.models import Enrolment, Identifier
from khet.registers.residents import queries as residents

log = logging.getLogger(__name__)
LIKE_A_BROTHER = 0.1  # chance of one household from which on two reviewers must agree
TAUGHT_BY = 3_000  # children found by their ID, from whom the engine learns how names and addresses differ


class NotStarted(ValueError):
    """A matching that cannot be asked for; says why."""


@transaction.atomic
def ask(org: Org, kind: str, year: int, *, by) -> Run:
    """Ask for a matching. Raises NotStarted while one of this kind is under way."""
    old = Run.objects.filter(org=org, kind=kind, state__in=Run.UNDER_WAY, at__lt=timezone.now() - PATIENCE)
    old.update(state=Run.State.FAILED)
    try:
        with transaction.atomic():
            return Run.objects.create(org=org, kind=kind, year=year, by=by, state=Run.State.QUEUED)
    except IntegrityError:
        raise NotStarted(_("The records are being matched already. Wait until the pairs are there.")) from None


def carry_out(run: Run) -> Run:
    """Do the matching that was asked for. What stops it goes to the log, and the run then has failed."""
    taken = Run.objects.filter(pk=run.pk, state=Run.State.QUEUED).update(state=Run.State.RUNNING)
    run.refresh_from_db()
    if not taken:
        return run  # done meanwhile, or given up
    try:
        _compare(run)
    except Exception:
        log.exception("matching %s failed", run.pk)
        Run.objects.filter(pk=run.pk).update(state=Run.State.FAILED)
        run.refresh_from_db()
    return run


def match_register(org: Org, year: int, *, by) -> Run:
    """Match the children of the registration list whom no roll knows by ID with the pupils no list knows by ID, now."""
    return carry_out(ask(org, Kind.REGISTER, year, by=by))


def find_doubles(org: Org, year: int, *, by) -> Run:
    """Find pupils of a year who stand in the records twice, under two numbers, now."""
    return carry_out(ask(org, Kind.DOUBLES, year, by=by))


def _compare(run: Run) -> None:
    """Who was said to be the same stays so, and who was said to be different is not proposed again."""
    found, counts = (_of_the_register if run.kind == Kind.REGISTER else _doubles)(run.org, run.year)
    _keep(run, found, counts)


def _of_the_register(org: Org, year: int) -> tuple[list[Found], dict[str, int]]:
    missing = list(residents.unmatched(org, year))
    pupils = queries.pupils_without_a_resident(org, year)
    taught = queries.found_by_id(org, year, TAUGHT_BY)
    apart = Pair.objects.filter(org=org, kind=Kind.REGISTER, state=State.REJECTED)
    apart = [(pair.resident_hash, str(pair.person_id)) for pair in apart]
    left = rows.of_residents([*missing, *(child for child, _person in taught)])
    right = rows.of_persons([*pupils, *(person for _child, person in taught)])
    wanted, among = {child.identifier_hash for child in missing}, {str(pk) for pk in pupils}
    found = [one for one in match(left, right, apart) if one.left in wanted and one.right in among] if missing else []
    return found, {"left": len(missing), "right": len(pupils)}


def _doubles(org: Org, year: int) -> tuple[list[Found], dict[str, int]]:
    rolls = Enrolment.objects.filter(year=year, school__path__startswith=org.path)
    pupils = list(rolls.order_by("person").values_list("person_id", flat=True).distinct())
    apart = Pair.objects.filter(org=org, kind=Kind.DOUBLES, state=State.REJECTED)
    found = match(rows.of_persons(pupils), None, [(str(pair.other_id), str(pair.person_id)) for pair in apart])
    return found, {"left": len(pupils), "right": len(pupils)}


@transaction.atomic
def _keep(run: Run, found: list[Found], counts: dict[str, int]) -> None:
    """Write a run's pairs: new ones added, known ones renewed, those no longer found withdrawn."""
    org, kind = run.org, run.kind
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
    run.state, run.at = Run.State.DONE, timezone.now()
    run.save(update_fields=["counts", "state", "at"])
    record("linkage.matched", run, by=run.by, org=org, count=len(found), after=run.counts)


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
