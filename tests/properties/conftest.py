"""Two offices, made once for the tests of this folder: theirs is the home of every one of them."""

import copy

import pytest
from django.contrib import auth
from django.test import Client
from django.utils import timezone

from tests.support import shared


@pytest.fixture(scope="package")
def shared_home():
    """A folder that stays while the tests here run."""
    with shared.home_of_its_own() as folder:
        yield folder


@pytest.fixture
def home(shared_home, settings):
    """The shared folder instead of one for each test; no second factor is asked for."""
    settings.MEDIA_ROOT = shared_home / "uploads"
    settings.KHET_SECOND_FACTOR = False
    place = str(shared_home)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": place}}
    return shared_home


class Asker(Client):
    """A browser of one person who asks thousands of pages: who it is and what his roles are is read once.

    Each request still gets a person of its own, so that what a page hangs on it does not reach the next.
    """

    person = None

    def force_login(self, user, backend=None):
        super().force_login(user, backend)
        self.person = auth.get_user_model().objects.get(pk=user.pk)
        self.person.grants  # noqa: B018  read now
        self.person.seen_at = timezone.now()  # each page would note the visit anew


@pytest.fixture
def client(settings, monkeypatch):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    asker, find = Asker(), auth.get_user
    monkeypatch.setattr(auth, "get_user", lambda request: copy.copy(asker.person) if asker.person else find(request))
    return asker


@pytest.fixture(scope="package")
def records(shared_home, django_db_setup, django_db_blocker):
    """The database for the tests here: what is written stays until they have run, and is then taken back."""
    with shared.kept_records(django_db_blocker):
        yield


@pytest.fixture(scope="package")
def two_offices(records):
    """The offices 'กระจาบ' and 'ตะเพียน' under one ministry, facts built."""
    from khet.core.accounts.models import system_user
    from khet.core.orgs.services import create_org
    from khet.facts.services import build
    from tests.properties.offices import make_office

    system = system_user()
    ministry = create_org("ministry", "TH", "กระทรวงสมมติ", by=system)
    made = [
        make_office(ministry, thai, latin, code, by=system)
        for thai, latin, code in (("กระจาบ", "krachap", 9021), ("ตะเพียน", "taphian", 9121))
    ]
    build()
    return made
