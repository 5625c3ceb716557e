"""Handing out a work-list: a case for each child that has none."""

from collections.abc import Iterable

from django.db import transaction

from khet.core.orgs.models import Org
from khet.engines.cases.models import Case
from khet.engines.cases.queries import listed
from khet.engines.cases.schema import CaseKind
from khet.engines.cases.services import Beginning, begin_many


@transaction.atomic
def begin_from_list(kind: CaseKind, list_id: str, org: Org, refs: Iterable[str], *, by) -> list[Case]:
    """Cases for those of a list who have no open one, each with the school that is to look. Raises CaseError."""
    about = _gone_pupils if list_id in kind.lists else _listed_children
    beginnings = about(kind, list_id, org, refs, by)
    return begin_many(kind, beginnings, by=by) if beginnings else []


def _gone_pupils(kind: CaseKind, list_id: str, org: Org, refs: Iterable[str], by) -> list[Beginning]:
    """Of pupils who are gone: about and with the school that had them last; with the org where that is closed."""
    pupils = listed.pupils_without_case(kind.family, listed.pupils(by, refs))
    schools = {id: school for id, school in listed.last_schools(pupils).items() if school.closed is None}
    return [
        Beginning(
            org=schools.get(pupil.pk, org), person=pupil, answers=dict(kind.lists[list_id]),
            cause={"kind": "list", "id": list_id},
        )
        for pupil in pupils
    ]  # fmt: skip


def _listed_children(kind: CaseKind, list_id: str, office: Org, refs: Iterable[str], by) -> list[Beginning]:
    children = listed.without_case(kind.family, listed.children(by, refs))
    schools = listed.schools_to_look(office, children)
    return [
        Beginning(
            org=office, resident=child, handled_by=schools.get(child.pk), answers=dict(kind.list_answers),
            cause={"kind": "list", "id": list_id},
        )
        for child in children
    ]  # fmt: skip
