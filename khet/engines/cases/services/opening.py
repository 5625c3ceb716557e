"""Opening a case: a reason once, remembered for the session, and an entry in the trail for each opening."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case

OPEN_FOR = timedelta(hours=8)
_SESSION = "opened_cases"


def open_case(session, case: Case, reason: str, *, by) -> None:
    """Open a case for a working day, for a reason that goes to the trail. Raises CaseError without one."""
    reason = " ".join(reason.split())
    if len(reason) < 4:
        raise CaseError(_("Say in a few words what you need the case for."))
    record("case.opened", case, by=by, org=case.org, reason=reason)
    opened = {key: value for key, value in session.get(_SESSION, {}).items() if _fresh(value[0])}
    opened[str(case.ref)] = [timezone.now().isoformat(), reason[:300]]
    session[_SESSION] = opened


def opened_because(session, ref) -> str | None:
    """The reason under which a case is open in this session; None when it is not, or no longer."""
    found = session.get(_SESSION, {}).get(str(ref))
    return found[1] if found and _fresh(found[0]) else None


def _fresh(moment: str) -> bool:
    return timezone.now() - datetime.fromisoformat(moment) < OPEN_FOR
