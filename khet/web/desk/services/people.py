"""Opening records of persons: asked for a reason, remembered for a while, and written to the trail each time."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record

OPEN_FOR = timedelta(minutes=30)
LONGEST_REASON = 300
SHORTEST_REASON = 4  # letters; "-" or "ดู" is no reason
PLAIN, SENSITIVE = "plain", "sensitive"
_SESSION = "opened_people"


class NotOpened(ValueError):
    """A record that is not opened; says what is missing."""


def may_open(viewer, person, level: str = PLAIN) -> bool:
    """True when a role lets the viewer open the record, or its sensitive part, where the person is."""
    permission = "people.sensitive" if level == SENSITIVE else "people.open"
    return type(person).objects.visible_to(viewer, permission).filter(pk=person.pk).exists()


@transaction.atomic
def open_person(session, person, reason: str, *, by, level: str = PLAIN) -> None:
    """Open a record for half an hour, for a reason that goes to the trail. Raises NotOpened without one."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise NotOpened(_("Say in a few words what you need the record for."))
    if not may_open(by, person, level):
        raise NotOpened(_("Your roles do not include this."))
    kind = person._meta.model_name  # a person of the registers, or a resident of the civil-registration list
    record(
        f"{kind}.sensitive_shown" if level == SENSITIVE else f"{kind}.opened",
        person,
        by=by,
        org=person.org,
        reason=reason[:LONGEST_REASON],
    )
    opened = {key: value for key, value in session.get(_SESSION, {}).items() if _fresh(value[0])}
    opened[_key(person, level)] = [timezone.now().isoformat(), reason[:LONGEST_REASON]]
    session[_SESSION] = opened


def opened_because(session, person, level: str = PLAIN) -> str | None:
    """The reason under which a record is open in this session; None when it is not, or no longer."""
    found = session.get(_SESSION, {}).get(_key(person, level))
    return found[1] if found and _fresh(found[0]) else None


@transaction.atomic
def reveal_identifier(session, person, *, by) -> list[tuple[str, str, object]]:
    """(kind, number, until) of every identifier in force, in full; each showing is one entry of the trail.

    raises  NotOpened unless the record is open in this session and the viewer's role includes it here
    """
    reason = opened_because(session, person)
    if reason is None or not may_open(by, person):
        raise NotOpened(_("Open the record first."))
    record("person.identifier_shown", person, by=by, org=person.org, reason=reason)
    return [(one.get_kind_display(), one.value, one.until) for one in person.identifiers.filter(until__isnull=True)]


def may_see_trail(viewer, person) -> bool:
    """True for who reads the trail where the person is, and for who may open the record."""
    return may_open(viewer, person) or bool(person.org and can(viewer, "audit.read", person.org))


def _key(person, level: str) -> str:
    return f"{person.ref}:{level}"


def _fresh(moment: str) -> bool:
    return timezone.now() - datetime.fromisoformat(moment) < OPEN_FOR
