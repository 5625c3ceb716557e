"""Opening the list of a school for a reason, and putting pupils of it into a group."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.orgs.models import Org
from khet.engines.programmes import services as programmes
from khet.engines.programmes.models import Participant, Run
from khet.engines.programmes.rights import ProgrammeError
from khet.engines.programmes.services.joining import Entrant
from khet.web.behind.queries import Row

OPEN_FOR = timedelta(minutes=30)
SHORTEST_REASON = 4  # letters; "-" is no reason
_SESSION = "opened_behind"


class NotOpened(ValueError):
    """A list that is not opened; says what is missing."""


def open_list(session, school: Org, reason: str, *, by) -> None:
    """Open a school's list for half an hour; the trail notes who and what for. Raises NotOpened without a reason."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise NotOpened(_("Say in a few words what you open the list for."))
    record("behind.opened", school, by=by, org=school, reason=reason)
    opened = {code: at for code, at in session.get(_SESSION, {}).items() if _fresh(at)}
    session[_SESSION] = opened | {school.code: timezone.now().isoformat()}


def is_open(session, school: Org) -> bool:
    return _fresh(session.get(_SESSION, {}).get(school.code, ""))


@transaction.atomic
def put_into(run: Run, school: Org, rows: Iterable[Row], answers: dict, *, by) -> list[Participant]:
    """Pupils of the list into a group from today; who is in it already stays as they are. Raises ProgrammeError."""
    rows = list(rows)
    if not rows:
        raise ProgrammeError(_("Choose at least one pupil."))
    inside = set(run.participants.taking_part().filter(org=school).values_list("person_id", flat=True))
    wanted = [row.person for row in rows if row.person.pk not in inside]
    if not wanted:
        raise ProgrammeError(_("All of them are in this group already."))
    today = timezone.localdate()
    return programmes.join_many(run, [Entrant("pupil", school, today, one, answers=answers) for one in wanted], by=by)


def _fresh(moment: str) -> bool:
    at = parse_datetime(moment) if moment else None
    return at is not None and timezone.now() - at < OPEN_FOR
