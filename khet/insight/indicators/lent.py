"""Numbers lent to the assessments: an indicator or a measure of an org, as far as the viewer may see it."""

from datetime import date

from django.urls import NoReverseMatch, reverse

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.core.ui.formats import with_unit
from khet.engines.assessments.figures import Lent
from khet.facts import disclosure
from khet.facts.queries import summed
from khet.insight.indicators import queries
from khet.kit.periods import Period

SIGNS = {"percent": "%", "per_1000": "‰"}


def lend(viewer, org: Org, which, period: str) -> Lent | None:
    """What an indicator or measure says of an org; of the period asked for, else of the newest before its end."""
    asked = Period.parse(period)
    try:
        found = (
            _indicator(viewer, org, which, asked) if which.indicator else _measure(viewer, org, which.measure, asked)
        )
    except (queries.NotVisible, LookupError):
        return None
    return found


def _indicator(viewer, org: Org, which, asked: Period) -> Lent | None:
    readings = {which.indicator: which.reading} if which.reading else None
    definition = catalogue().get("indicator", which.indicator)
    if definition.period == asked.kind:
        value = queries.value(viewer, which.indicator, org=org, period=asked, readings=readings)
    else:
        line = queries.history(viewer, org=org, indicators=[which.indicator], until=_within(definition.period, asked))
        known = [one for one in line[which.indicator] if one.value is not None]
        value = known[-1] if known else queries.value(viewer, which.indicator, org=org, readings=readings)
    unit = SIGNS.get(value.edition.unit, str(value.edition.unit_word or ""))
    text = with_unit(value.value, unit, value.edition.decimals)
    url = _url(which.indicator, org, value.period)
    return Lent(value.value, str(value.title), value.period.code, value.as_of, url, text)


def _within(kind: str, asked: Period) -> Period:
    """The period of another kind that holds the last day asked about."""
    from khet.kit.periods import period_of

    day: date = asked.end
    return period_of(day, kind)


def _measure(viewer, org: Org, id: str, asked: Period) -> Lent | None:
    measure = catalogue().get("measure", id)
    period = asked if measure.period == asked.kind else _within(measure.period, asked)
    table = summed([id], periods=[period], org=org.code, kinds=(org.kind,))
    rows = [value for code, value in zip(*(table.column(name).to_pylist() for name in ("org", "value")), strict=True)
            if code == org.code]  # fmt: skip
    if not rows:
        return None
    value = rows[0]
    if measure.counts_people and disclosure.is_small(id, value) and not disclosure.may_see_small(viewer, org):
        return None
    return Lent(value, str(measure.title), period.code, None, "", with_unit(value))


def _url(indicator: str, org: Org, period: Period) -> str:
    try:
        return f"{reverse('desk:indicator', args=[indicator])}?org={org.code}&period={period.code}"
    except NoReverseMatch:
        return ""
