"""The lists behind red numbers: which schools or children somebody can act on today.

A room makes its list known with `register`; the indicator names it in its `list`. A list is shown to those who may see
what stands in it, and holds no more than the act needs: of a child the name and the subdistrict, never an identifier.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from khet.core.accounts.access import can
from khet.core.orgs.models import Org
from khet.kit.periods import Period


@dataclass(frozen=True)
class Row:
    """One thing to act on.

    label   of a school its name, of a child the name
    org     code of the org that would act
    place   where, as far as it may be said (subdistrict)
    ref     reference of the person or resident for a page that asks for a reason before it opens; "" for a school
    note    "" | missing (no figure yet) | unknown (not known whether)
    figures what is known of it: {"pupils": 42.0}
    """

    label: str
    org: str
    place: str = ""
    ref: str = ""
    note: str = ""
    figures: dict[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True)
class WorkList:
    """A list that a room offers.

    title, act  in words (translated lazily); the act is what to do with each row
    permission  what its viewer must hold at the org
    rows        (viewer, org, period) → rows, most urgent first
    """

    id: str
    title: str
    act: str
    permission: str
    rows: Callable[[object, Org, Period], Sequence[Row]]


_lists: dict[str, WorkList] = {}


def register(worklist: WorkList) -> None:
    """Make a list known (from an AppConfig.ready); a later one of the same id takes its place."""
    _lists[worklist.id] = worklist


def find(id: str | None) -> WorkList | None:
    """The list with an id; None when no room offers it yet."""
    return _lists.get(id) if id else None


def rows(viewer, id: str | None, org: Org, period: Period) -> Sequence[Row] | None:
    """The rows of a list; None when there is no such list or the viewer may not see it at the org."""
    found = find(id)
    if found is None or not can(viewer, found.permission, org):
        return None
    return found.rows(viewer, org, period)
