"""Links of the library looked at once a day; owners hear of those that do not open."""

import time
from collections import defaultdict
from datetime import timedelta
from urllib.parse import urlsplit

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.core.accounts.models import User
from khet.core.notices.services import notify
from khet.engines.assessments import links
from khet.engines.assessments.models import Evidence
from khet.engines.assessments.services.telling import TOPIC

EVERY = timedelta(hours=20)
BATCH = 200  # links of one run
PAUSE = 1.0  # seconds between two requests to the same server
TIMES = 2  # failures in a row before a link counts as dead: servers rest at night
Alive = Evidence.Alive


def watch(*, look=links.look, pause: float = PAUSE) -> str:
    """Look at the links whose turn it is, longest ago first; tell owners of those that died. Says how many."""
    before = timezone.now() - EVERY
    turn = Evidence.objects.links().filter(Q(looked_at=None) | Q(looked_at__lt=before))
    due = list(turn.select_related("org", "by").order_by(F("looked_at").asc(nulls_first=True))[:BATCH])
    last: dict[str, float] = {}
    died = []
    for item in due:
        host = urlsplit(item.url).hostname or ""
        _wait(last.get(host), pause)
        finding = look(item.url)
        last[host] = time.monotonic()
        if _noted(item, finding):
            died.append(item)
    _tell(died)
    return f"{len(due)} links, {len(died)} newly dead"


def _wait(before: float | None, pause: float) -> None:
    if before is not None and (left := pause - (time.monotonic() - before)) > 0:
        time.sleep(left)


def _noted(item: Evidence, finding) -> bool:
    """Keep what was found; True when the link has just died."""
    was, now = item.alive, timezone.now()
    item.looked_at, item.finding = now, finding.code[:60]
    if finding.alive:
        item.alive, item.failures, item.alive_at = Alive.ALIVE, 0, now
    elif finding.state == "refused":
        item.alive, item.failures = Alive.REFUSED, item.failures + 1
    else:
        item.failures += 1
        item.alive = Alive.DEAD if item.failures >= TIMES else Alive.SHAKY
    item.save(update_fields=["looked_at", "finding", "alive", "failures", "alive_at"])
    return item.alive in (Alive.DEAD, Alive.REFUSED) and was != item.alive


def _tell(died: list[Evidence]) -> None:
    """One notice for each person: who added it, and who fills in for the place."""
    by_user: dict[User, int] = defaultdict(int)
    for item in died:
        for user in _owners(item):
            by_user[user] += 1
    url = f"{reverse('assessments:library')}?show=dead"
    words = _("Links of evidence no longer open. Mend them before they are looked at from outside.")
    notify(by_user, topic=TOPIC, words=words, url=url, key="links-dead")


def _owners(item: Evidence) -> set[User]:
    near = User.objects.people().filter(is_active=True, roles__org=item.org).distinct().prefetch_related("roles__org")
    return {item.by, *(user for user in near if any("assess.fill" in grant.permissions for grant in user.grants))}
