"""Reminders: who may open a school's pupils hears, without a name, that some of the list wait to be met."""

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from khet.core.accounts.models import User, system_user
from khet.core.notices.services import notify
from khet.insight.earlywarning import queries
from khet.insight.earlywarning.models import WarningRun

TOPIC = "earlywarning"
AGAIN = 7  # days between two reminders of one list


def remind_due() -> int:
    """The daily job: pupils of each office's newest list whom nobody has met in time; how many people were told."""
    told, seen = 0, set()
    for run in WarningRun.objects.filter(state=WarningRun.State.DONE).order_by(F("pk").desc()).select_related("org"):
        if run.org_id in seen:
            continue
        seen.add(run.org_id)
        late = (timezone.now() - run.finished_at).days - run.edition.remind_after_days
        if late >= 0 and late % AGAIN == 0:
            told += _remind(run)
    return told


def _remind(run: WarningRun) -> int:
    waiting = [row for row in queries.schools(system_user(), run) if row.waiting]
    return sum(_tell(run, row.school, row.waiting) for row in waiting)


def _tell(run: WarningRun, school, count: int) -> int:
    near = User.objects.people().filter(is_active=True, roles__org=school).distinct().prefetch_related("roles__org")
    users = [user for user in near if any("people.open" in grant.permissions for grant in user.grants)]
    words = format_lazy(gettext_lazy("Early warning: {count} pupils wait to be met"), count=count)
    url = reverse("earlywarning:school", args=[school.code])
    return notify(users, topic=TOPIC, words=words, url=url, key=f"warning-{run.org_id}-{school.pk}")
