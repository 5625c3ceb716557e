"""Actions and notes as the desk lists them."""

from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.plan import queries as plans


def my_actions(viewer):
    """Open actions of the viewer, the earliest due first."""
    return named(plans.actions(viewer).open().of(viewer))


def overdue(viewer, org=None):
    return named(plans.actions(viewer, org=org).overdue())


def titled(rows) -> list:
    """Notes or actions with the title of their indicator as `indicator_title`."""
    known = catalogue()
    found = list(rows)
    for one in found:
        definition = known.find("indicator", one.indicator)
        one.indicator_title = str(definition.title) if definition else one.indicator
    return found


def named(actions) -> list:
    """The actions with the title of their indicator, and how many `days_late` they are."""
    found = titled(actions)
    for action in found:
        action.days_late = (timezone.localdate() - action.due).days
    return found
