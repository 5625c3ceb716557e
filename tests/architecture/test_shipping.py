"""Locks, the wheel, and what must not be in the repository."""

import importlib.util
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    """Files under version control; every file of a copy without git."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("no git checkout")
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def readable(paths):
    for path in paths:
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@pytest.mark.parametrize("lock", ["requirements/base.txt", "requirements/dev.txt"])
def test_python_locks_carry_versions_and_hashes_and_no_addresses(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    packages = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(packages) > 20
    for package in packages:
        assert re.match(r"[\w.-]+(?:\[[\w,]+\])?==[\w.]+", package), package[:60]
        assert "--hash=sha256:" in package, package[:60]


def test_the_lock_of_page_assets_carries_versions_and_hashes_and_no_addresses():
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8"))
    assert "://" not in json.dumps(lock)
    for name, package in lock["packages"].items():
        if name:
            assert package["integrity"].startswith("sha512-"), name
            assert package["version"], name


def test_addresses_that_npm_writes_are_taken_out_of_the_lock_and_hashes_stay(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("assets_build", ROOT / "assets" / "build.py")
    spec.loader.exec_module(build := importlib.util.module_from_spec(spec))
    package = {"version": "1.0.0", "integrity": "sha512-abc", "resolved": "https://registry.example/a.tgz"}
    lock = tmp_path / "package-lock.json"
    lock.write_text(json.dumps({"packages": {"": {}, "a": package | {"funding": {"url": "https://example.org"}}}}))
    monkeypatch.setattr(build, "LOCK", lock)
    build._drop_addresses()
    assert json.loads(lock.read_text()) == {"packages": {"": {}, "a": {"version": "1.0.0", "integrity": "sha512-abc"}}}
    written = lock.stat().st_mtime_ns
    build._drop_addresses()
    assert lock.stat().st_mtime_ns == written, "npm would install everything again"


def test_the_locks_hold_what_the_project_asks_for():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for lock, wanted in (
        ("base", project["project"]["dependencies"]),
        ("dev", [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]),
    ):
        text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        locked = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^([\w.-]+)", text, re.M)}
        names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", one)[0]).lower() for one in wanted}
        assert sorted(names - locked) == []


# A workplace's own folders and hosts say nothing to anybody else.
PLACES = re.compile(
    r"(?<![\w.])/(?:work|root|Users)/\w|/home/(?!khet)[a-z]\w+/|localhost:\d{4}/simple|/opt/wheels|/opt/pypi"
)


def test_no_file_names_the_machine_it_was_written_on():
    found = [str(path.relative_to(ROOT)) for path, text in readable(tracked()) if PLACES.search(text)]
    assert [name for name in found if name != "tests/architecture/test_shipping.py"] == []


def test_no_large_or_foreign_file_is_kept():
    for path in tracked():
        assert path.stat().st_size < 2_000_000, path.name
        assert path.suffix not in (".sqlite3", ".parquet", ".key", ".zip", ".mo", ".pyc"), path.name


def test_make_lists_its_commands():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    for command in ("demo", "serve", "test", "lint", "bench", "wheel", "lock"):
        assert re.search(rf"^  make {command} ", done.stdout, re.M), command


def test_the_integration_server_runs_what_a_desk_runs():
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in text
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100


@pytest.mark.slow
def test_the_wheel_holds_everything_an_office_needs_and_nothing_else(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", tmp_path, ROOT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    wheel = next(tmp_path.glob("khet-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for path in (ROOT / "catalogue").rglob("*.yaml"):
        assert f"khet/_catalogue/{path.relative_to(ROOT / 'catalogue')}" in names
    for path in (ROOT / "khet").rglob("templates/**/*.html"):
        assert str(path.relative_to(ROOT)) in names
    assert "khet/core/ui/static/vendor/manifest.json" in names
    assert any(re.fullmatch(r"khet/core/ui/static/vendor/khet-\w+\.css", name) for name in names)
    assert "khet/locale/th/LC_MESSAGES/django.mo" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "docs/", "assets/")) or "/parts/" in name]
    assert wheel.stat().st_size < 15_000_000
