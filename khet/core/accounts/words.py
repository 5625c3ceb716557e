"""What each permission word means, and what a browser calls itself, for people."""

import re

from django.utils.translation import gettext_lazy as _

# word → what the holder may do, in the order of pages
PERMISSIONS = {
    "plan.read": _("Read the plan and its indicators"),
    "plan.write": _("Change the plan, its targets and owners"),
    "notes.write": _("Write notes and actions"),
    "intake.write": _("Load files"),
    "figures.write": _("Enter figures"),
    "assess.fill": _("Fill in assessments of the own place"),
    "assess.review": _("Review assessments"),
    "assess.manage": _("Run rounds of assessment"),
    "assess.persons": _("See assessments of persons"),
    "surveys.read": _("See results of surveys"),
    "surveys.run": _("Open and close surveys"),
    "programmes.run": _("Run programmes: participants, statuses, sessions, reviews"),
    "programmes.take_part": _("Enter own outputs in programmes"),
    "cases.take_part": _("Take part in cases, as the kind of case allows"),
    "absences.write": _("Call the roll of a class"),
    "people.list": _("See lists of pupils and staff"),
    "people.open": _("Open a person's record"),
    "people.sensitive": _("See sensitive fields of a record"),
    "users.manage": _("Manage users and roles"),
    "orgs.manage": _("Manage schools and clusters"),
    "audit.read": _("Read the audit trail"),
    "catalogue.write": _("Change the office's catalogue"),
    "public": _("See public pages"),
}

# The first that fits names it: each browser also claims to be those further down.
_BROWSERS = [
    ("Edge", r"Edg\w*/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("LINE", r"\bLine/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
]
_SYSTEMS = [
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
]


def browser_words(agent: str) -> str:
    """ "Chrome · Windows" from what a browser sends about itself; its own first words where none is known."""
    found = [next((name for name, mark in kinds if re.search(mark, agent)), "") for kinds in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or agent[:40] or "–"
