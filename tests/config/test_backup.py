"""A backup holds everything and comes back whole, or not at all."""

import contextlib
import json
import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from khet.config import restore as restoring
from tests.config.test_commands import khet

ACCOUNT = """
from khet.config.database import bring_up_to_date
bring_up_to_date()
from khet.core.orgs.services import create_org
from khet.core.accounts.models import system_user, User
from khet.registers.people.models import Person
from khet.kit.home import room
office = create_org("office", "{code}", "สพป.สมมติ", by=system_user())
User.objects.create_user("manee", full_name="มานี", org=office, password="x")
Person.objects.create(first_name="ต้นกล้า", last_name="สมมติ", sensitive={{"religion": "ก"}})
folder = room("uploads") / "batch-1"
folder.mkdir(exist_ok=True)
(folder / "0.enc").write_bytes(b"content {code}")
"""
LOOK = """
from khet.core.orgs.models import Org
from khet.registers.people.models import Person
from khet.core.orgs.services import create_org
from khet.core.accounts.models import system_user
print([org.code for org in Org.objects.all()], [p.sensitive for p in Person.objects.all()])
create_org("office", "99999999", "ใหม่", by=system_user())
"""


def run(where, *arguments):
    home, env = where
    return khet(*arguments, home=home, **env)


def fill(where, code="57010000"):
    home, _env = where
    home.mkdir(parents=True, exist_ok=True)
    script = home.parent / f"fill-{code}.py"
    script.write_text(ACCOUNT.format(code=code), encoding="utf-8")
    done = run(where, "manage", "shell", "-c", f"exec(open({str(script)!r}, encoding='utf-8').read())")
    assert done.returncode == 0, done.stderr


def looked(where) -> str:
    done = run(where, "manage", "shell", "-v", "0", "-c", LOOK)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def filled(places):
    """A small office, to be copied."""
    where = places("filled")
    fill(where)
    return where


@pytest.mark.django_db
def test_what_was_backed_up_comes_back_in_an_empty_home(place, filled, tmp_path):
    first, second = place("first", like=filled), place("second")
    (first[0] / "catalogue" / "own").mkdir(parents=True)
    (first[0] / "catalogue" / "own" / "note.yaml").write_text("{}", encoding="utf-8")
    file = tmp_path / "khet.zip"
    done = run(first, "backup", file)
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o077 == 0
    done = run(second, "restore", file)
    assert done.returncode == 0, done.stderr
    assert looked(second) == "['57010000'] [{'religion': 'ก'}]"
    assert (second[0] / "uploads" / "batch-1" / "0.enc").read_bytes() == b"content 57010000"
    assert (second[0] / "catalogue" / "own" / "note.yaml").exists()
    assert not list(second[0].glob("replaced-*"))
    assert run(second, "check").returncode == 0


@pytest.mark.django_db
def test_an_office_is_replaced_only_by_force_and_kept_aside(place, filled, tmp_path):
    first, second = place("first", like=filled), place("second")
    fill(second, "58010000")
    file = tmp_path / "khet.zip"
    run(first, "backup", file)
    refused = run(second, "restore", file)
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    done = run(second, "restore", file, "--force")
    assert done.returncode == 0, done.stderr
    assert looked(second).startswith("['57010000']")
    kept = next(second[0].glob("replaced-*"))
    assert (kept / "uploads" / "batch-1" / "0.enc").read_bytes() == b"content 58010000"
    assert (kept / "keys" / "field-001.key").exists()


@pytest.mark.django_db
def test_without_keys_the_own_ones_are_needed(place, filled, tmp_path):
    first, second = place("first", like=filled), place("second")
    file = tmp_path / "khet.zip"
    run(first, "backup", file, "--without-keys")
    with zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if name.startswith("keys/")]
    done = run(second, "restore", file)
    assert done.returncode == 1
    assert "without keys" in done.stderr


@pytest.fixture(scope="module")
def backup_file(tmp_path_factory):
    """A backup of a small office on SQLite."""
    folder = tmp_path_factory.mktemp("backup")
    where = folder / "source", {}
    fill(where)
    assert run(where, "backup", folder / "khet.zip").returncode == 0
    return folder / "khet.zip"


def rewritten(file: Path, change, folder: Path) -> Path:
    """The archive with files changed: change(name, content) → content, or None to leave it out."""
    other = folder / "changed.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return other


