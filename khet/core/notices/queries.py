"""Reading notices: everyone sees his own and nobody else's."""

from khet.core.notices.models import Channel, Notice


def notices_of(user):
    """The user's notices, newest first."""
    return Notice.objects.of(user)


def unread(user) -> int:
    """How many the user has not read yet."""
    return Notice.objects.of(user).unread().count()


def channel_of(user) -> Channel:
    """How the user hears of notices; not kept yet when nothing was chosen."""
    return Channel.objects.filter(user=user).first() or Channel(user=user)
