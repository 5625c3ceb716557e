"""Census days and what was frozen on them."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.kit.periods import Period, academic_year
from khet.web.desk.models import CensusCount, CensusSnapshot

SEXES = ("m", "f")


def rounds(back: int = 2) -> list[Period]:
    """Census days of this academic year and of the years before, the latest first, those to come left out."""
    today, found = timezone.localdate(), []
    this_year = academic_year(today).year
    for day in catalogue().get("calendar", "calendar").census:
        month, number = map(int, day.day.split("-"))
        for year in range(this_year - back, this_year + 2):
            period = Period("census", year, month * 100 + number)
            if period.start <= today and period.academic_year >= this_year - back:
                found.append(period)
    return sorted(found, reverse=True)


def snapshots(viewer, office: Org):
    """Frozen counts of an office that hold, the latest first."""
    seen = CensusSnapshot.objects.filter(org=office, superseded=False).select_related("by")
    return seen if _reaches(viewer, office) else seen.none()


def _reaches(viewer, office: Org) -> bool:
    return any(path.startswith(office.path) or office.path.startswith(path) for path in viewer.paths("plan.read"))


@dataclass
class Row:
    """A school's frozen counts."""

    school: Org
    pupils: int = 0
    by_grade: dict = field(default_factory=lambda: defaultdict(int))
    by_sex: dict = field(default_factory=lambda: defaultdict(int))
    before: int | None = None

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.pupils - self.before


def table(viewer, snapshot: CensusSnapshot, other: CensusSnapshot | None = None) -> tuple[list[str], list[Row]]:
    """(grades in their order, a row for each school the viewer may see), with the other round's total beside."""
    rows: dict[int, Row] = {}
    for count in CensusCount.objects.visible_to(viewer).filter(snapshot=snapshot).select_related("school"):
        row = rows.setdefault(count.school_id, Row(count.school))
        row.pupils += count.pupils
        row.by_grade[count.grade] += count.pupils
        row.by_sex[count.sex] += count.pupils
    if other:
        before: dict[int, int] = defaultdict(int)
        for school, pupils in (
            CensusCount.objects.visible_to(viewer).filter(snapshot=other).values_list("school", "pupils")
        ):
            before[school] += pupils
        for school, row in rows.items():
            row.before = before.get(school, 0)
    order = {value.code: place for place, value in enumerate(catalogue().get("codes", "grades").values)}
    grades = sorted({grade for row in rows.values() for grade in row.by_grade}, key=lambda code: order.get(code, 999))
    return grades, list(rows.values())
