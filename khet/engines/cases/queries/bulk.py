"""What can be done with several cases of an inbox at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from khet.core.accounts.models import User
from khet.core.orgs.models import Org
from khet.core.workflow.machine import open_moves
from khet.core.workflow.schema import Move
from khet.engines.cases import seats
from khet.engines.cases.models import Case

MERGE = "merge"  # asks which case it is a double of


@dataclass(frozen=True)
class Offers:
    """users: to whom cases may be given; moves: {id: step} that all of them can take, none of which asks a form."""

    users: Sequence[User] = ()
    moves: dict[str, Move] = field(default_factory=dict)

    @property
    def asks_reason(self) -> bool:
        return any(move.reason for move in self.moves.values())


def offers(viewer, cases: Sequence[Case]) -> Offers:
    """What the viewer can do with the cases of a page together. Each act looks at every case once more."""
    return Offers(_users(viewer, cases), _moves(viewer, cases)) if cases else Offers()


def _users(viewer, cases: Sequence[Case]) -> list[User]:
    """Colleagues of the viewer's places, and of the one place that handles all of the cases; for who manages some."""
    if not any(seats.roles_at(viewer, case.org) & set(case.kind.manage_by) for case in cases):
        return []
    places = {grant.org for grant in viewer.grants} | _one_place(cases)
    rows = User.objects.people().filter(is_active=True, roles__org__in=places).distinct().order_by("full_name")
    return [user for user in rows if user.paths("cases.take_part")]


def _one_place(cases: Sequence[Case]) -> set[Org]:
    places = {case.org for case in cases}
    return places if len(places) == 1 else set()


def _moves(viewer, cases: Sequence[Case]) -> dict[str, Move]:
    first = cases[0]
    if any((case.edition_id, case.state) != (first.edition_id, first.state) for case in cases):
        return {}
    found = open_moves(first.rules.workflow, first.state, seats.roles_in(viewer, first))
    return {id: move for id, move in found.items() if move.form is None and id != MERGE}
