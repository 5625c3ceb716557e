"""What goes on in the systems that run on cases, for pages that show all systems."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from khet.core.activity import Activity
from khet.core.orgs.queries import office_of
from khet.engines.cases.models import Case


def going_on(viewer, org) -> dict[str, list[Activity]]:
    """{system: its open and overdue cases} at the office of an org, as far as the viewer may see them. One query."""
    office = office_of(org)
    if office is None:
        return {}
    rows = Case.objects.visible_to(viewer).open().filter(office=office).order_by("edition__family")
    rows = rows.values_list("edition__system", "edition__family").annotate(
        n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=timezone.now()))
    )
    found: dict[str, list[Activity]] = {}
    for system, family, n, late in rows:
        words = ngettext("%(count)s open case, %(late)s overdue", "%(count)s open cases, %(late)s overdue", n)
        words %= {"count": n, "late": late}
        url = f"{reverse('cases:inbox')}?kind={family}"
        found.setdefault(system, []).append(Activity(words, url, "missed" if late else "info"))
    return found
