"""Reasons and gains in words."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from khet.core.catalogue import catalogue
from khet.web.behind.queries import Group, Row
from khet.web.behind.signs import Average, Gain, Reason


def said(row: Row) -> tuple[list[str], list[tuple[Group, str]]]:
    """(why a pupil is on the list, each group with what the results say since)."""
    return [reason(one) for one in row.reasons], [(one, gained(one.gain)) for one in row.groups]


def reason(one: Reason) -> str:
    """One reason: “0: Mathematics, Science”, “Average fell: 3.00 (1/2567) → 1.75 (2/2567)”."""
    if one.before and one.after:
        return f"{one.sign.title}: {_average(one.before)} → {_average(one.after)}"
    return f"{one.sign.title}: {', '.join(one.subjects)}"


def gained(one: Gain | None) -> str:
    """The averages before joining and since, with the learning area they are of; "" when nothing is known of before."""
    if one is None:
        return ""
    value = catalogue().get("codes", "learning_areas").value(one.area) if one.area else None
    whose = str(value.title) if value else _("All subjects")
    after = _average(one.after) if one.after else _("no result since")
    return f"{whose}: {_average(one.before)} → {after}"


def _average(one: Average) -> str:
    return f"{one.points:.2f} ({one.term.label((get_language() or 'th')[:2], short=True)})"
