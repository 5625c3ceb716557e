"""Why a number is what it is: formula, parts, sources, the records behind it, what is missing, and its history."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from django.utils import timezone
from django.utils.translation import pgettext

from khet.core.accounts.access import can
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.facts import disclosure
from khet.facts import queries as facts
from khet.facts.feeds import FIGURES, feeds
from khet.facts.queries import Sheet
from khet.facts.schema import Measure
from khet.insight.indicators import editions, queries
from khet.insight.indicators.schema import Indicator, Reading
from khet.insight.indicators.series import Trend, interval, trend
from khet.insight.indicators.values import Value
from khet.insight.indicators.worklists import WorkList, find
from khet.kit.feeds import Line, Question
from khet.kit.periods import Period
from khet.registers.intake.models import Batch

_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠", "==": "=", "*": "×", "/": "÷", "-": "−"}


@dataclass(frozen=True)
class Source:
    """A load, or the keyboard, that a part came from.

    records   how many records of it count here
    """

    records: int
    batch: int | None = None
    title: str = ""
    files: tuple[str, ...] = ()
    as_of: date | None = None
    loaded_on: date | None = None
    loaded_by: str = ""
    undone: bool = False


@dataclass(frozen=True)
class Part:
    """A measure of the formula.

    value      its sum over the orgs that know every part; None: unknown, or hidden
    kind       records | figures | both | none: what it was counted from
    own        the org's own statement is used and nothing below it; `below` is what the schools' figures add up to
    known      how many schools (or the org itself) it stands on, of `expected`
    missing    codes of schools that lack it
    periods    codes of the periods whose facts were used
    sources    loads and typing it came from, the newest first
    lines      records behind it, as far as the viewer may see; `hidden_lines` says why there are none: "" | persons
               (names are for those who may list persons) | small (a small number would show) | rules
    """

    measure: Measure
    value: float | None
    kind: str
    own: bool
    below: float | None
    known: int
    expected: int
    missing: tuple[str, ...]
    periods: tuple[str, ...]
    sources: tuple[Source, ...]
    lines: tuple[Line, ...] = ()
    lines_total: int = 0
    hidden_lines: str = ""


@dataclass(frozen=True)
class OtherReading:
    """A reading and what it gives; `used` marks the one in use."""

    reading: Reading
    value: float | None
    used: bool


@dataclass(frozen=True)
class Explanation:
    """Everything there is to say of one value.

    filled    the formula with its numbers: "100 × 12 ÷ 840"
    formula   the same with the names of the measures
    trend     its history, each period by the edition that held then
    interval  95 %, where it is a rate or a count of events
    """

    value: Value
    edition: Indicator
    formula: str
    filled: str
    parts: tuple[Part, ...]
    readings: tuple[OtherReading, ...]
    trend: Trend
    interval: tuple[float, float] | None
    worklist: WorkList | None
    names: Mapping[str, str] = field(default_factory=dict)  # code of a missing org → its name


def explain(
    viewer,
    indicator: str,
    org: Org,
    period: Period | None = None,
    *,
    readings: Mapping[str, str] | None = None,
    lines: int = 20,
) -> Explanation:
    """Why an indicator is what it is at an org. Raises as `queries.values`.

    lines   how many records are shown of each part
    """
    value = queries.value(viewer, indicator, org=org, period=period, readings=readings)
    page = facts.sheet(editions.measures_of([indicator]), [value.period])
    parts = tuple(_part(viewer, page, value, org, measure, lines) for measure in value.parts)
    missing = {code for part in parts for code in part.missing} | set(value.missing.orgs)
    return Explanation(
        value=value,
        edition=value.edition,
        formula=in_signs(value.edition.value, {m: f"“{catalogue().get('measure', m).title}”" for m in value.parts}),
        filled=in_signs(value.edition.value, {m: _number(got) for m, got in value.parts.items()}),
        parts=parts,
        readings=_readings(value),
        trend=trend(viewer, indicator, org=org, until=value.period, readings=readings),
        interval=interval(value),
        worklist=find(value.edition.list),
        names={code: _name(page, code) for code in missing},
    )


def _readings(value: Value) -> tuple[OtherReading, ...]:
    edition = value.edition
    return tuple(OtherReading(r, value.readings.get(r.id), r.id == edition.reading) for r in edition.readings)


def _name(page: Sheet, code: str) -> str:
    return page.tree.names[page.tree.index[code]][0] if code in page.tree.index else code


def in_signs(expression: str, words: Mapping[str, str]) -> str:
    """An expression as people write it: × ÷ ≥ ≤, and each measure in the words given."""
    said = _SIGNS | {"and": pgettext("formula", "and"), "or": pgettext("formula", "or")} | words
    return re.sub(r"[A-Za-z_]\w*|[<>!=]=|[*/-]", lambda found: said.get(found[0], found[0]), expression)


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:,.10g}".replace("-", "−")


def _part(viewer, page: Sheet, value: Value, org: Org, id: str, lines: int) -> Part:
    measure, target = page.definitions[id], value.period
    place = page.tree.index.get(org.code)
    if place is None:
        return Part(measure, None, "none", False, None, 0, 0, (), (), ())
    rolled, leaf = page.rolled(value.parts, target), page.leaves(id, target)
    standing, own = page.standing(target), bool(rolled.own[id][place])
    schools = standing.schools(place)
    stated = ~np.isnan(leaf.values).all(axis=1)
    counted = np.flatnonzero(stated & (standing.under(place) if not own else np.arange(len(stated)) == place))
    whole = own or page.tree.kinds[place] == page.tree.kinds.max(initial=0) or value.edition.org_kind == "office"
    missing = () if whole else tuple(page.tree.codes[s] for s in schools if not stated[s])
    figure, record = bool(leaf.figure[counted].any()), bool((~leaf.figure[counted]).any())
    behind = _Behind(viewer, page, measure, target, counted, org)
    shown = behind.lines(lines) if not value.suppressed else ((), 0, "small")
    return Part(
        measure=measure,
        value=value.parts[id],
        kind={(True, True): "both", (True, False): "figures", (False, True): "records"}.get((figure, record), "none"),
        own=own,
        below=_below(page, id, target, place) if own else None,
        known=len(counted) if whole else len(schools) - len(missing),
        expected=1 if whole else len(schools),
        missing=missing,
        periods=behind.periods,
        sources=behind.sources(),
        lines=shown[0],
        lines_total=shown[1],
        hidden_lines=shown[2],
    )


def _below(page: Sheet, id: str, target: Period, place: int) -> float | None:
    """What the orgs below an org say together, where its own statement is used instead."""
    values = page.leaves(id, target).values[page.standing(target).schools(place), 0]
    known = values[~np.isnan(values)]
    return float(known.sum()) if len(known) else None


class _Behind:
    """The records behind a measure at some orgs."""

    def __init__(self, viewer, page: Sheet, measure: Measure, target: Period, counted, org: Org):
        self.viewer, self.page, self.org, self.target = viewer, page, org, target
        self.counted = counted
        self.bases = [page.definitions[id] for id in facts.sources([measure.id])]
        self.measure = measure

    @property
    def periods(self) -> tuple[str, ...]:
        """Codes of the periods whose facts were used, oldest first."""
        codes = {
            code
            for base in self.bases
            for place in self.counted
            for code in self.page.periods_behind(base.id, self.target, place)
        }
        return tuple(sorted(codes, key=Period.parse))

    def questions(self, limit: int = 20):
        """(feed, question) for each feed that has records of it."""
        for base in self.bases:
            leaf = self.page.leaves(base.id, self.target)
            for is_figure in (False, True):
                places = [
                    place for place in self.counted if leaf.known[place] and bool(leaf.figure[place]) == is_figure
                ]
                outlet = feeds().get(FIGURES if is_figure else base.feed or "")
                if places and outlet:
                    periods = {
                        code for place in places for code in self.page.periods_behind(base.id, self.target, place)
                    }
                    codes = tuple(self.page.tree.codes[place] for place in places)
                    yield outlet, Question(base.id, codes, self.target.code, tuple(sorted(periods)), limit)

    def sources(self) -> tuple[Source, ...]:
        found: Counter = Counter()
        for outlet, question in self.questions():
            if outlet.origins:
                found.update(outlet.origins(question))
        return _named(found)

    def lines(self, limit: int) -> tuple[tuple[Line, ...], int, str]:
        """Lines, how many there are in all, and why there are none."""
        shown, total, why = [], 0, ""
        for outlet, question in self.questions(limit):
            if outlet.behind is None:
                why = why or "rules"
            elif outlet.persons and not can(self.viewer, "people.list", self.org):
                why = "persons"
            elif not outlet.persons and self._would_show_small(question):
                why = why or "small"
            else:
                shown += outlet.behind(question)
                total += sum(outlet.origins(question).values()) if outlet.origins else len(question.orgs)
        return tuple(shown[:limit]), total, "" if shown else why

    def _would_show_small(self, question: Question) -> bool:
        return disclosure.counts_people(question.measure) and not disclosure.may_see_small(self.viewer, self.org)


def _named(counts: Mapping[int | None, int]) -> tuple[Source, ...]:
    """The sources with their names, newest first; what was typed in stands last."""
    batches = Batch.objects.filter(pk__in=[pk for pk in counts if pk]).select_related("committed_by")
    known = {batch.pk: batch for batch in batches.prefetch_related("files")}
    found = [_source(pk, records, known.get(pk)) for pk, records in counts.items()]
    return tuple(sorted(found, key=lambda source: -(source.batch or 0)))


def _source(pk: int | None, records: int, batch: Batch | None) -> Source:
    if batch is None:
        return Source(records, pk)
    return Source(
        records,
        pk,
        batch.title,
        tuple(file.name for file in batch.files.all()),
        batch.as_of,
        timezone.localdate(batch.committed_at) if batch.committed_at else None,
        str(batch.committed_by or ""),
        bool(batch.undone_at),
    )


def files_of(parts: Sequence[Part]) -> list[Source]:
    """Every source of an explanation once, newest first."""
    seen = {source.batch: source for part in parts for source in part.sources}
    return sorted(seen.values(), key=lambda source: -(source.batch or 0))
