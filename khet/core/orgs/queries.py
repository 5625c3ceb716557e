"""Reading the tree, today's and that of a past day."""

from datetime import date

from django.db.models import F, Q

from khet.core.orgs.models import Kind, Org, OrgMembership
from khet.kit.thai import sort_key


def default_office() -> Org | None:
    """The office of this installation: the first one, while a province with several names its own in each call."""
    return Org.objects.filter(kind=Kind.OFFICE).order_by("pk").first()


def org_by_code(code: str | None) -> Org | None:
    """The org with a code; without a code the default office."""
    return Org.objects.filter(code=code).first() if code else default_office()


def office_of(org: Org) -> Org | None:
    """The office an org belongs to today; an office is its own, a ministry has none."""
    while org and org.kind not in (Kind.OFFICE, Kind.MINISTRY):
        org = org.parent
    return org if org and org.kind == Kind.OFFICE else None


def schools_of(org: Org, on: date | None = None):
    """The schools at or below an org: today's open ones, or those of a past day by the membership of that day."""
    if on is None:
        return Org.objects.schools().open().filter(path__startswith=org.path)
    tree = membership_on(on)
    ids = [id for id, above in tree.items() if id == org.pk or org.pk in above]
    return Org.objects.schools().open(on).filter(pk__in=ids)


def membership_on(day: date) -> dict[int, list[int]]:
    """{org id: ids of the orgs above it, nearest first} as it was on a day."""
    parents = dict(
        OrgMembership.objects.filter(Q(since__isnull=True) | Q(since__lte=day))
        .filter(Q(until__isnull=True) | Q(until__gt=day))
        .values_list("org_id", "parent_id")
    )
    return {id: _above(id, parents) for id in Org.objects.values_list("pk", flat=True)}


def visible(viewer, permission: str | None = None):
    """Orgs the viewer may see by a permission, closed ones too."""
    return Org.objects.visible_to(viewer, permission).select_related("parent", "merged_into", "split_from")


def names(viewer, codes, permission: str | None = None) -> dict[str, str]:
    """{code: name} of those of the orgs that the viewer may see."""
    return {org.code: str(org) for org in Org.objects.visible_to(viewer, permission).filter(code__in=codes)}


def tree(viewer, permission: str | None = None) -> list[Org]:
    """Every org the viewer may see, parents before children, closed ones too; `depth` counts from the topmost shown."""
    orgs = list(Org.objects.visible_to(viewer, permission).select_related("merged_into"))
    shown = {org.pk for org in orgs}
    below: dict[int | None, list[Org]] = {}
    for org in sorted(orgs, key=lambda org: (org.closed is not None, _ORDER.index(org.kind), sort_key(org.name))):
        below.setdefault(org.parent_id if org.parent_id in shown else None, []).append(org)
    return list(_walk(below, None, 0))


_ORDER = [Kind.MINISTRY, Kind.OFFICE, Kind.CLUSTER, Kind.SCHOOL]


def _walk(below: dict[int | None, list[Org]], parent: int | None, depth: int):
    for org in below.get(parent, ()):
        org.depth = depth
        org.children_shown = len(below.get(org.pk, ()))
        yield org
        yield from _walk(below, org.pk, depth + 1)


def names_of(org: Org):
    """The names an org has borne, today's first."""
    return org.names.order_by(F("since").desc(nulls_last=True), "-pk")


def history(org: Org) -> list[dict]:
    """What befell an org, oldest first: {on, what: named|placed|closed|split, ...}; on is None for the beginning."""
    names = [{"on": name.since, "what": "named", "name": name.name} for name in org.names.all()]
    places = [
        {"on": place.since, "what": "placed", "org": place.parent, "reason": place.reason}
        for place in org.memberships.select_related("parent")
    ]
    events = [*names, *places]
    if org.split_from:
        events.append({"on": org.opened, "what": "split", "org": org.split_from})
    if org.closed:
        events.append({"on": org.closed, "what": "closed", "org": org.merged_into})
    return sorted(events, key=lambda event: event["on"] or date.min)


def _above(id: int, parents: dict[int, int]) -> list[int]:
    above = []
    while (id := parents.get(id)) is not None and id not in above:
        above.append(id)
    return above


def name_on(org: Org, day: date) -> str:
    """The name an org bore on a day; today's where no other is recorded."""
    named = (
        org.names.filter(Q(since__isnull=True) | Q(since__lte=day))
        .filter(Q(until__isnull=True) | Q(until__gt=day))
        .first()
    )
    return named.name if named else org.name
