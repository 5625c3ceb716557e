"""Actions and notes as the desk lists them."""

from django.utils import timezone

from khet.core.catalogue import catalogue


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
