"""Fixtures with names: an office with two clusters and three schools, a second office, and people who work there."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Each test process has a home of its own; set before Django reads its settings.
_HOMES = Path(tempfile.mkdtemp(prefix="khet-test-"))
atexit.register(shutil.rmtree, _HOMES, ignore_errors=True)
os.environ["KHET_HOME"] = str(_HOMES / "process")
os.environ.setdefault("KHET_SECOND_FACTOR", "0")

import pytest  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import translation  # noqa: E402

from khet.config.database import make_tables  # noqa: E402
from khet.core.accounts.models import User, system_user  # noqa: E402
from khet.core.accounts.services import grant_role  # noqa: E402
from khet.core.orgs.services import create_org  # noqa: E402
from khet.kit.collecting import settle  # noqa: E402
from khet.kit.home import room  # noqa: E402
from tests.support import passwords  # noqa: E402
from tests.support.browser import CHROMIUM_FLAGS, chromium_path  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--records-only", action="store_true", help="only tests that touch records")


def pytest_collection_finish(session):
    settle()


def pytest_collection_modifyitems(config, items):
    if config.getoption("--records-only"):
        kept = [item for item in items if _touches_records(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def _touches_records(item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup"}
    return bool(fixtures & set(getattr(item, "fixturenames", ()))) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """The database of this process gets its tables as a new office does: all at once, before Django migrates it."""
    connection.prepare_database = make_tables


@pytest.fixture(autouse=True)
def home(monkeypatch, settings):
    """The folder of this test alone: what one test uploads, builds or overrides, the next does not find.

    The keys are those of the process, so that records made once for several tests stay readable.
    """
    folder = Path(tempfile.mkdtemp(dir=_HOMES))
    (folder / "keys").symlink_to(room("keys"))
    monkeypatch.setenv("KHET_HOME", str(folder))
    settings.MEDIA_ROOT = folder / "uploads"
    settings.PASSWORD_HASHERS = passwords.QUICK
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(folder)}}
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def english():
    """Outside of pages sentences come in English, however much has its Thai by now. A page speaks as it is asked to."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all stories of this process."""
    from playwright.sync_api import sync_playwright

    # The browser's own loop waits in this thread; what a test asks of Django meanwhile is asked in its turn.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def client_for():
    """A browser of a person's own, signed in: client_for(planner).get("/")."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def system(db):
    """Who acts from the command line."""
    return system_user()


@pytest.fixture
def ministry(system):
    return create_org("ministry", "TH", "กระทรวงสมมติ", by=system)


@pytest.fixture
def office(ministry, system):
    """An office with the clusters 'ต้นน้ำ' and 'ปลายน้ำ'."""
    return create_org("office", "90010000", "สพป.สมมติ เขต 1", ministry, by=system)


@pytest.fixture
def cluster(office, system):
    return create_org("cluster", "90010000-C1", "กลุ่มต้นน้ำ", office, by=system)


@pytest.fixture
def school(cluster, system):
    return create_org("school", "90010001", "บ้านริมธาร", cluster, by=system)


@pytest.fixture
def other_school(cluster, system):
    return create_org("school", "90010002", "บ้านเชิงเขา", cluster, by=system)


@pytest.fixture
def third_school(office, system):
    """Stands under the office itself, in no cluster."""
    return create_org("school", "90010003", "วัดป่าสมมติ", office, by=system)


@pytest.fixture
def stranger_office(ministry, system):
    return create_org("office", "91010000", "สพป.อื่น เขต 1", ministry, by=system)


@pytest.fixture
def stranger_school(stranger_office, system):
    return create_org("school", "91010001", "บ้านไกลตา", stranger_office, by=system)


@pytest.fixture
def someone(system):
    """Makes a user: someone("planner", office)."""
    made = []

    def make(role, org, username=None):
        name = username or f"{role}-{len(made) + 1}"
        user = User.objects.create_user(name, f"{name}@example.org", "a-long-password", full_name=name, org=org)
        grant_role(user, role, org, by=system)
        made.append(user)
        return user

    return make


@pytest.fixture
def administrator(someone, office):
    return someone("office_admin", office, "administrator")


@pytest.fixture
def director(someone, office):
    return someone("director", office, "director")


@pytest.fixture
def planner(someone, office):
    return someone("planner", office, "planner")


@pytest.fixture
def teacher(someone, school):
    return someone("teacher", school, "teacher")


@pytest.fixture
def other_teacher(someone, other_school):
    return someone("teacher", other_school, "other_teacher")


@pytest.fixture
def promoter(someone, office):
    return someone("promoter", office, "promoter")


@pytest.fixture
def supervisor(someone, office):
    return someone("supervisor", office, "supervisor")


@pytest.fixture
def safety_officer(someone, office):
    return someone("safety_officer", office, "safety_officer")


@pytest.fixture
def other_director(someone, other_school):
    return someone("school_director", other_school, "other_director")


@pytest.fixture
def school_director(someone, school):
    return someone("school_director", school, "school_director")


@pytest.fixture
def stranger(someone, stranger_office):
    """A planner of another office."""
    return someone("planner", stranger_office, "stranger")
