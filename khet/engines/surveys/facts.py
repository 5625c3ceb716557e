"""Outlet of the surveys: what closed rounds feed to measures. Counts and sums only, never one answer."""

from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse

from khet.core.catalogue import catalogue
from khet.engines.surveys import queries
from khet.engines.surveys.definition.files import form_of
from khet.engines.surveys.definition.form import FormFault
from khet.engines.surveys.gives import Taken, taken
from khet.engines.surveys.models import Round
from khet.kit.feeds import UNKNOWN, Feed, Line, Question, table
from khet.kit.periods import Period, period_of


def _counted():
    return [round for round in Round.objects.counted().select_related("org") if round.edition]


def _places(round: Round) -> Iterator[tuple[str, Period]]:
    """(measure, period) of all a round feeds: the period of the measure's kind in which its last day lies."""
    for one in round.edition.gives:
        measure = catalogue().find("measure", one.measure)
        if measure and (not one.at or round.org.kind in one.at):
            yield one.measure, period_of(round.closes, measure.period)


def _years() -> list[int]:
    return sorted({period.academic_year for round in _counted() for _, period in _places(round)})


def _together(year: int) -> dict[tuple, list[Round]]:
    """{(org, period, edition, measure): rounds}: rounds of one edition are counted together, so that scores add up."""
    found = defaultdict(list)
    for round in _counted():
        for measure, period in _places(round):
            if period.academic_year == year:
                found[round.org.code, period.code, round.survey, measure].append(round)
    return found


def _rows(year: int):
    facts: dict[tuple, float] = {}
    for (org, period, edition, measure), rounds in sorted(_together(year).items()):
        for one in values(edition, rounds):
            if one.gives.measure == measure and one.value is not None:
                place = (measure, org, period, "", "", UNKNOWN if one.group is None else one.group)
                # Sums of two editions add up; of two scores the one of the later edition stands
                is_sum = one.gives.take != "score"
                facts[place] = one.value + (facts.get(place, 0) if is_sum else 0)
    return table([(*place, value) for place, value in facts.items()])


def values(edition: str, rounds: list[Round]) -> list[Taken]:
    """What some rounds of an edition feed; nothing while its form cannot be read."""
    survey = catalogue().find("survey", edition)
    try:
        form = form_of(survey)
    except FormFault:
        return []
    sizes: dict[str, int] = defaultdict(int)
    for round in rounds:
        for group, size in queries.sizes(round).items():
            sizes[group] += size
    return taken(survey, form, [queries.ballots([round]) for round in rounds], dict(sizes))


def _behind(question: Question) -> Iterator[Round]:
    for round in _counted():
        if round.org.code in question.orgs and (question.measure, question.period) in {
            (measure, period.code) for measure, period in _places(round)
        }:
            yield round


def _lines(question: Question):
    for round in list(_behind(question))[: question.limit]:
        enough = round.answered >= round.edition.small
        answered = float(round.answered) if enough else None
        page = reverse("surveys:round", args=[round.ref])
        yield Line(round.title, round.org.code, answered, str(round.edition.title), url=page)


FEEDS = [
    Feed(
        id="surveys",
        reads=("surveys",),
        years=_years,
        rows=_rows,
        behind=_lines,
    )
]
