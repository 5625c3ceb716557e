"""Creating, renaming, moving and closing orgs; each leaves the past readable."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.changes.services import touch
from khet.core.orgs.models import Kind, Org, OrgMembership, OrgName
from khet.core.ui.formats import be_date


class OrgError(ValueError):
    """A change of the tree that cannot be; says why."""


_MAY_STAND_UNDER = {
    Kind.MINISTRY: (),
    Kind.OFFICE: (Kind.MINISTRY,),
    Kind.CLUSTER: (Kind.OFFICE,),
    Kind.SCHOOL: (Kind.OFFICE, Kind.CLUSTER),
}


@transaction.atomic
def create_org(kind, code, name, parent=None, *, by, name_en="", since=None, split_from=None) -> Org:
    """A new org; `split_from` names the one it came out of.

    raises  OrgError when the code is taken or the kind cannot stand under the parent
    """
    _check_place(kind, parent)
    if Org.objects.filter(code=code).exists():
        raise OrgError(_("Code %(code)s is already in use. Open that org, or give another code.") % {"code": code})
    org = Org(
        kind=kind, code=code, name=name, name_en=name_en, parent=parent, opened=since, path="", split_from=split_from
    )
    org.save()
    org.path = f"{parent.path if parent else '/'}{org.pk}/"
    org.save(update_fields=["path"])
    OrgName.objects.create(org=org, name=name, name_en=name_en, since=since)
    if parent:
        OrgMembership.objects.create(org=org, parent=parent, since=since)
    after = {"kind": str(kind), "code": code, "name": name, "split_from": split_from.code if split_from else None}
    record("org.created", org, by=by, org=org, after=after)
    touch("orgs")
    return org


@transaction.atomic
def rename_org(org: Org, name: str, *, by, on: date, name_en: str = "") -> Org:
    """Give an org a new name from a day on; the old one stays readable for the time before.

    A second change on the same day corrects the first.
    """
    if (name, name_en) == (org.name, org.name_en):
        return org
    current = org.names.filter(until__isnull=True).first()
    _check_day(org, on, current)
    if current and current.since == on:
        current.name, current.name_en = name, name_en
        current.save(update_fields=["name", "name_en"])
    else:
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
    current = org.memberships.filter(until__isnull=True).first()
    _check_day(org, on, current)
    before = org.parent
    if current and current.since == on:
        current.parent, current.reason = parent, reason
        current.save(update_fields=["parent", "reason"])
    else:
        org.memberships.filter(until__isnull=True).update(until=on)
        OrgMembership.objects.create(org=org, parent=parent, since=on, reason=reason)
    _hang_under(org, parent)
    record(
        "org.moved", org, by=by, org=org, reason=reason,
        before={"parent": before.code if before else None}, after={"parent": parent.code, "on": on},
    )  # fmt: skip
    touch("orgs")
    return org


def _hang_under(org: Org, parent: Org) -> None:
    """Today's tree: the org's own path and that of everything below it."""
    old_path, org.parent, org.path = org.path, parent, f"{parent.path}{org.pk}/"
    org.save(update_fields=["parent", "path"])
    below = list(Org.objects.filter(path__startswith=old_path).exclude(pk=org.pk))
    for child in below:
        child.path = org.path + child.path.removeprefix(old_path)
    Org.objects.bulk_update(below, ["path"], batch_size=500)


@transaction.atomic
def close_org(org: Org, *, by, on: date, into: Org | None = None, reason: str = "") -> Org:
    """Close an org; `into` names the one it merges with. What it recorded stays with it."""
    if org.closed:
        raise OrgError(_("%(org)s is closed already.") % {"org": org.name})
    if org.children.filter(closed__isnull=True).exists():
        raise OrgError(_("%(org)s still has open orgs below it. Move or close them first.") % {"org": org.name})
    if into is not None and (into.pk == org.pk or into.kind != org.kind or into.closed):
        raise OrgError(_("%(org)s can merge only with another open org of its kind.") % {"org": org.name})
    _check_day(org, on, org.memberships.filter(until__isnull=True).first())
    org.closed, org.merged_into = on, into
    org.save(update_fields=["closed", "merged_into"])
    org.memberships.filter(until__isnull=True).update(until=on)
    org.names.filter(until__isnull=True).update(until=on)
    record("org.closed", org, by=by, org=org, reason=reason, after={"on": on, "into": into.code if into else None})
    touch("orgs")
    return org


@transaction.atomic
def reopen_org(org: Org, *, by, reason: str = "") -> Org:
    """Take a mistaken closing back: as if it had never been closed."""
    if not org.closed:
        return org
    on = org.closed
    org.closed, org.merged_into = None, None
    org.save(update_fields=["closed", "merged_into"])
    org.memberships.filter(until=on, parent=org.parent).update(until=None)
    org.names.filter(until=on, name=org.name).update(until=None)
    record("org.reopened", org, by=by, org=org, reason=reason, before={"closed": on})
    touch("orgs")
    return org


def _check_place(kind, parent: Org | None) -> None:
    allowed = _MAY_STAND_UNDER[Kind(kind)]
    if parent is None and kind in (Kind.MINISTRY, Kind.OFFICE):
        return
    if parent is None or parent.kind not in allowed:
        kinds = ", ".join(str(Kind(k).label) for k in allowed) or "–"
        raise OrgError(_("A %(kind)s stands under: %(allowed)s.") % {"kind": Kind(kind).label, "allowed": kinds})
    if parent.closed:
        raise OrgError(_("%(org)s is closed; nothing can stand under it.") % {"org": parent.name})


def _check_day(org: Org, on: date, current) -> None:
    """The tree shows today's state, so a change is recorded on its day or later, after the change before it."""
    if on > timezone.localdate():
        raise OrgError(_("That day has not come yet. Record the change on the day or later."))
    begun = max((day for day in (org.opened, current.since if current else None) if day), default=None)
    if begun and on < begun:
        words = {"org": org.name, "day": be_date(begun)}
        raise OrgError(_("%(org)s last changed on %(day)s; give that day or a later one.") % words)
