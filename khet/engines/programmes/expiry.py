"""Statuses that run out: who is told, how long before, and the facts that move when a day has passed."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from khet.core.accounts.models import RoleGrant, User
from khet.core.catalogue import catalogue
from khet.core.notices.services import notify
from khet.engines.programmes.counting import Held, rung
from khet.engines.programmes.marking import touch_from
from khet.engines.programmes.models import Run, Status
from khet.engines.programmes.rights import RUN

AHEAD = timedelta(days=90)


def look_round(today: date | None = None) -> str:
    """Tell who runs a programme, and the school itself, of statuses that run out; how many in words of the trail."""
    today = today or timezone.localdate()
    with transaction.atomic():
        told = remind(today)
        gone = Status.objects.filter(
            withdrawn_at__isnull=True, valid_until__gte=today - timedelta(days=8), valid_until__lt=today
        )
        if gone.exists():  # numbers of a running period are those of today
            touch_from(gone.order_by("valid_until").first().valid_until)
    return f"{told} reminded"


def expiring(runs: Iterable[Run], today: date, ahead: timedelta = AHEAD) -> list[Status]:
    """Statuses that count today, run out within a time and have no longer one behind them, the nearest first."""
    rows = Status.objects.filter(
        participant__run__in=[run.pk for run in runs], participant__left_on__isnull=True, withdrawn_at__isnull=True,
        valid_until__gte=today, valid_until__lte=today + ahead,
    ).select_related("participant__run__edition", "participant__org", "participant__person")  # fmt: skip
    held = defaultdict(list)
    standing = Status.objects.filter(participant__in=rows.values("participant"), withdrawn_at__isnull=True)
    for one in standing:
        held[one.participant_id].append(Held(one.level, one.judged_on, one.valid_until, one.pk))
    found = []
    for one in rows.order_by("valid_until", "pk"):
        ladder, statuses = one.participant.run.rules.ladder, held[one.participant_id]
        after = rung(ladder, statuses, one.valid_until + timedelta(days=1))
        if ladder and (after is None or ladder.rank(after.level) < ladder.rank(one.level)):
            found.append(one)
    return found


def remind(today: date) -> int:
    """One notice a run and reader; each status is told of once. How many statuses were told of."""
    runs = list(Run.objects.filter(state=Run.State.RUNNING).select_related("edition", "org"))
    by_run: dict[int, list[Status]] = defaultdict(list)
    for status in expiring(runs, today):
        if status.reminded_on is None:
            by_run[status.participant.run_id].append(status)
    for run in runs:
        if by_run[run.pk]:
            _tell(run, by_run[run.pk], today)
    return sum(map(len, by_run.values()))


def _tell(run: Run, statuses: list[Status], today: date) -> None:
    url = reverse("programmes:run", args=[run.pk])
    words = format_lazy("{}: {}", run.title, _("statuses run out within 90 days"))
    notify(_holders(run.org.path), topic="programmes", words=words, url=url, key=f"programme-{run.pk}")
    for path in {one.participant.org.path for one in statuses if one.participant.org_id != run.org_id}:
        words = format_lazy("{}: {}", run.title, _("your school's status runs out within 90 days"))
        notify(_holders(path), topic="programmes", words=words, url=url, key=f"programme-{run.pk}")
    Status.objects.filter(pk__in=[one.pk for one in statuses]).update(reminded_on=today)


def _holders(path: str) -> list[User]:
    """Users who run programmes at the very org of a path."""
    roles = [role.id for role in catalogue().all("role") if RUN in role.permissions]
    grants = RoleGrant.objects.in_force().filter(role__in=roles, org__path=path).select_related("user")
    return list({grant.user_id: grant.user for grant in grants}.values())


def days_left(status: Status, today: date | None = None) -> int | None:
    """How many days a status is still valid; None for one that does not run out."""
    if status.valid_until is None:
        return None
    return (status.valid_until - (today or timezone.localdate())).days
