"""Everything the page of an indicator shows, assembled from values, plan and registers."""

from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.accounts.access import can
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.core.ui import charts
from khet.core.ui.formats import be_date, number, with_unit
from khet.core.ui.formats import period as period_words
from khet.insight.indicators import editions, queries
from khet.insight.indicators.series import Place, Trend, ranking, trend
from khet.insight.indicators.values import Value
from khet.insight.indicators.worklists import find as find_list
from khet.kit.periods import Period
from khet.kit.thai import fold_loosely, sort_key
from khet.plan.judging import target_number, without_judging
from khet.plan.models import PlanIndicator
from khet.plan.parts import part_status
from khet.plan.queries import actions, current_plan, notes
from khet.plan.standing import Standing, so_far, standing
from khet.plan.targets import of_year, year_of
from khet.plan.words import level_name, target_words, year_words
from khet.web.desk.queries.casework import kind_of
from khet.web.desk.queries.followup import named
from khet.web.desk.queries.renewal import Renewal, renewals
from khet.web.desk.queries.uncertain import of_number
from khet.web.desk.templatetags.desk import sign_of

DIM_WORDS = {
    "grade": gettext_lazy("By grade"),
    "sex": gettext_lazy("By sex"),
    "group": gettext_lazy("By kind"),
    "cluster": gettext_lazy("By cluster"),
}
POINTS = 12
LAST_RUNS = gettext_lazy("The last point is of a period that still runs; it stands in no limits.")


@dataclass
class Row:
    """A school or cluster beside the others. `renewal`: how old its result is, where results hold for several years."""

    place: Place
    status: str
    renewal: Renewal | None = None

    @property
    def value(self) -> Value:
        return self.place.value

    @property
    def name(self) -> str:
        return self.place.value.org_name


