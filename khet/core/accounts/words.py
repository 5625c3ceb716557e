"""What each permission word means, for people."""

from django.utils.translation import gettext_lazy as _

# word → what the holder may do, in the order of pages
PERMISSIONS = {
    "plan.read": _("Read the plan and its indicators"),
    "plan.write": _("Change the plan, its targets and owners"),
    "notes.write": _("Write notes and actions"),
    "intake.write": _("Load files"),
    "figures.write": _("Enter figures"),
    "programmes.run": _("Run programmes: participants, statuses, sessions, reviews"),
    "programmes.take_part": _("Enter own outputs in programmes"),
    "people.list": _("See lists of pupils and staff"),
    "people.open": _("Open a person's record"),
    "people.sensitive": _("See sensitive fields of a record"),
    "users.manage": _("Manage users and roles"),
    "orgs.manage": _("Manage schools and clusters"),
    "audit.read": _("Read the audit trail"),
    "catalogue.write": _("Change the office's catalogue"),
    "public": _("See public pages"),
}
