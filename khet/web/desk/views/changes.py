"""What changed since the viewer's last visit, or since a day."""

from datetime import datetime, time

from django.shortcuts import render
from django.utils import timezone

from khet.core.accounts.access import reads, requires
from khet.core.ui.place import current_office
from khet.web.desk.queries import changes as queries

DAYS = (7, 30, 90)


@requires("plan.read")
@reads
def overview(request):
    """Loads, moved indicators, notes and actions since then."""
    moment, days = _moment(request)
    office = current_office(request)
    page = {
        "since": moment,
        "days": days,
        "choices": DAYS,
        "news": queries.news(request.user, moment),
        "moves": queries.moves(request.user, office, moment),
    }
    return render(request, "desk/changes.html", page)


def _moment(request):
    asked = request.GET.get("days", "")
    if asked.isdigit() and int(asked) in DAYS:
        day = timezone.localdate() - timezone.timedelta(days=int(asked))
        return timezone.make_aware(datetime.combine(day, time.min)), int(asked)
    return queries.since(request.user), None
