"""A reviewer's sitting: one reason for an hour, each pair that is opened written to the trail with it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.registers.linkage.models import Pair

LASTS = timedelta(hours=1)
SHORTEST, LONGEST = 4, 300
_REASON, _OPEN = "linkage_reason", "linkage_open"


class NotOpened(ValueError):
    """A pair that is not opened; says what is missing."""


def reason_of(session) -> str:
    """The reason of the sitting; empty when none was given, or too long ago."""
    at, reason = session.get(_REASON, ("", ""))
    return reason if at and timezone.now() - datetime.fromisoformat(at) < LASTS else ""


@transaction.atomic
def open_pair(session, pair: Pair, *, by, reason: str = "") -> None:
    """Open a pair's two records, for the reason given or the one of the sitting. Raises NotOpened without one."""
    given = " ".join(reason.split())[:LONGEST]
    if (given and len(given) < SHORTEST) or not (given or reason_of(session)):
        raise NotOpened(_("Say in a few words what you compare these records for."))
    if not can(by, "people.open", pair.org):
        raise NotOpened(_("Your roles do not include this."))
    if given:
        session[_REASON] = [timezone.now().isoformat(), given]
    record("linkage.pair_opened", pair, by=by, org=pair.org, reason=given or reason_of(session))
    session[_OPEN] = [*session.get(_OPEN, [])[-200:], pair.pk]


def is_open(session, pair: Pair) -> bool:
    """Whether the pair was opened in this sitting."""
    return bool(reason_of(session)) and pair.pk in session.get(_OPEN, [])
