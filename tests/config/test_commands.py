"""The command line as an office types it: its help, its checks, its exit codes."""

import json
import os
import shutil
import subprocess
import sys

import pytest
import yaml
from click.testing import CliRunner

from khet.config import cli, database
from khet.config.cli import _COMMANDS
from tests.support.spent import spent


def khet(*arguments, home, timeout=120, **env):
    """A finished `khet …` on a home of its own."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("KHET_")}
    return subprocess.run(
        [sys.executable, "-m", "khet.config.cli", *map(str, arguments)],
        capture_output=True, text=True, timeout=timeout,
        env=variables | {"KHET_HOME": str(home), "PYTHONUTF8": "1", **env}, check=False,
    )  # fmt: skip


def test_help_comes_at_once_and_names_every_command(tmp_path):
    began = spent()
    done = khet("--help", home=tmp_path / "home")
    assert spent() - began < 2
    assert all(f"  {name} " in done.stdout for name in _COMMANDS)
    assert not (tmp_path / "home").exists()


def test_help_loads_no_settings():
    code = "import sys; sys.argv = ['khet', '--help']; import khet.config.cli as c\n"
    code += "try: c.main()\nexcept SystemExit: pass\n"
    heavy = "print([m for m in ('django', 'duckdb', 'pyarrow', 'yaml') if m in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + heavy], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("name", sorted(_COMMANDS.keys() - {"manage"}))
def test_each_command_explains_itself_without_preparing_a_database(name, monkeypatch):
    def prepared():
        raise AssertionError("help asked for a database")

    monkeypatch.setattr(database, "bring_up_to_date", prepared)
    monkeypatch.setattr(sys, "argv", ["khet", name, "--help"])
    done = CliRunner().invoke(cli.khet, [name, "--help"])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("Usage:")


def test_reading_a_plan_makes_no_home(tmp_path):
    (tmp_path / "plan.txt").write_text("วิสัยทัศน์\nผู้เรียนทุกคนอ่านออกเขียนได้\n", encoding="utf-8")
    done = khet("plan", "read", tmp_path / "plan.txt", "--json", home=tmp_path / "home")
    assert json.loads(done.stdout)["vision"] == "ผู้เรียนทุกคนอ่านออกเขียนได้"
    assert not (tmp_path / "home").exists()


def test_wrong_use_is_told_from_a_fault(tmp_path):
    assert khet("nonsense", home=tmp_path).returncode == 2
    assert khet("serve", "--port", "0", home=tmp_path).returncode == 2
    assert khet("backup", home=tmp_path).returncode == 2


def test_an_unknown_database_is_refused_in_words(tmp_path):
    done = khet("check", home=tmp_path, KHET_DATABASE_URL="mysql://x")
    assert done.returncode == 1
    assert "Write postgresql://" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """(a new home, what `khet check --json` said of it)"""
    home = tmp_path_factory.mktemp("checked")
    return home, khet("check", "--json", home=home)


@pytest.fixture
def sound_home(checked, tmp_path):
    """A home in which nothing is wrong."""
    return shutil.copytree(checked[0], tmp_path / "sound")


def test_check_finds_nothing_in_a_sound_installation(checked):
    _home, done = checked
    document = json.loads(done.stdout)
    assert (done.returncode, document["ok"], document["faults"]) == (0, True, [])
    assert document["objects"]["indicator"] >= 8
    assert done.stderr == ""


def test_check_prints_every_fault_of_the_overlay_with_file_and_key(tmp_path):
    folder = tmp_path / "catalogue" / "own"
    folder.mkdir(parents=True)
    measure = {"id": "own_measure", "title": {"th": "ก"}, "unit": "parsec"}
    (folder / "measures.yaml").write_text(
        yaml.safe_dump({"source": "the office", "items": [measure]}), encoding="utf-8"
    )
    done = khet("check", home=tmp_path)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert any(line.startswith("catalogue/own/measures.yaml: own_measure.title.en: ") for line in lines)
    assert any(line.startswith("catalogue/own/measures.yaml: own_measure.unit: ") for line in lines)
    document = json.loads(khet("check", "--json", home=tmp_path).stdout)
    assert {"file", "key", "message"} == set(document["faults"][0])


def test_check_notices_keys_that_others_may_read(sound_home):
    (sound_home / "keys" / "django.key").chmod(0o644)
    done = khet("check", home=sound_home)
    assert done.returncode == 1
    assert "django.key" in done.stderr
    assert "chmod" in done.stderr


def test_a_database_of_a_newer_khet_is_left_alone(sound_home):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(sound_home / "khet.sqlite3")) as connected, connected:
        connected.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('orgs', '9999_later', '')")
    done = khet("check", home=sound_home)
    assert done.returncode == 1
    assert "newer Khet (orgs.9999_later)" in done.stderr


def test_manage_passes_everything_on(tmp_path):
    done = khet("manage", "migrate", "--plan", "--verbosity", "0", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "khet manage" in khet("manage", "--help", home=tmp_path).stdout


def test_the_deployment_check_of_the_framework_is_clean_behind_https(tmp_path):
    done = khet("manage", "check", "--deploy", "--fail-level", "WARNING", home=tmp_path, KHET_HTTPS="1",
                KHET_HOSTS="khet.office.example")  # fmt: skip
    assert done.returncode == 0, done.stderr
