"""That a system has a list of pupils who fell behind, for pages that show all systems."""

from django.urls import reverse
from django.utils import timezone

from khet.core.accounts.access import can
from khet.core.activity import Activity
from khet.web.behind.queries import definition


def going_on(viewer, org) -> dict[str, list[Activity]]:
    """{system: the way to its list}, for who may open records of pupils at the org. No query of results."""
    rules = definition(timezone.localdate())
    if rules is None or not can(viewer, "people.open", org):
        return {}
    return {rules.system: [Activity(str(rules.title), reverse("behind:places"), "info")]}
