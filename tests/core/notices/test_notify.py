"""Notices reach whom they concern, once, in the language of the reader, and leave by the channel he chose."""

from datetime import time

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from khet.core.notices import services
from khet.core.notices.models import Channel, Notice
from khet.core.notices.services import mark_read, notify, send_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """What would have left the machine."""
    out = []
    monkeypatch.setattr(services, "_deliver", lambda address, body: out.append((address, body)) or True)
    return out


def test_each_is_told_once_and_reads_in_his_language(planner, director):
    assert notify([planner, planner, director], topic="cases", words=_("Users"), url="/cases/") == 2
    notice = Notice.objects.of(planner).get()
    with translation.override("en"):
        assert notice.words == "Users"
    with translation.override("th"):
        assert notice.words == "ผู้ใช้"


def test_an_unread_notice_of_the_same_key_is_replaced(planner):
    notify([planner], topic="cases", words="2 overdue", key="overdue")
    notify([planner], topic="cases", words="3 overdue", key="overdue")
    assert [n.words for n in Notice.objects.of(planner)] == ["3 overdue"]
    assert mark_read(planner) == 1
    notify([planner], topic="cases", words="4 overdue", key="overdue")
    assert Notice.objects.of(planner).count() == 2


def test_a_closed_account_is_not_told(planner):
    planner.is_active = False
    assert notify([planner], topic="cases", words="x") == 0


def test_a_digest_leaves_once(planner, sent):
    Channel.objects.create(user=planner, address="mailto://x", when=Channel.When.DAILY)
    notify([planner], topic="cases", words="one")
    notify([planner], topic="cases", words="two")
    assert send_due("at_once") == 0
    assert send_due("daily") == 2
    assert send_due("daily") == 0
    [(address, body)] = sent
    assert address == "mailto://x"
    assert set(body.splitlines()) == {"• one", "• two"}


def test_quiet_hours_and_muted_topics_hold(planner, sent):
    channel = Channel.objects.create(
        user=planner,
        address="mailto://x",
        when="daily",
        quiet_from=time(0),
        quiet_until=time(23, 59, 59),
        muted=["cases"],
    )
    notify([planner], topic="surveys", words="x")
    assert send_due("daily") == 0
    channel.quiet_from = channel.quiet_until = None
    channel.save()
    notify([planner], topic="cases", words="muted")
    assert send_due("daily") == 1
    assert [body for _address, body in sent] == ["• x"]


def test_what_could_not_be_sent_is_tried_again(planner, monkeypatch):
    Channel.objects.create(user=planner, address="nonsense", when="daily")
    notify([planner], topic="cases", words="x")
    assert send_due("daily") == 0
    assert Notice.objects.of(planner).get().sent_at is None
