"""Handing out a work-list: a case for each child that has none."""

from collections.abc import Iterable

from django.db import transaction

from khet.core.orgs.models import Org
from khet.engines.cases.models import Case
from khet.engines.cases.queries import listed
from khet.engines.cases.schema import CaseKind
from khet.engines.cases.services import Beginning, begin_many


@transaction.atomic
def begin_from_list(kind: CaseKind, office: Org, refs: Iterable[str], *, by) -> list[Case]:
    """Cases for the listed children who have no open one, each with the school that is to look. Raises CaseError."""
    children = listed.without_case(kind.family, listed.children(by, refs))
    schools = listed.schools_to_look(office, children)
    beginnings = [
        Beginning(
            org=office, resident=child, handled_by=schools.get(child.pk), answers=dict(kind.list_answers),
            cause={"kind": "list", "id": kind.list},
        )
        for child in children
    ]  # fmt: skip
    return begin_many(kind, beginnings, by=by) if beginnings else []
