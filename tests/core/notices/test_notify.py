"""Notices reach whom they concern, once, in the language of the reader, and leave by the channel he chose."""

from datetime import time

import pytest
from django.core import mail
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from khet.core.notices import services
from khet.core.notices.models import Channel, Notice
from khet.core.notices.services import mark_read, notify, send_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def post(settings):
    """A mail server of our own; nothing leaves the process."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.KHET_SENDS_MAIL = True


@pytest.fixture
def reader(planner):
    """A planner who hears of notices by e-mail, once a day."""
    planner.email = "planner@office.example"
    planner.save()
    Channel.objects.create(user=planner, by="email")
    return planner


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


def test_a_digest_leaves_once(reader):
    notify([reader], topic="cases", words="one")
    notify([reader], topic="cases", words="two")
    assert send_due("at_once") == 0
    assert send_due("daily") == 2
    assert send_due("daily") == 0
    [message] = mail.outbox
    assert message.to == ["planner@office.example"]
    assert set(message.body.splitlines()) == {"• one", "• two"}


def test_quiet_hours_and_muted_topics_hold(reader):
    reader.channel.quiet_from, reader.channel.quiet_until, reader.channel.muted = time(0), time(23, 59, 59), ["cases"]
    reader.channel.save()
    notify([reader], topic="surveys", words="x")
    assert send_due("daily") == 0
    reader.channel.quiet_from = reader.channel.quiet_until = None
    reader.channel.save()
    notify([reader], topic="cases", words="muted")
    assert send_due("daily") == 1
    assert [message.body for message in mail.outbox] == ["• x"]


def test_what_could_not_be_sent_is_tried_again_and_no_address_is_logged(reader, monkeypatch, caplog):
    def broken(*arguments):
        raise OSError("planner@office.example refused")

    monkeypatch.setattr(services, "send_mail", broken)
    notify([reader], topic="cases", words="x")
    assert send_due("daily") == 0
    assert Notice.objects.of(reader).get().sent_at is None
    assert "office.example" not in caplog.text


def test_without_a_mail_server_nothing_is_tried(reader, settings):
    settings.KHET_SENDS_MAIL = False
    notify([reader], topic="cases", words="x")
    assert send_due("daily") == 0
    assert mail.outbox == []


def test_a_line_message_carries_the_words_alone(planner, settings, monkeypatch):
    settings.KHET_LINE_TOKEN = "t"
    sent = []
    monkeypatch.setattr(services, "_by_line", lambda line_id, body: sent.append((line_id, body)) or True)
    Channel.objects.create(user=planner, by="line", line_id="U" + "0" * 32)
    notify([planner], topic="cases", words="3 overdue", url="/cases/7/")
    assert send_due("daily") == 1
    assert sent == [("U" + "0" * 32, "• 3 overdue")]
