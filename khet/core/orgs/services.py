"""Creating, renaming, moving and closing orgs; each leaves the past readable."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.changes.services import touch
from khet.core.orgs.models import Kind, Org, OrgMembership, OrgName


class OrgError(ValueError):
    """A change of the tree that cannot be; says why."""


_MAY_STAND_UNDER = {
    Kind.MINISTRY: (),
    Kind.OFFICE: (Kind.MINISTRY,),
    Kind.CLUSTER: (Kind.OFFICE,),
    Kind.SCHOOL: (Kind.OFFICE, Kind.CLUSTER),
}


@transaction.atomic
def create_org(kind, code, name, parent=None, *, by, name_en="", since=None) -> Org:
    """A new org. Raises OrgError when the code is taken or the kind cannot stand under the parent."""
    _check_place(kind, parent)
    if Org.objects.filter(code=code).exists():
        raise OrgError(_("Code %(code)s is already in use. Open that org, or give another code.") % {"code": code})
    org = Org(kind=kind, code=code, name=name, name_en=name_en, parent=parent, opened=since, path="")
    org.save()
    org.path = f"{parent.path if parent else '/'}{org.pk}/"
    org.save(update_fields=["path"])
    OrgName.objects.create(org=org, name=name, name_en=name_en, since=since)
    if parent:
        OrgMembership.objects.create(org=org, parent=parent, since=since)
    record("org.created", org, by=by, org=org, after={"kind": kind, "code": code, "name": name})
    touch("orgs")
    return org


@transaction.atomic
def rename_org(org: Org, name: str, *, by, on: date, name_en: str = "") -> Org:
    """Give an org a new name from a day on; the old one stays readable for the time before."""
    if (name, name_en) == (org.name, org.name_en):
        return org
    org.names.filter(until__isnull=True).update(until=on)
    OrgName.objects.create(org=org, name=name, name_en=name_en, since=on)
    record("org.renamed", org, by=by, org=org, before={"name": org.name}, after={"name": name, "on": on})
    org.name, org.name_en = name, name_en
    org.save(update_fields=["name", "name_en"])
    touch("orgs")
    return org


@transaction.atomic
def move_org(org: Org, parent: Org, *, by, on: date, reason: str = "") -> Org:
    """Put an org, with all below it, under another parent from a day on."""
    if parent.is_under(org):
        raise OrgError(_("%(org)s cannot stand under itself or its own part.") % {"org": org.name})
    _check_place(org.kind, parent)
    if org.parent_id == parent.pk:
        return org
    before = org.parent
    org.memberships.filter(until__isnull=True).update(until=on)
    OrgMembership.objects.create(org=org, parent=parent, since=on, reason=reason)
    old_path, org.parent, org.path = org.path, parent, f"{parent.path}{org.pk}/"
    org.save(update_fields=["parent", "path"])
    below = list(Org.objects.filter(path__startswith=old_path).exclude(pk=org.pk))
    for child in below:
        child.path = org.path + child.path.removeprefix(old_path)
    Org.objects.bulk_update(below, ["path"])
    record(
        "org.moved", org, by=by, org=org, reason=reason,
        before={"parent": before.code if before else None}, after={"parent": parent.code, "on": on},
    )  # fmt: skip
    touch("orgs")
    return org


@transaction.atomic
def close_org(org: Org, *, by, on: date, into: Org | None = None, reason: str = "") -> Org:
    """Close an org; `into` names the one it merges with. What it recorded stays with it."""
    if org.children.filter(closed__isnull=True).exists():
        raise OrgError(_("%(org)s still has open orgs below it. Move or close them first.") % {"org": org.name})
    org.closed = on
    org.save(update_fields=["closed"])
    org.memberships.filter(until__isnull=True).update(until=on)
    org.names.filter(until__isnull=True).update(until=on)
    record("org.closed", org, by=by, org=org, reason=reason, after={"on": on, "into": into.code if into else None})
    touch("orgs")
    return org


def _check_place(kind, parent: Org | None) -> None:
    allowed = _MAY_STAND_UNDER[Kind(kind)]
    if parent is None and kind in (Kind.MINISTRY, Kind.OFFICE):
        return
    if parent is None or parent.kind not in allowed:
        kinds = ", ".join(str(Kind(k).label) for k in allowed)
        raise OrgError(_("A %(kind)s stands under: %(allowed)s.") % {"kind": Kind(kind).label, "allowed": kinds})

