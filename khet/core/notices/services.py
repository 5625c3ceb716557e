"""Telling users, and sending what they want to hear outside the app."""

import logging
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation

from khet.core.audit.services import record
from khet.core.notices.models import Channel, Notice

log = logging.getLogger(__name__)
AT_ONCE = 50  # notices in one message


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
def withdraw(users: Iterable, *, key: str) -> int:
    """Take notices back whose key begins so, read or not, before they leave with a digest; how many."""
    return Notice.objects.filter(user__in=[user.pk for user in users], key__startswith=key).delete()[0]


@transaction.atomic
def mark_read(user, pk: int | None = None) -> int:
    """Mark a notice of the user (all of them when none is named) as read; how many were unread."""
    mine = Notice.objects.of(user).unread()
    return (mine if pk is None else mine.filter(pk=pk)).update(read_at=timezone.now())


@transaction.atomic
def choose_channel(user, **choices) -> Channel:
    """Keep how the user wants to hear of notices."""
    channel, _created = Channel.objects.update_or_create(user=user, defaults=choices)
    record("notices.channel_chosen", channel, by=user, after={"by": channel.by, "when": channel.when})
    return channel


def ways() -> list[str]:
    """The ways by which this installation can send: `email` and `line`, as far as they are set up."""
    return [*(["email"] if settings.KHET_SENDS_MAIL else []), *(["line"] if settings.KHET_LINE_TOKEN else [])]


def send_due(when: str) -> int:
    """Send to those who want to hear `at_once` or `daily` what waits for them; how many notices left."""
    channels = Channel.objects.filter(when=when, by__in=ways(), user__is_active=True)
    return sum(_send_to(channel) for channel in channels.select_related("user"))


def _send_to(channel: Channel) -> int:
    if _is_quiet(channel):
        return 0
    waiting = Notice.objects.of(channel.user).unread().filter(sent_at__isnull=True).exclude(topic__in=channel.muted)
    notices = list(waiting[:AT_ONCE])
    if not notices:
        return 0
    with translation.override(channel.user.language or None):
        body = "\n".join(f"• {notice.words}" for notice in notices)
    if not _deliver(channel, body):
        return 0
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=timezone.now())
    return len(notices)


def _deliver(channel: Channel, body: str) -> bool:
    """True when it left. What fails is tried again with the next round; addresses are never logged."""
    try:
        if channel.by == Channel.By.EMAIL:
            return bool(channel.user.email) and bool(send_mail("Khet", body, None, [channel.user.email]))
        return bool(channel.line_id) and _by_line(channel.line_id, body)
    except Exception as error:
        log.warning("a notice could not be sent: %s", type(error).__name__)
        return False


def _by_line(line_id: str, body: str) -> bool:
    import apprise

    sender = apprise.Apprise()
    return sender.add(f"line://{settings.KHET_LINE_TOKEN}/{line_id}") and bool(sender.notify(title="Khet", body=body))


def _is_quiet(channel: Channel) -> bool:
    first, last = channel.quiet_from, channel.quiet_until
    if first is None or last is None:
        return False
    now = timezone.localtime().time()
    return first <= now < last if first <= last else now >= first or now < last
