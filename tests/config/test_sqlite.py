"""One SQLite file that several processes share."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from khet.config.uploads import LARGEST_FROM_A_STRANGER, SizeLimit

SETUP = """
import os, sys, time, threading
import django; django.setup()
from django.db import connection, transaction
from khet.core.changes.models import Change
"""
PRAGMAS = (
    SETUP
    + """
with connection.cursor() as c:
    for name in "journal_mode synchronous cache_size temp_store busy_timeout foreign_keys mmap_size".split():
        c.execute("PRAGMA " + name); print(name, c.fetchone()[0])
"""
)
COUNT_UP = (
    SETUP
    + """
from khet.core.orgs.models import Org
for _ in range(40):
    with transaction.atomic():  # reads first and writes then: two that do so at once must not lock each other
        org = Org.objects.get(code="C")
        org.name = str(int(org.name) + 1)
        org.save()
"""
)
HOLD = (
    SETUP
    + """
with transaction.atomic():
    Change.objects.create(subject="held")
    print("holding", flush=True)
    time.sleep(3)
"""
)


def start(code, home):
    env = {name: value for name, value in os.environ.items() if not name.startswith("KHET_DATABASE")}
    env |= {"KHET_HOME": str(home), "DJANGO_SETTINGS_MODULE": "khet.config.settings"}
    return subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, text=True)


def finished(process) -> str:
    """What it printed, once it has ended well."""
    out, _errors = process.communicate(timeout=120)
    assert process.returncode == 0
    return out


@pytest.fixture
def office_file(tmp_path):
    """A home with an up-to-date database and one org whose name is a number."""
    home = tmp_path / "home"
    code = (
        SETUP
        + """
from khet.config.database import bring_up_to_date
bring_up_to_date()
from khet.core.orgs.models import Org
Org.objects.create(kind="office", code="C", name="0", path="/1/")
"""
    )
    finished(start(code, home))
    return home


def test_every_connection_gets_what_the_settings_ask_for(office_file):
    found = dict(line.split() for line in finished(start(PRAGMAS, office_file)).splitlines())
    assert found == {
        "journal_mode": "wal", "synchronous": "1", "cache_size": "-65536", "temp_store": "2", "busy_timeout": "30000",
        "foreign_keys": "1", "mmap_size": "268435456",
    }  # fmt: skip
    assert (office_file / "khet.sqlite3").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_processes_that_write_at_once_lose_nothing(office_file):
    writers = [start(COUNT_UP, office_file) for _ in range(4)]
    for writer in writers:
        finished(writer)
    look = start(SETUP + "from khet.core.orgs.models import Org; print(Org.objects.get(code='C').name)", office_file)
    assert finished(look).strip() == "160"


@pytest.mark.slow
def test_a_reader_never_waits_and_a_visit_is_not_noted_at_any_price(office_file):
    holder = start(HOLD, office_file)
    assert holder.stdout.readline() == "holding\n"
    code = (
        SETUP
        + """
from khet.core.accounts.middleware import _update_unless_busy
from khet.core.accounts.models import User
user = User(pk=1, username="x")
began = time.monotonic()
User.objects.count()
_update_unless_busy(user, {"full_name": "x"})
print(time.monotonic() - began)
with connection.cursor() as c:
    c.execute("PRAGMA busy_timeout"); print(c.fetchone()[0])
"""
    )
    waited, patience = finished(start(code, office_file)).split()
    assert float(waited) < 1.5
    assert patience == "30000"
    finished(holder)


def test_the_tests_themselves_run_on_what_the_run_asks_for(db):
    assert connection.vendor == ("postgresql" if os.environ.get("KHET_DATABASE_URL") else "sqlite")


class Request:
    def __init__(self, known):
        self.user = type("User", (), {"is_authenticated": known})()


@pytest.mark.parametrize(("known", "length", "passes"), [
    (False, LARGEST_FROM_A_STRANGER, True), (False, LARGEST_FROM_A_STRANGER + 1, False),
    (True, LARGEST_FROM_A_STRANGER + 1, True), (True, 10**12, False),
])  # fmt: skip
def test_an_upload_has_a_largest_size_that_is_smaller_for_strangers(known, length, passes):
    limit = SizeLimit(Request(known))
    if passes:
        limit.handle_raw_input(None, {}, length, b"")
    else:
        with pytest.raises(RequestDataTooBig):
            limit.handle_raw_input(None, {}, length, b"")


def test_a_length_that_was_not_told_truly_is_noticed(settings):
    from django.core.files.uploadhandler import StopUpload

    settings.KHET_LARGEST_UPLOAD = 10
    limit = SizeLimit(Request(True))
    limit.handle_raw_input(None, {}, 0, b"")
    limit.receive_data_chunk(b"1234567890", 0)
    with pytest.raises(StopUpload):
        limit.receive_data_chunk(b"1", 10)


def test_too_large_an_upload_is_a_bad_request_in_words(administrator, client_for, settings):
    settings.KHET_LARGEST_UPLOAD = 100
    file = SimpleUploadedFile("plan.txt", b"x" * 1000)
    answer = client_for(administrator).post("/setup/plan/", {"file": file})
    assert answer.status_code in (400, 413)
