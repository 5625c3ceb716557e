"""The work-lists of indicators beside the cases that work them off."""

from collections.abc import Iterable

from django.utils import timezone

from khet.core.accounts.access import can
from khet.core.orgs.models import Org
from khet.engines.cases import editions, seats
from khet.engines.cases.queries import listed
from khet.engines.cases.schema import CaseKind


def kind_of(list_id: str | None) -> CaseKind | None:
    """The kind of case that works a list off."""
    return editions.for_list(list_id, timezone.localdate())


def of_list(viewer, list_id: str, org: Org, rows: Iterable) -> dict:
    """What the page of a list shows of cases: the kind, {reference: case}, whether the viewer may begin some."""
    kind = kind_of(list_id)
    if kind is None or not can(viewer, "cases.take_part"):
        return {"case_kind": None, "cases": {}}
    refs = [row.ref for row in rows if row.ref]
    found = _found(viewer, kind, list_id, refs) if refs else {}
    return {"case_kind": kind, "cases": found, "may_begin": may_begin(viewer, kind, org)}


def _found(viewer, kind: CaseKind, list_id: str, refs: list[str]) -> dict:
    if list_id in kind.lists:
        return listed.cases_of_pupils(viewer, kind.family, listed.pupils(viewer, refs))
    return listed.cases_of(viewer, kind.family, listed.children(viewer, refs))


def may_begin(viewer, kind: CaseKind, org: Org) -> bool:
    """Whether the viewer may begin cases of a kind about what an org's list holds."""
    return bool(seats.roles_at(viewer, org) & set(kind.open_by))
