"""What goes on in the systems that run programmes, for pages that show all systems."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from khet.core.activity import Activity
from khet.core.orgs.queries import office_of
from khet.engines.programmes.queries import runs

SHOWN = 2  # runs of a system, the newest first


def going_on(viewer, org) -> dict[str, list[Activity]]:
    """{system: its newest runs} of the office of an org, as far as the viewer may see them. One query."""
    office = office_of(org)
    if office is None:
        return {}
    here = runs(viewer).filter(org__path__startswith=office.path)
    here = here.annotate(taking_part=Count("participants", filter=Q(participants__left_on__isnull=True), distinct=True))
    found: dict[str, list[Activity]] = {}
    for one in here.order_by("-starts", "-pk"):
        lines = found.setdefault(one.edition.system, [])
        if len(lines) < SHOWN:
            words = _("%(title)s: %(count)s take part") % {"title": one.title, "count": one.taking_part}
            tone = "info" if one.state == one.State.RUNNING else "quiet"
            lines.append(Activity(words, reverse("programmes:run", args=[one.pk]), tone))
    return found
