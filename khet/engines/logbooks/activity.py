"""What the logbooks of a school or of all schools of an office say, for pages that show all systems."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.activity import Activity
from khet.engines.logbooks.queries import books, rows


def going_on(viewer, org) -> dict[str, list[Activity]]:
    """{system: its books at the org and below}, one query."""
    here = rows(viewer).filter(org__path__startswith=org.path).order_by().values("edition__family")
    late = Count("pk", filter=Q(due__lt=timezone.localdate()))
    counts = {line["edition__family"]: line for line in here.annotate(n=Count("pk"), late=late)}
    found: dict[str, list[Activity]] = {}
    for book in books():
        if line := counts.get(book.family):
            url = reverse("logbooks:book", args=[book.family, org.code]) if org.is_school else reverse("logbooks:list")
            words = _("%(title)s: entries %(count)s") % {"title": book.title, "count": line["n"]}
            found.setdefault(book.system, []).append(Activity(words, url, "info"))
    return found
