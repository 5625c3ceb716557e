"""Links: only public addresses are asked, also after a redirect and whatever the name server says; owners are told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from khet.core.notices.models import Notice
from khet.engines.assessments.links import Finding, look
from khet.engines.assessments.models import Evidence
from khet.engines.assessments.services.watching import watch

PUBLIC = "93.184.216.34"


def asked(url, *, hosts=None, answers=None):
    """look() on a made-up network: {host: [addresses]}, {url: (status, location)}; and what was connected to."""
    connected = []

    def resolve(host, port):
        return (hosts or {}).get(host, [PUBLIC])

    def connect(parts, address):
        connected.append((parts.geturl(), address))
        return (answers or {}).get(parts.geturl(), (200, ""))

    return look(url, resolve=resolve, connect=connect), connected


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.5", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1",
     "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "224.0.0.1", "255.255.255.255",
     "2002:7f00:1::", "64:ff9b:1::7f00:1", "64:ff9b::7f00:1"],
)  # fmt: skip
def test_an_address_inside_is_never_asked(address):
    finding, connected = asked("https://inside.example.org/x", hosts={"inside.example.org": [address]})
    assert finding == Finding("refused", "private")
    assert connected == []


def test_one_inner_address_among_public_ones_is_enough_to_refuse():
    finding, connected = asked("https://mixed.example.org/", hosts={"mixed.example.org": [PUBLIC, "10.0.0.1"]})
    assert finding.state == "refused" and connected == []


def test_a_redirect_inside_is_not_followed():
    answers = {"https://a.example.org/": (302, "http://b.example.org/secret")}
    finding, connected = asked("https://a.example.org/", hosts={"b.example.org": ["127.0.0.1"]}, answers=answers)
    assert finding == Finding("refused", "private")
    assert [url for url, _address in connected] == ["https://a.example.org/"]


def test_the_connection_goes_to_the_address_that_was_looked_at():
    _finding, connected = asked("https://a.example.org/")
    assert connected == [("https://a.example.org/", PUBLIC)]


@pytest.mark.parametrize(
    ("url", "code"),
    [("ftp://a.example.org/", "scheme"), ("file:///etc/passwd", "scheme"), ("http://a.example.org:22/", "port"),
     ("https://user:pw@a.example.org/", "credentials"), ("http://a.example.org:99999/", "address"),
     ("javascript:alert(1)", "scheme")],
)  # fmt: skip
def test_other_kinds_of_address_are_refused(url, code):
    assert asked(url)[0] == Finding("refused", code)


def test_a_redirect_to_another_scheme_is_refused():
    assert (
        asked("https://a.example.org/", answers={"https://a.example.org/": (301, "file:///etc/passwd")})[0].state
        == "refused"
    )


@pytest.mark.parametrize(
    ("status", "state"), [(200, "alive"), (204, "alive"), (404, "dead"), (410, "dead"), (500, "dead"), (403, "dead")]
)
def test_what_an_answer_means(status, state):
    assert asked("https://a.example.org/x", answers={"https://a.example.org/x": (status, "")})[0] == Finding(
        state, str(status)
    )


def test_redirects_are_followed_a_few_times_only():
    answers = {"https://a.example.org/": (302, "/b"), "https://a.example.org/b": (200, "")}
    assert asked("https://a.example.org/", answers=answers)[0].alive
    assert asked("https://a.example.org/", answers={"https://a.example.org/": (302, "/")})[0] == Finding(
        "dead", "redirects"
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [(TimeoutError(), "timeout"), (ConnectionRefusedError(), "connection"), (OSError(), "connection")],
)
def test_a_server_that_does_not_answer_is_dead(error, code):
    def connect(parts, address):
        raise error

    assert look("https://a.example.org/", resolve=lambda host, port: [PUBLIC], connect=connect) == Finding("dead", code)


@pytest.mark.django_db
class TestWatching:
    @pytest.fixture
    def item(self, assessment, school_director, prove):
        return prove(assessment, "teaching", school_director)

    def later(self, item):
        Evidence.objects.filter(pk=item.pk).update(looked_at=timezone.now() - timedelta(days=1))

    def test_a_link_is_dead_after_two_failures_and_its_owner_hears_once(self, item, school_director):
        dead = lambda url: Finding("dead", "404")  # noqa: E731
        watch(look=dead, pause=0)
        item.refresh_from_db()
        assert item.alive == "shaky"
        assert not Notice.objects.filter(key="links-dead").exists()
        for _time in range(3):
            self.later(item)
            watch(look=dead, pause=0)
        item.refresh_from_db()
        assert (item.alive, item.finding, item.failures) == ("dead", "404", 4)
        assert Notice.objects.filter(user=school_director, key="links-dead").count() == 1

    def test_a_link_that_opens_again_is_alive(self, item):
        watch(look=lambda url: Finding("dead", "404"), pause=0)
        self.later(item)
        watch(look=lambda url: Finding("alive", "200"), pause=0)
        item.refresh_from_db()
        assert (item.alive, item.failures) == ("alive", 0)

    def test_a_link_is_looked_at_once_a_day_and_not_when_it_was_taken_away(self, item):
        seen = []
        look = lambda url: seen.append(url) or Finding("alive", "200")  # noqa: E731
        watch(look=look, pause=0)
        watch(look=look, pause=0)
        assert len(seen) == 1
        self.later(item)
        Evidence.objects.filter(pk=item.pk).update(removed_at=timezone.now())
        watch(look=look, pause=0)
        assert len(seen) == 1
