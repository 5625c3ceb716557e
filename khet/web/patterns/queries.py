"""Reading. The viewer comes first."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Kind, Org
from khet.core.orgs.queries import office_of
from khet.core.ui import charts
from khet.engines.cases.counting import totals, with_groups
from khet.engines.cases.looking import known
from khet.engines.cases.models import Case
from khet.engines.cases.queries.overview import all_of, overlooked
from khet.engines.cases.schema import CaseKind, Gift
from khet.facts import disclosure
from khet.insight.indicators.process import xmr
from khet.insight.indicators.queries import values
from khet.kit.periods import Period, period_of
from khet.registers.people.models import Enrolment
from khet.web.patterns.fairness import Line, Wait, compared

MONTHS = 24


def office_for(viewer) -> Org | None:
    """The office whose cases a viewer looks at: where they hold a role, else that of the place they work at."""
    own = next((grant.org for grant in viewer.grants if grant.org.kind == Kind.OFFICE), None)
    return own or (office_of(viewer.org) if viewer.org_id else None)


def kinds(viewer) -> list[CaseKind]:
    """The kinds of case that the viewer answers for: by a role at an office, so it costs every page no question."""
    office = next((grant.org for grant in viewer.grants if grant.org.kind == Kind.OFFICE), None)
    return overlooked(viewer, office) if office else []


def months(today: date) -> list[Period]:
    """The months looked at, oldest first; the running one is not over and is left out."""
    found = [period_of(today, "month").previous()]
    while len(found) < MONTHS:
        found.insert(0, found[0].previous())
    return found


def cases_of(viewer, family: str) -> list[Case]:
    """The cases of all months looked at and of the running one."""
    start = datetime.combine(months(timezone.localdate())[0].start, time.min)
    return list(all_of(viewer, office_for(viewer), family, timezone.make_aware(start)))


@dataclass(frozen=True)
class Drawing:
    """A measure month by month; the words of the chart say what its limits tell."""

    measure: object
    chart: charts.Chart


def over_time(kind: CaseKind, cases: list[Case]) -> list[Drawing]:
    """What the kind counts, month by month with limits; a measure of which nothing came is left out."""
    span, seen = months(timezone.localdate()), [known(case) for case in cases]
    gifts = [gift for gift in kind.gives if gift.take == "cases" and not (gift.once_in or gift.overdue or gift.asked)]
    return [drawing for gift in gifts if (drawing := _drawing(with_groups(gift, catalogue()), seen, span))]


def _drawing(gift: Gift, seen, span: list[Period]) -> Drawing | None:
    first = min((one.received for one in seen), default=timezone.localdate())  # before it nobody kept such cases here
    values = [
        float(sum(totals(gift, seen, month.start, month.end).values())) if month.end >= first else None
        for month in span
    ]
    if not any(values):
        return None
    measure, limits = catalogue().get("measure", gift.measure), xmr(values, natural=(0, None))
    at = sorted({signal.at for signal in limits.signals})
    last = len(values) - 1
    band = [charts.Limits(0, last, limits.lower, limits.mean, limits.upper)] if limits.enough else []
    words = _("More than the usual ups and downs in %(n)s months.") % {"n": len(at)} if at else _(
        "No month stands out from the usual ups and downs."
    )  # fmt: skip
    labels = [month.label("th" if _is_thai() else "en", short=True) for month in span]
    chart = charts.line(
        labels, {str(measure.title): values}, summary=words, decimals=0, limits=band, signals=at, low=0,
        x_title=_("Month"), name=f"pattern-{gift.measure}",
    )  # fmt: skip
    return Drawing(measure, chart)


def _is_thai() -> bool:
    return not (get_language() or "th").startswith("en")


# --- who waits longer


@dataclass(frozen=True)
class Shown:
    """A line of the audit as it may be shown: of a group that is too small, nothing but that it is."""

    group: str
    line: Line | None


@dataclass(frozen=True)
class Audit:
    """How long one kind of group waited for one thing."""

    what: str
    by: str
    rows: list[Shown]
    differs: bool


def audits(kind: CaseKind, cases: list[Case]) -> list[Audit]:
    """For each wait the kind counts and each way to part the children: do some wait longer?"""
    found, parted = [], _groups(kind, cases)
    for gift in kind.gives:
        if gift.take != "waited":
            continue
        title = str(catalogue().get("measure", gift.measure).title)
        counted = [case for case in cases if case.state not in gift.without]
        hours = {case.pk: _waited(case, gift) for case in counted}
        for by, group_of in parted.items():
            waits = [Wait(group, *hours[case.pk]) for case in counted if (group := group_of(case))]
            found.append(_shown(_strictest(kind), title, by, waits))
    return [audit for audit in found if len(audit.rows) > 1]


def _waited(case: Case, gift: Gift) -> tuple[float, bool]:
    """(hours, whether it is over) from receipt until a case first came to what the gift waits for."""
    came = next((step.at for step in case.steps.all() if step.after in gift.reached), None)
    end = came or case.closed_at or timezone.now()
    return max(timedelta(), end - case.received_at).total_seconds() / 3600, came is not None


def _groups(kind: CaseKind, cases: list[Case]) -> dict[str, Callable[[Case], str]]:
    disabled = _disabled(cases)
    sexes = {"m": _("boys"), "f": _("girls")}
    ways = {
        _("Level"): lambda case: str(case.level_of.title) if case.level_of else "",
        _("Sex"): lambda case: sexes.get(case.sex, ""),
        _("Disability"): lambda case: disabled.get(case.person_id, ""),
        _("School"): lambda case: str(case.about) if case.about.is_school else "",
    }
    if kind.bypass:
        ways[_("Handled by")] = lambda case: _("the office, past the school") if case.passed_by else _("the school")
    return ways


def _disabled(cases: list[Case]) -> dict[int, str]:
    """{person: whether the register says that the child is disabled}."""
    people = {case.person_id for case in cases if case.person_id}
    rows = Enrolment.objects.filter(person__in=people).order_by("year").values_list("person", "disabled")
    return {person: _("with a disability") if disabled else _("without") for person, disabled in rows}


def _strictest(kind: CaseKind) -> str:
    """The measure of the kind that hides the most, by which the audit hides."""
    measures = [gift.measure for gift in kind.gives if disclosure.counts_people(gift.measure)]
    return max(measures, key=disclosure.rules().limit, default="")


def _shown(measure: str, title: str, by: str, waits: list[Wait]) -> Audit:
    """The lines, without the groups that are too small, and without a second one that would tell of them."""
    sizes = Counter(wait.group for wait in waits)
    groups = sorted(sizes)
    hidden = dict(zip(groups, disclosure.suppress(measure, [sizes[g] for g in groups]), strict=True))
    lines = {line.group: line for line in compared(waits)}
    rows = [Shown(group, None if hidden[group] else lines[group]) for group in groups]
    differs = any(row.line and row.line.verdict in ("longer", "shorter") for row in rows)
    return Audit(title, by, rows, differs)


def values_of(viewer, kind: CaseKind) -> Iterator:
    """The indicators of the kind's system at the office, those without a value left out."""
    ids = [one.id for one in catalogue().all("indicator") if one.system == kind.system]
    for value in values(viewer, org=office_for(viewer), indicators=sorted(set(ids))):
        if value.value is not None or value.suppressed:
            yield value
