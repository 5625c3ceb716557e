"""Of every kind of case: each state can be reached, and from each an end, by people who are in such a case.

The schema looks at arrows alone. Here an arrow counts only if somebody who may be in the case may take it, and the
second half goes each way with real records, real people and whatever has to be recorded first.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from khet.core.catalogue.loader import read, shipped
from khet.core.workflow.machine import MoveNotAllowed, next_state
from khet.engines.cases import queries, seats, services
from khet.engines.cases.models import Case
from khet.engines.cases.services.beginning import Beginning
from khet.engines.cases.services.noting import Contacted
from khet.registers.people.models import Enrolment, Person

CATALOGUE = read([shipped()])
KINDS = CATALOGUE.all("case_kind")
PEOPLE = ("owner", "member", "worker", "manager")
CAST = {"office": ("promoter", "safety_officer", "director", "supervisor"),
        "school": ("school_director", "teacher", "school_registrar")}  # fmt: skip


def arrows(kind, roles) -> dict[str, set[str]]:
    """{state: states that somebody with one of the roles brings it to}, the plain way."""
    workflow = CATALOGUE.get("workflow", kind.workflow)
    found = {state: set() for state in workflow.states}
    for move in workflow.moves.values():
        if set(move.by) & roles:
            for state in move.start:
                found[state].add(move.to)
    return found


def reached(start: str, after: dict[str, set[str]]) -> set[str]:
    found, fresh = {start}, {start}
    while fresh:
        fresh = {to for state in fresh for to in after[state]} - found
        found |= fresh
    return found


def in_the_case(kind) -> set[str]:
    """Roles that somebody in a case of the kind can hold: who reads, joins or may enter it."""
    return {*kind.read_by, *kind.join, *kind.join.values(), *kind.may_enter, *PEOPLE} | {kind.opener} - {None}


@pytest.mark.parametrize("kind", KINDS, ids=[kind.id for kind in KINDS])
def test_people_in_the_case_bring_it_from_every_state_to_an_end(kind):
    workflow = CATALOGUE.get("workflow", kind.workflow)
    ends = {id for id, state in workflow.states.items() if state.final}
    by_people, by_anybody = arrows(kind, in_the_case(kind)), arrows(kind, {*in_the_case(kind), "system", "receiver"})
    assert reached(workflow.start, by_anybody) == set(workflow.states)
    assert {id for id in workflow.states if not reached(id, by_people) & ends} == set()


def test_a_state_that_only_strangers_leave_is_found():
    """The test above sees what the schema does not."""
    kind = KINDS[0]
    assert all(not after for after in arrows(kind, {"viewer"}).values())


@pytest.fixture
def cast(someone, office, school, settings):
    settings.KHET_SECOND_FACTOR = False
    places = {"office": office, "school": school}
    return [someone(role, places[at], role) for at, roles in CAST.items() for role in roles]


@pytest.fixture
def pupil(school):
    person = Person.objects.create(first_name="สมมติ", last_name="ใจดี", name_key="สมมติ|ใจดี", sex="f", org=school)
    Enrolment.objects.create(person=person, school=school, year=2025, grade="ป.4", room="1")
    return person


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=[kind.id for kind in KINDS])
def test_a_case_goes_its_way_through_every_state_to_an_end(kind, cast, school, pupil):
    workflow = CATALOGUE.get("workflow", kind.workflow)
    for state in workflow.states:
        case = begin(kind, cast, school, pupil)
        to_state, to_end = way(kind, workflow.start, {state}), way(kind, state, ends(workflow))
        for move in [*to_state, *to_end]:
            take(case, move, cast)
        assert not case.is_open, f"{state}: {to_state} {to_end}"
        Case.objects.filter(pk=case.pk).update(person=None, listed="")  # the next one is about the child again


def ends(workflow) -> set[str]:
    return {id for id, state in workflow.states.items() if state.final}


def way(kind, start: str, goals: set[str]) -> list[str]:
    """The moves of a shortest way, found by looking at ever longer ones."""
    workflow, ways = CATALOGUE.get("workflow", kind.workflow), [(start, [])]
    seen = {start}
    for state, moves in ways:
        if state in goals:
            return moves
        for id, move in workflow.moves.items():
            if state in move.start and move.to not in seen:
                seen.add(move.to)
                ways.append((move.to, [*moves, id]))
    raise AssertionError(f"no way from {start} to {goals}")


def begin(kind, cast, school, pupil) -> Case:
    who = next(user for user in reversed(cast) if user.roles.get().role in kind.open_by)
    about = {"person": pupil} if kind.about in ("pupil", "resident") else {}
    return services.begin(kind, Beginning(org=school, **about), by=who)


def take(case: Case, move: str, cast) -> None:
    """Take a step as whoever of the cast may; what has to come before it is recorded, a double gets its other case."""
    case.refresh_from_db()
    if move == "merge":
        merge(case, cast)
        return
    for _again in range(3):
        for prompt in queries.waiting_prompts(case):
            if move in prompt.blocks:
                record(case, prompt.done_by, cast)
    last = case.steps.exclude(move="").order_by("-pk").first()
    others = [user for user in inside(case, cast) if last is None or last.by != user]  # a second person closes
    for user in [*others, *inside(case, cast)]:
        try:
            next_state(case.rules.workflow, case.state, move, seats.roles_in(user, case))
        except MoveNotAllowed:
            continue
        services.move(case, move, by=user, reason="as the workflow has it")
        case.refresh_from_db()
        return
    raise AssertionError(f"{move}: nobody of {[user.username for user in inside(case, cast)]} may")


def inside(case: Case, cast) -> list:
    """Who of the cast is in the case; of a circle who may enter enters first."""
    for user in cast:
        if services.circling.may_enter(user, case):
            services.enter(case, "as the workflow asks", by=user)
    return [user for user in cast if Case.objects.visible_to(user).filter(pk=case.pk).exists()]


def record(case: Case, code: str, cast) -> None:
    for user in inside(case, cast):
        roles = seats.roles_in(user, case)
        if roles & {*(case.kind.contact(code).by or ("worker",)), "manager"}:
            services.record_contact(case, Contacted(code, timezone.localdate() - timedelta(days=1)), by=user)
            case.refresh_from_db()
            return
    raise AssertionError(f"{code}: nobody may record it")


def merge(case: Case, cast) -> None:
    other = Case.objects.create(
        number=f"T{uuid4().hex[:20]}", edition=case.edition, office=case.office, org=case.org, about=case.about,
        state=case.rules.workflow.start,
    )  # fmt: skip
    for member in case.members.filter(until__isnull=True):
        other.members.create(user=member.user, role=member.role)
    manager = next(user for user in inside(case, cast) if seats.MANAGER in seats.roles_in(user, case))
    if case.kind.circle and not other.members.filter(user=manager).exists():
        other.members.create(user=manager)
    services.merge(case, other, by=manager, reason="the same")
    case.refresh_from_db()
