"""What goes on in the system that the early warning belongs to, for pages that show all systems."""

from django.urls import reverse
from django.utils.translation import gettext as _

from khet.core.activity import Activity
from khet.core.orgs.queries import office_of
from khet.insight.earlywarning.queries import newest, warnings


def going_on(viewer, org) -> dict[str, list[Activity]]:
    """{system: how many of the viewer's pupils are listed}; nothing for who may not open records."""
    run = newest(viewer, office_of(org))
    if run is None:
        return {}
    count = warnings(viewer, run).filter(school__path__startswith=org.path).count()
    words = _("Early warning: %(count)s pupils to talk with first") % {"count": f"{count:,}"}
    return {run.edition.system: [Activity(words, reverse("earlywarning:schools"), "info" if count else "quiet")]}
