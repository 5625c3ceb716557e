"""Telling users, and sending what they want to hear outside the app."""

import logging
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone, translation

from khet.core.notices.models import Channel, Notice

log = logging.getLogger(__name__)


@transaction.atomic
def notify(users: Iterable, *, topic: str, words, url: str = "", key: str = "", urgent: bool = False) -> int:
    """Tell each user once; how many were told.

    words   lazy text without the name of any person: it travels by e-mail and LINE, and stands on a screen others see
    key     an unread notice with the same key is replaced, not joined
    """
    both = {}
    for language in ("th", "en"):
        with translation.override(language):
            both[f"words_{language}"] = str(words)[:300]
    users = {user.pk: user for user in users if user.is_active and not user.is_system}
    if key:
        Notice.objects.filter(user__in=users, key=key, read_at__isnull=True).delete()
    Notice.objects.bulk_create(
        Notice(user=user, topic=topic, key=key, url=url, urgent=urgent, **both) for user in users.values()
    )
    return len(users)


@transaction.atomic
def mark_read(user, notices=None) -> int:
    """Mark notices (all of the user's when none are named) as read; how many were unread."""
    mine = Notice.objects.of(user).unread()
    if notices is not None:
        mine = mine.filter(pk__in=[notice.pk for notice in notices])
    return mine.update(read_at=timezone.now())


def send_due(when: str) -> int:
    """Send to the channels that want to hear `at_once` or `daily` what waits for them; how many notices left."""
    channels = Channel.objects.filter(when=when, address__isnull=False, user__is_active=True)
    return sum(_send_to(channel) for channel in channels.select_related("user"))


def _send_to(channel: Channel) -> int:
    if not channel.address or _is_quiet(channel):
        return 0
    waiting = Notice.objects.of(channel.user).unread().filter(sent_at__isnull=True).exclude(topic__in=channel.muted)
    notices = list(waiting[:50])
    if not notices:
        return 0
    with translation.override(channel.user.language or None):
        body = "\n".join(f"• {notice.words}" for notice in notices)
    if not _deliver(channel.address, body):
        return 0
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=timezone.now())
    return len(notices)


def _deliver(address: str, body: str) -> bool:
    """True when it left. A channel that fails is tried again with the next round; its address is never logged."""
    import apprise

    sender = apprise.Apprise()
    if not sender.add(address):
        return False
    try:
        return bool(sender.notify(title="Khet", body=body))
    except Exception as error:
        log.warning("a notice could not be sent: %s", type(error).__name__)
        return False


def _is_quiet(channel: Channel) -> bool:
    first, last = channel.quiet_from, channel.quiet_until
    if first is None or last is None:
        return False
    now = timezone.localtime().time()
    return first <= now < last if first <= last else now >= first or now < last
