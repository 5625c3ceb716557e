"""Notices of this room. They name rounds, never a person, and nobody is told who has answered."""

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from khet.core.accounts.models import User
from khet.core.notices.services import notify
from khet.engines.surveys.models import Access, Round

TOPIC = "surveys"


def tell_staff(round: Round) -> int:
    """Tell the staff of the place that a survey waits for them; how many were told. Reminders go to all again."""
    if round.access != Access.STAFF:
        return 0
    staff = User.objects.people().filter(is_active=True, org__path__startswith=round.org.path)
    words = format_lazy(_("A survey waits for your answer: {title}"), title=_title(round))
    url = reverse("answer:form", args=[round.token])
    return notify(staff, topic=TOPIC, words=words, url=url, key=f"survey-{round.ref}-open")


def tell_closed(round: Round) -> int:
    """Tell who opened a round that it has closed by itself."""
    words = format_lazy(_("A survey has closed; its results can be seen: {title}"), title=_title(round))
    url = reverse("surveys:round", args=[round.ref])
    return notify([round.opened_by], topic=TOPIC, words=words, url=url, key=f"survey-{round.ref}-closed")


def _title(round: Round):
    """The title in the language of whoever reads."""
    return lazy(lambda: round.title, str)()