@dataclass
class IndicatorPage:
    """An indicator of an org as one viewer sees it. Raises NotVisible when the viewer may not."""

    viewer: object
    id: str
    org: Org
    period: Period | None = None
    reading: str | None = None
    binding: PlanIndicator | None = field(init=False, default=None)

    def __post_init__(self):
        self.plan = current_plan(self.viewer, self.org)
        self.binding = self.plan.binding_of(self.id) if self.plan else None
        if self.reading is None and self.binding and self.binding.reading:
            self.reading = self.binding.reading

    @property
    def readings(self) -> dict[str, str]:
        return {self.id: self.reading} if self.reading else {}

    @cached_property
    def value(self) -> Value:
        with without_judging():  # the page judges by its own reading, below
            return queries.value(self.viewer, self.id, org=self.org, period=self.period, readings=self.readings)

    @property
    def edition(self):
        return self.value.edition

    @cached_property
    def targets(self) -> list:
        return of_year(self.binding.targets.all(), year_of(self.value.period)) if self.binding else []

    @property
    def is_part(self) -> bool:
        """True for a place below the office whose plan it is."""
        return bool(self.plan) and self.plan.edition.org_id != self.org.pk

    @property
    def status(self) -> str:
        return part_status(self.value, self.targets) if self.is_part else self.standing.status

    @cached_property
    def standing(self) -> Standing:
        return standing(self.value, self.targets, self.previous, self.trend.same_days)

    @property
    def note(self) -> str:
        """Of a period that still runs, what was compared with what; of a part of the office, that it runs."""
        if self.is_part or not self.targets:
            return so_far(self.value, self.trend.same_days)
        return self.standing.note

    @property
    def target_words(self) -> str:
        return target_words(self.targets, self.edition)

    @cached_property
    def trend(self) -> Trend:
        return trend(self.viewer, self.id, org=self.org, until=self.value.period, count=POINTS, readings=self.readings)

    @property
    def previous(self) -> Value | None:
        before = self.value.period.previous()
        return next((point for point in self.trend.points if point.period == before), None)

    @property
    def change(self) -> float | None:
        before = self.trend.same_days if self.value.running else self.previous
        return (
            None
            if self.value.value is None or before is None or before.value is None
            else self.value.value - before.value
        )

    @property
    def verdict(self) -> str:
        """Whether the change is more than chance, in words; '' where that cannot be said."""
        found = self.trend.comparison
        words = {
            "lower": _("lower than before, beyond chance"),
            "higher": _("higher than before, beyond chance"),
            "not_different": _("within the usual ups and downs"),
        }
        return words.get(found.verdict, "") if found and self.change is not None else ""

    @cached_property
    def periods(self) -> list[Period]:
        """Periods with figures, the newest first, for choosing another."""
        points = queries.history(self.viewer, org=self.org, indicators=[self.id], count=POINTS)[self.id]
        return [point.period for point in reversed(points)]

    @cached_property
    def year_targets(self) -> list[tuple[str, str]]:
        """(year, target in words) of every year of the plan."""
        if not self.binding:
            return []
        targets = list(self.binding.targets.all())
        return [
            (year_words(year), target_words(of_year(targets, year), self.edition) or "–")
            for year in self.plan.edition.years
        ]

    @cached_property
    def chart(self) -> charts.Chart | None:
        points = self.trend.points
        if not any(point.value is not None for point in points):
            return None
        limits = self.trend.limits
        start, last = self.trend.start, len(points) - 1
        band = [charts.Limits(start, last, limits.lower, limits.mean, limits.upper)] if limits.enough else []
        series = {_("Value"): [point.value for point in points]}
        targets = [self._target_at(point.period) for point in points]
        same = set(targets) - {None}
        if len(same) > 1:
            series[_("Target")] = targets
        return charts.line(
            [period_words(point.period, "short") for point in points],
            series,
            summary=self._summary(),
            unit=sign_of(self.edition),
            decimals=self.edition.decimals,
            target=same.pop() if len(same) == 1 else None,
            limits=band,
            signals=sorted({start + signal.at for signal in limits.signals}),
            low=self._axis_from(targets),
            high=100 if self.edition.unit == "percent" else None,
            x_title=_("Period"),
            name=f"{self.id}-{self.org.code}",
        )

    def _axis_from(self, targets) -> float | None:
        """Where the axis begins: at 0, or near the values where these are shares far above it."""
        if self.edition.unit not in ("percent", "per_1000", "count"):
            return None
        known = [point.value for point in self.trend.points if point.value is not None]
        lowest = min([*known, *(one for one in targets if one is not None), self.trend.limits.lower or 100])
        return 10 * ((lowest - 5) // 10) if self.edition.unit == "percent" and lowest > 35 else 0

    def _target_at(self, period: Period) -> float | None:
        return target_number(of_year(self.binding.targets.all(), year_of(period))) if self.binding else None

    def _summary(self) -> str:
        known = [point for point in self.trend.points if point.value is not None]
        words = {
            "first": period_words(known[0].period, "short"),
            "last": period_words(known[-1].period, "short"),
            "from": with_unit(known[0].value, sign_of(self.edition), self.edition.decimals),
            "to": with_unit(known[-1].value, sign_of(self.edition), self.edition.decimals),
        }
        said = _("From %(from)s (%(first)s) to %(to)s (%(last)s).") % words
        return said if known[-1].running is None else f"{said} {LAST_RUNS}"

    @cached_property
    def signals(self) -> list[str]:
        """What the limits say, in words."""
        limits, points, start = self.trend.limits, self.trend.points, self.trend.start
        if not limits.enough:
            return [_("Limits appear after %(count)s more periods.") % {"count": limits.needed}] if limits.n else []
        words = {
            "beyond": _("Beyond the limits, more than the usual ups and downs: %(periods)s."),
            "run": _("Eight periods in a row on one side of the mean, the level has shifted: up to %(periods)s."),
            "near_limit": _("Two of three periods near a limit, a shift is likely: %(periods)s."),
        }
        found: dict[str, list[str]] = {}
        for signal in limits.signals:
            found.setdefault(signal.rule, []).append(period_words(points[start + signal.at].period, "short"))
        said = [words[rule] % {"periods": ", ".join(dict.fromkeys(at))} for rule, at in found.items()]
        return said or [_("All within the limits: the ups and downs are the usual ones.")]

    @cached_property
    def rows(self) -> list[Row]:
        """The schools below the org, the worst first; [] where the number is the office's alone."""
        if self.org.is_school or self.edition.org_kind != "school":
            return []
        places = ranking(self.viewer, self.id, org=self.org, period=self.value.period, readings=self.readings)
        return [Row(place, part_status(place.value, self.targets)) for place in places]

    @cached_property
    def aged_rows(self) -> list[Row]:
        """The rows with how old each result is, where results hold for several years."""
        if self.edition.renewed is None:
            return self.rows
        found = renewals(self.edition.renewed, [row.value.org for row in self.rows], self.value.period)
        return [replace(row, renewal=found[row.value.org]) for row in self.rows]

    @cached_property
    def breakdowns(self) -> list[tuple[str, charts.Chart]]:
        """(heading, chart) of each breakdown that has values."""
        dims = [*self.edition.by] + ([] if self.org.is_school or self.edition.org_kind != "school" else ["cluster"])
        made = []
        for dim in dims:
            found = queries.values(
                self.viewer,
                org=self.org,
                indicators=[self.id],
                period=self.value.period,
                by=dim,
                readings=self.readings,
            )
            items = [self._bar(dim, one) for one in found]
            if dim in ("group", "cluster"):  # grades and sexes keep the order everybody knows
                items.sort(key=lambda item: -1 if item["value"] is None else item["value"], reverse=True)
            if len([item for item in items if item["value"] is not None]) > 1:
                heading = str(DIM_WORDS[dim])
                made.append((heading, self._bars(items, heading, dim)))
        return made

    def _bar(self, dim: str, value: Value) -> dict:
        name = value.org_name if dim == "cluster" else queries.label(dim, value.dims[dim], value.parts)
        return {"name": name, "value": value.value}

    def _bars(self, items, heading: str, dim: str) -> charts.Chart:
        known = [item for item in items if item["value"] is not None]
        best = max(known, key=lambda item: item["value"])
        least = min(known, key=lambda item: item["value"])
        words = {"most": best["name"], "least": least["name"]}
        return charts.bars(
            items,
            summary=_("Highest: %(most)s. Lowest: %(least)s.") % words,
            unit=sign_of(self.edition),
            decimals=self.edition.decimals,
            target=target_number(self.targets) if self.edition.unit in ("percent", "per_1000", "score") else None,
            title=heading,
            name=f"{self.id}-{dim}",
        )

    @property
    def other_readings(self) -> list[tuple[object, float | None, bool]]:
        """(reading, its value, whether it is the one used)."""
        return [(r, self.value.readings.get(r.id), r.id == self.edition.reading) for r in self.edition.readings]

    @property
    def open_readings(self) -> list:
        """Readings for which no figure is known, the one in use left out."""
        return [reading for reading, value, used in self.other_readings if value is None and not used]

    @property
    def notes(self):
        return notes(self.viewer, org=self.org, indicator=self.id)[:20]

    @cached_property
    def actions(self) -> list:
        found = actions(self.viewer, org=self.org, indicator=self.id)
        return sorted(named(found[:60]), key=lambda action: (not action.is_open, action.due))

    @property
    def worklist(self):
        """The list behind the number, when a room offers it and the viewer may open it here."""
        found = find_list(self.edition.list)
        return found if found and can(self.viewer, found.permission, self.org) else None

    @property
    def case_kind(self):
        """The kind of case that works the list off, for who takes part in cases here."""
        return kind_of(self.edition.list) if can(self.viewer, "cases.take_part") else None

    @cached_property
    def uncertainty(self):
        """What the matching of lists behind the number leaves open; None where it rests on none."""
        return of_number(self.org, self.value)

    @property
    def shown_value(self) -> str:
        """The value with its unit as text."""
        if self.value.suppressed:
            return _("withheld: few people")
        if self.edition.unit == "level":
            return level_name(self.edition, self.value.value) or "–"
        return f"{number(self.value.value, self.edition.decimals)} {sign_of(self.edition)}".strip()

    @property
    def age_words(self) -> str:
        return be_date(self.value.as_of) if self.value.as_of else ""


def known(id: str) -> bool:
    return catalogue().find("indicator", id) is not None


def sorted_rows(rows: list[Row], key: str, text: str = "") -> list[Row]:
    """The rows whose name holds the text, by rank (worst first), value, name or status; "-" turns the order."""
    wanted = fold_loosely(text)
    kept = [row for row in rows if not wanted or wanted in fold_loosely(row.name) or wanted in row.value.org]
    orders = {
        "value": lambda row: (row.value.value is None, row.value.value or 0),
        "school": lambda row: sort_key(row.name),
        "due": lambda row: row.renewal.order if row.renewal else 0,
        "status": lambda row: ("missed", "near", "running", "no_data", "no_target", "met").index(row.status),
    }
    name, back = key.removeprefix("-"), key.startswith("-")
    if name not in orders:
        return kept[::-1] if back and name == "rank" else kept
    if name == "value" and back:
        return sorted(kept, key=lambda row: (row.value.value is None, -(row.value.value or 0)))
    return sorted(kept, key=orders[name], reverse=back)


__all__ = ["IndicatorPage", "Row", "editions", "known", "sorted_rows"]
