"""Words of the trail."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "logbook.written": _("wrote in a logbook"),
    "logbook.changed": _("changed an entry of a logbook"),
    "logbook.withdrawn": _("took an entry out of a logbook"),
}
