"""The cases of a kind by school: how many for so many pupils, in a year and of one group."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.engines.cases.schema import CaseKind
from khet.insight.indicators import editions, queries
from khet.insight.indicators.values import Value
from khet.kit.periods import Period
from khet.kit.thai import sort_key
from khet.plan.targets import NO_TARGET


@dataclass(frozen=True)
class School:
    """A school as the map draws it: no target judges it, its value alone is drawn."""

    value: Value
    status: str = NO_TARGET

    @property
    def name(self) -> str:
        return self.value.org_name


@dataclass
class BySchool:
    """What the page shows, and what the map of the desk asks for.

    groups    [(code, words)] that may be chosen, `group` is the one chosen ("": all)
    periods   that may be chosen, the newest first
    """

    viewer: object
    org: Org
    value: Value
    rows: list[School]
    group: str
    groups: list[tuple[str, str]]
    periods: list[Period]
    targets: list = field(default_factory=list)

    @property
    def edition(self):
        return self.value.edition

    @property
    def group_words(self) -> str:
        return dict(self.groups).get(self.group, _("all kinds"))

    @property
    def is_known(self) -> bool:
        return any(row.value.value is not None or row.value.suppressed for row in self.rows)


def rate_of(kind: CaseKind) -> str | None:
    """The indicator that puts what a kind counts by group beside so many pupils; None where there is none."""
    counted = {gift.measure for gift in kind.gives if gift.group}
    for one in catalogue().all("indicator"):
        if one.system == kind.system and one.unit == "per_1000" and one.numerator in counted and "group" in one.by:
            return one.id
    return None


def by_school(viewer, office: Org, rate: str, period: Period | None, group: str = "") -> BySchool:
    """The schools of an office with the rate of a year. Raises NotVisible; an unknown group is all of them."""
    whole = queries.value(viewer, rate, org=office, period=period)
    codes = queries.codes_of("group", editions.names_in(whole.edition))
    groups = [(code, queries.label("group", code, whole.parts)) for code in codes]
    group = group if group in codes else ""
    past = queries.history(viewer, org=office, indicators=[rate])[rate]
    cell = ("group", group) if group else None
    rows = queries.values(viewer, org=office, indicators=[rate], period=whole.period, by="school", cell=cell)
    rows = [School(value) for value in sorted(rows, key=lambda value: sort_key(value.org_name))]
    return BySchool(viewer, office, whole, rows, group, groups, [one.period for one in reversed(past)])
