"""What goes on in the systems that are judged, for pages that show all systems."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from khet.core.activity import Activity
from khet.core.orgs.queries import office_of
from khet.engines.assessments.models import Round

SHOWN = 2  # rounds of a system, the newest first


def going_on(viewer, org) -> dict[str, list[Activity]]:
    """{system: its newest rounds} of the office of an org, as far as the viewer may see them. One query."""
    office = office_of(org)
    if office is None:
        return {}
    rounds = Round.objects.visible_to(viewer).filter(org__path__startswith=office.path).select_related("edition")
    found: dict[str, list[Activity]] = {}
    for one in rounds.annotate(places=Count("assessments")).order_by("-period", "-pk"):
        lines = found.setdefault(one.framework.system, [])
        if len(lines) < SHOWN:
            lines.append(_line(one))
    return found


def _line(one: Round) -> Activity:
    words = _("%(title)s: %(state)s, %(places)s assessed") % {
        "title": one.title, "state": one.get_state_display(), "places": one.places,
    }  # fmt: skip
    tone = "missed" if one.is_late else {"locked": "met", "open": "info"}.get(one.state, "quiet")
    return Activity(words, reverse("assessments:round", args=[one.pk]), tone)
