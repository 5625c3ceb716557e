"""The machine: pure functions of a workflow, a state and the roles of who asks."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from khet.core.workflow.schema import Move, Workflow


class MoveNotAllowed(ValueError):
    """A step that cannot be taken from here, or not by this person; the words name those that can."""


def open_moves(workflow: Workflow, state: str, roles: Collection[str]) -> dict[str, Move]:
    """The moves that somebody with these roles can make from a state, in the order of the file."""
    return {
        id: move for id, move in workflow.moves.items() if state in move.start and not set(move.by).isdisjoint(roles)
    }


def next_state(workflow: Workflow, state: str, move: str, roles: Collection[str]) -> str:
    """The state a move leads to. Raises MoveNotAllowed."""
    allowed = open_moves(workflow, state, roles)
    if move in allowed:
        return allowed[move].to
    known = workflow.moves.get(move)
    words = {
        "move": known.title if known else move,
        "state": workflow.states[state].title,
        "open": ", ".join(str(m.title) for m in allowed.values()) or _("none"),
    }
    if known is None or state not in known.start:
        raise MoveNotAllowed(_("“%(move)s” is not possible from “%(state)s”. Open to you now: %(open)s.") % words)
    raise MoveNotAllowed(_("“%(move)s” is for others to do. Open to you now: %(open)s.") % words)
