"""What goes on in the systems that ask people, for pages that show all systems."""

from django.urls import reverse
from django.utils.translation import gettext as _

from khet.core.activity import Activity
from khet.core.orgs.queries import office_of
from khet.engines.surveys.queries import rounds

SHOWN = 2  # rounds of a system, the newest first


def going_on(viewer, org) -> dict[str, list[Activity]]:
    """{system: its newest rounds} of the office of an org, as far as the viewer may see them. One query."""
    office = office_of(org)
    if office is None:
        return {}
    found: dict[str, list[Activity]] = {}
    for one in rounds(viewer).filter(org__path__startswith=office.path, discarded=False).order_by("-opens", "-pk"):
        if one.edition is None or len(found.get(one.edition.system, ())) >= SHOWN:
            continue
        words = _("%(title)s: %(answered)s answers") % {"title": one.title, "answered": one.answered}
        tone = {"open": "info", "closed": "met"}.get(one.state, "quiet")
        found.setdefault(one.edition.system, []).append(Activity(words, reverse("surveys:round", args=[one.ref]), tone))
    return found
