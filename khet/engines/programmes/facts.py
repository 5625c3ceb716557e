"""Outlet of the programmes: what the records of their runs give to measures."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.engines.programmes.counting import Book, Counted, Span, gathered, rung, totals
from khet.engines.programmes.models import Cost, Output, Participant, Run, Session
from khet.engines.programmes.reading import books
from khet.engines.programmes.schema import Gift
from khet.kit.feeds import UNKNOWN, Feed, Line, Question, table
from khet.kit.periods import Period, period_of


def _runs() -> list[Run]:
    return list(Run.objects.counted().select_related("edition", "org").order_by("starts", "pk"))


def _gifts(runs: list[Run]) -> dict[str, list[Run]]:
    """{measure: runs that give to it}, of measures that take what programmes give."""
    found = defaultdict(list)
    for run in runs:
        for gift in run.rules.gives:
            known = catalogue().find("measure", gift.measure)
            if known is not None and known.feed == "programmes":
                found[gift.measure].append(run)
    return dict(found)


def last_day(run: Run) -> date:
    """The last day of a run that has passed."""
    today = timezone.localdate()
    return min(run.ends, today) if run.ends else today


def periods(kind: str, first: date, last: date) -> list[Period]:
    """The periods of a kind that hold a day between two days, oldest first."""
    found = [period_of(first, kind)]
    while found[-1].end < last:
        found.append(found[-1].next())
    return found


def _years() -> list[int]:
    """Academic years in which a period begins that a run speaks of."""
    found = set()
    for measure, runs in _gifts(_runs()).items():
        kind = catalogue().get("measure", measure).period
        for run in runs:
            if run.starts <= last_day(run):
                found |= {period.academic_year for period in periods(kind, run.starts, last_day(run))}
    return sorted(found)


def span_of(period: Period) -> Span:
    """The days of a period that have passed: a running one is looked at as it stands today."""
    return Span(period.start, min(period.end, timezone.localdate()))


def _rows(year: int):
    runs = _runs()
    by_run, rows = books(runs), []
    for measure, giving in sorted(_gifts(runs).items()):
        for period in _periods_in(measure, giving, year):
            rows += _facts(measure, period, giving, by_run)
    return table(rows)


def _periods_in(measure: str, runs: list[Run], year: int) -> list[Period]:
    kind = catalogue().get("measure", measure).period
    found = {
        period for run in runs if run.starts <= last_day(run) for period in periods(kind, run.starts, last_day(run))
    }
    return sorted(period for period in found if period.academic_year == year)


def _speaking(runs: list[Run], period: Period) -> list[Run]:
    """The runs that had begun by the end of a period and had not ended before it."""
    span = span_of(period)
    return [run for run in runs if run.starts <= span.last and (run.ends is None or run.ends >= span.first)]


def _facts(measure: str, period: Period, runs: list[Run], by_run: dict[int, Book]) -> Iterator[tuple]:
    speaking = _speaking(runs, period)
    if not speaking:
        return
    gift = _gift(speaking[-1], measure)
    known = dict.fromkeys(((code, "") for code in _zeros(speaking, gift, span_of(period))), 0.0) if not gift.by else {}
    if gift.by:
        groups = catalogue().find("codes", catalogue().get("measure", measure).groups or "")
        for code in _zeros(speaking, gift, span_of(period)):
            known |= {(code, value.code): 0.0 for value in (groups.values if groups else ())}
    known |= totals(_counted(measure, period, speaking, by_run))
    for (org, group), value in sorted(known.items()):
        yield measure, org, period.code, "", "", group or (UNKNOWN if gift.by else ""), value


def _counted(measure: str, period: Period, runs: list[Run], by_run: dict[int, Book]) -> list[Counted]:
    return gathered([by_run[run.pk] for run in runs], measure, span_of(period))


def _gift(run: Run, measure: str) -> Gift:
    return next(gift for gift in run.rules.gives if gift.measure == measure)


def _zeros(runs: list[Run], gift: Gift, span: Span) -> set[str]:
    """Codes of the orgs of which it is known that nothing is a zero: the schools below, else the org of the run."""
    found = set()
    for run in runs:
        if gift.take in ("planned", "paid") or set(run.rules.who) == {"partner"}:
            found.add(run.org.code)
        elif run.rules.zero:
            open_then = Org.objects.schools().filter(path__startswith=run.org.path).exclude(opened__gt=span.last)
            found |= set(open_then.exclude(closed__lte=span.first).values_list("code", flat=True))
    return found


# --- walking back


def _behind(question: Question) -> list[Counted]:
    runs, found = _runs(), {}
    giving = _gifts(runs).get(question.measure, [])
    by_run = books(giving)
    for code in question.periods or (question.period,):
        speaking = _speaking(giving, Period.parse(code))
        for one in _counted(question.measure, Period.parse(code), speaking, by_run):
            if one.org in question.orgs:
                found[one.thing] = one
    return sorted(found.values(), key=lambda one: (one.org, one.record))


def _lines(question: Question) -> Iterator[Line]:
    day = span_of(Period.parse(question.period)).last
    shown = _behind(question)[: question.limit]
    words = _words(shown, day)
    for one in shown:
        label, note, url = words.get(one.record, ("", "", ""))
        yield Line(label, one.org, one.amount, note, url=url)


def _words(things: list[Counted], day: date) -> dict[tuple[str, int], tuple[str, str, str]]:
    """{record: (label, note, address)}; a person is never named here, their record asks who may see it."""
    ids = defaultdict(list)
    for one in things:
        ids[one.record[0]].append(one.record[1])
    found = {}
    people = Participant.objects.filter(pk__in=ids["participant"]).select_related("run__edition", "org")
    for one in people.prefetch_related("statuses"):
        label = one.get_kind_display() if one.is_person else one.label
        url = reverse("programmes:participant", args=[one.pk])
        found["participant", one.pk] = (str(label), f"{one.run.title} · {_standing(one, day)}".rstrip(" ·"), url)
    for one in Output.objects.filter(pk__in=ids["output"]).select_related("run"):
        found["output", one.pk] = (one.title, one.run.title, reverse("programmes:output", args=[one.pk]))
    for one in Session.objects.filter(pk__in=ids["session"]).select_related("run"):
        found["session", one.pk] = (one.title, one.run.title, reverse("programmes:session", args=[one.pk]))
    for one in Cost.objects.filter(pk__in=ids["cost"]).select_related("run"):
        url = reverse("programmes:run", args=[one.run_id])
        found["cost", one.pk] = (one.what, one.run.title, f"{url}#costs")
    return found


def _standing(participant: Participant, day: date) -> str:
    """The rung it stands on, in words, '' without one."""
    rules = participant.run.rules
    held = rung(rules.ladder, [one for one in participant.statuses.all() if one.stands], day)
    level = rules.level(held.level) if held else None
    return str(level.title) if level else ""


FEEDS = [
    Feed(
        id="programmes",
        reads=("programmes", "orgs"),
        years=_years,
        rows=_rows,
        later=True,
        origins=lambda question: {None: len(_behind(question))},
        behind=_lines,
    )
]
