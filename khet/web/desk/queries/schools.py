"""Schools: the list, and one school with its numbers beside those of its cluster and office."""

from dataclasses import dataclass, field

from khet.core.accounts.access import can
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Kind, Org
from khet.facts import disclosure
from khet.facts import queries as facts
from khet.kit.periods import Period, academic_year
from khet.kit.thai import fold_loosely, sort_key
from khet.plan.judging import without_judging
from khet.plan.queries import current_plan
from khet.registers.schools.models import School
from khet.web.desk.queries.small import hidden

PUPILS = "pupils"


def newest_year(office: Org | None) -> Period | None:
    """The newest academic year with pupils, up to today's; None when none has been loaded."""
    from django.utils import timezone

    this_year = academic_year(timezone.localdate())
    known = [period for period in facts.periods_with([PUPILS], "academic_year") if period <= this_year]
    return known[-1] if known else None


def pupils_by_school(org: Org, period: Period | None) -> dict[str, float]:
    """{school code: pupils} below an org in a year."""
    if period is None:
        return {}
    table = facts.summed([PUPILS], periods=[period], org=org.code, kinds=("school",))
    return dict(zip(table.column("org").to_pylist(), table.column("value").to_pylist(), strict=True))


@dataclass
class Listed:
    """A school in the list."""

    org: Org
    cluster: str
    subdistrict: str
    pupils: float | None


def listed(viewer, office: Org, *, text: str = "", cluster: str = "", closed: bool = False) -> list[Listed]:
    """The schools the viewer may see at an office; three queries whatever their number."""
    found = schools(viewer).filter(path__startswith=office.path)
    found = found if closed else found.open()
    found = found.filter(parent__code=cluster) if cluster else found
    sizes = pupils_by_school(office, newest_year(office))
    places = dict(School.objects.filter(org__in=found).values_list("org_id", "subdistrict"))
    wanted = fold_loosely(text)
    rows = [
        Listed(
            org, str(org.parent) if org.parent.kind == Kind.CLUSTER else "", places.get(org.pk, ""), sizes.get(org.code)
        )
        for org in found
        if not wanted or wanted in fold_loosely(f"{org.name} {org.name_en}") or wanted in org.code
    ]
    return sorted(rows, key=lambda row: sort_key(str(row.org)))


def schools(viewer):
    """The schools the viewer may see, closed ones too, with the cluster and the office they stand in."""
    return Org.objects.visible_to(viewer, "plan.read").schools().select_related("parent__parent")


def profile(viewer, org: Org) -> School | None:
    """What the school register says of a school; None when it has not been loaded."""
    return School.objects.visible_to(viewer).filter(org=org).first()


def clusters(viewer, office: Org) -> list[Org]:
    found = Org.objects.visible_to(viewer, "plan.read").filter(kind=Kind.CLUSTER, path__startswith=office.path).open()
    return sorted(found, key=lambda org: sort_key(str(org)))


@dataclass
class Compared:
    """An indicator of a school beside its cluster and its office, as far as the viewer may see those."""

    id: str
    title: str
    edition: object
    own: object
    others: list = field(default_factory=list)  # values of cluster and office, in the order of `places`


def compared(viewer, school: Org) -> tuple[list[Org], list[Compared]]:
    """(places beside the school, indicators worked out for schools): those of the plan first."""
    from khet.insight.indicators import queries as indicators

    plan = current_plan(viewer, school)
    first = [item.binding.indicator for item in plan.indicators if item.binding.indicator] if plan else []
    known = catalogue()
    ids = [
        id
        for id in dict.fromkeys([*first, *known.ids("indicator")])
        if (found := known.find("indicator", id)) and found.org_kind == "school"
    ]
    places = [org for org in _above(school) if can(viewer, "plan.read", org)]
    with without_judging():
        own, *beside = (
            {value.indicator: value for value in indicators.values(viewer, org=org, indicators=ids)}
            for org in [school, *places]
        )
    rows = []
    for id in ids:
        value = own.get(id)
        if value is None or (value.value is None and not value.suppressed and id not in first):
            continue
        others = [_same_period(found.get(id), value) for found in beside]
        rows.append(Compared(id, str(value.edition.title), value.edition, value, others))
    return places, rows


def _same_period(other, value):
    """The other value when it speaks of the same period, else None: unlike years are not set side by side."""
    return other if other is not None and other.period == value.period else None


def _above(school: Org) -> list[Org]:
    found, org = [], school.parent
    while org and org.kind != Kind.MINISTRY:
        found.append(org)
        org = org.parent
    return found


def pupils_by_grade(viewer, school: Org, period: Period | None) -> list[tuple[str, list, float]]:
    """(grade, [boys, girls], together) of a school; a small number the viewer may not see is None."""
    if period is None:
        return []
    table = facts.summed([PUPILS], periods=[period], org=school.code, by=("grade", "sex"), kinds=("school",))
    counts: dict[str, dict[str, float]] = {}
    for grade, sex, value in zip(*(table.column(name).to_pylist() for name in ("grade", "sex", "value")), strict=True):
        if grade:
            counts.setdefault(grade, {})[sex] = value
    order = {entry.code: place for place, entry in enumerate(catalogue().get("codes", "grades").values)}
    small = disclosure.may_see_small(viewer, school)
    rows = []
    for grade in sorted(counts, key=lambda code: order.get(code, 999)):
        cells = [counts[grade].get(sex) for sex in ("m", "f")]
        together = sum(counts[grade].values())
        hides = [False, False] if small else hidden(PUPILS, cells)
        rows.append((grade, [None if hide else cell for cell, hide in zip(cells, hides, strict=True)], together))
    return rows


def staff_by_type(viewer, school: Org) -> tuple[Period | None, list[tuple[str, float | None]]]:
    """(year, [(kind of staff, how many)]) of the newest year known."""
    known = facts.periods_with(["staff"], "academic_year")
    if not known:
        return None, []
    table = facts.summed(["staff"], periods=[known[-1]], org=school.code, by=("group",), kinds=("school",))
    names = catalogue().find("codes", "staff_types")
    rows = [
        (str(entry.title) if names and (entry := names.value(code)) else code, value)
        for code, value in zip(table.column("grp").to_pylist(), table.column("value").to_pylist(), strict=True)
    ]
    return known[-1], rows