def manifest_with(**changes):
    return lambda name, content: json.dumps(json.loads(content) | changes) if name == "manifest.json" else content


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("differs from its checksum", lambda n, c: c + b"x" if n.startswith("uploads/") else c),
        ("is no backup of Khet", lambda n, c: None if n.startswith("uploads/") else c),
        ("has format 9", manifest_with(format=9)),
        ("which is newer", manifest_with(migrations=[["orgs", "9999_later"]])),
        ("does not belong", manifest_with(files={"../outside": {"sha256": "", "size": 1}})),
        ("database in the backup is damaged", manifest_with(rows={"orgs_org": 7})),
        ("comes from postgresql", manifest_with(database="postgresql")),
    ],
)
def test_a_damaged_backup_is_refused_and_changes_nothing(words, change, backup_file, tmp_path):
    target = tmp_path / "target"
    done = khet("restore", rewritten(backup_file, change, tmp_path), home=target)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (target / "khet.sqlite3").exists() or not _offices(target)
    assert not (target / ".restoring").exists()
    assert not (tmp_path / "outside").exists()


def _offices(home: Path) -> int:
    with closing(sqlite3.connect(home / "khet.sqlite3")) as connected:
        return connected.execute("SELECT count(*) FROM sqlite_master WHERE name = 'orgs_org'").fetchone()[0]


@pytest.mark.slow
def test_no_file_is_overwritten_and_none_is_left_unfinished(backup_file, tmp_path):
    before = backup_file.read_bytes()
    done = khet("backup", backup_file, home=backup_file.parent / "source")
    assert done.returncode == 1
    assert "exists already" in done.stderr
    assert backup_file.read_bytes() == before
    assert not list(backup_file.parent.glob("*.part"))


@pytest.mark.slow
def test_nobody_stays_signed_in_through_a_backup(backup_file, tmp_path):
    with zipfile.ZipFile(backup_file) as archive:
        archive.extract("khet.sqlite3", tmp_path)
    with closing(sqlite3.connect(tmp_path / "khet.sqlite3")) as connected:
        assert connected.execute("SELECT count(*) FROM django_session").fetchone()[0] == 0


@pytest.mark.slow
def test_a_served_office_is_not_restored_over(backup_file, tmp_path):
    target = tmp_path / "target"
    (target / "serving").mkdir(parents=True)
    (target / "serving" / str(os.getpid())).touch()
    done = khet("restore", backup_file, home=target)
    assert done.returncode == 1
    assert "stop it first" in done.stderr


@pytest.fixture
def half_swapped(tmp_path, monkeypatch):
    """A home with an old office and a checked restore beside it."""
    home = tmp_path / "home"
    staged = home / restoring.STAGED
    for folder, word in ((home, "old"), (staged, "new")):
        (folder / "uploads").mkdir(parents=True)
        (folder / "uploads" / "file").write_text(word)
        (folder / "khet.sqlite3").write_text(word)
    (home / "khet.sqlite3-wal").write_text("old")
    (staged / "catalogue").mkdir()
    monkeypatch.setenv("KHET_HOME", str(home))
    note = {"aside": "replaced-1", "staged": ["catalogue", "khet.sqlite3", "uploads"], "keep": True}
    (staged / restoring.NOTE).write_text(json.dumps(note))
    return home


@pytest.mark.parametrize("steps", range(7))
def test_a_swap_stopped_at_any_step_is_completed_by_the_next_command(steps, half_swapped, monkeypatch):
    """Renames are counted; after so many the process is gone."""

    class Gone(BaseException):
        pass

    done, rename = 0, Path.rename

    def failing(self, target):
        nonlocal done
        if done == steps:
            raise Gone
        done += 1
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with contextlib.suppress(Gone):
        restoring.finish_swap()
    monkeypatch.setattr(Path, "rename", rename)
    restoring.finish_swap()
    home = half_swapped
    assert (home / "khet.sqlite3").read_text() == "new" == (home / "uploads" / "file").read_text()
    assert (home / "replaced-1" / "khet.sqlite3").read_text() == "old"
    assert (home / "replaced-1" / "uploads" / "file").read_text() == "old"
    assert not (home / "khet.sqlite3-wal").exists()
    assert (home / "catalogue").is_dir()
    assert not (home / restoring.STAGED).exists()
    restoring.finish_swap()
