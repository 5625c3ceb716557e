"""Putting back what a backup holds: checked first, prepared aside, then swapped in.

The swap is a series of renames after a note that it has begun; a process that stops in the middle leaves the note, and
the next command of Khet completes it before anything is opened (`finish_swap`). This file needs no settings until then.
"""

import hashlib
import json
import shutil
import sqlite3
import time
import zipfile
from contextlib import closing
from pathlib import Path

from khet.kit.home import home

STAGED, NOTE = ".restoring", "ready"
_CHUNK = 1 << 20
_FORMAT = 1
DATABASE = ("khet.sqlite3", "khet.sqlite3-wal", "khet.sqlite3-shm")
_SWAPPED = (*DATABASE, "uploads", "keys", "catalogue", "demo.json", "facts", "cache")


class RestoreError(ValueError):
    """A backup that cannot be put back here; says why."""


def restore(path: Path, *, force: bool = False) -> dict:
    """Put a backup back; returns its manifest. What stood in the home before is kept beside it, see `kept_aside`.

    raises  RestoreError when the file is damaged, comes from a newer Khet or the other kind of database, holds no keys
            while the home has none, or when the home holds an office already and `force` is not set
    """
    from django.db import connection

    replaces = _check_home(force)
    shutil.rmtree(home() / STAGED, ignore_errors=True)
    staged = home() / STAGED
    staged.mkdir(mode=0o700, parents=True)
    try:
        manifest = unpack(path, staged)
        if manifest["database"] != connection.vendor:
            raise RestoreError(
                f"the backup comes from {manifest['database']}, this installation runs on {connection.vendor}; "
                "set or unset KHET_DATABASE_URL to match"
            )
        _check_migrations(manifest)
        if not (staged / "keys").exists():
            _keep_keys(staged)
        if connection.vendor == "sqlite":
            _check_sqlite(staged / DATABASE[0], manifest)
            connection.close()
            _swap(staged, replaces)
        else:
            _into_postgresql(staged, manifest, replaces)
        return manifest
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def unpack(path: Path, staged: Path) -> dict:
    """The files of a backup, each compared with its checksum; returns the manifest."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            if manifest.get("format") != _FORMAT:
                raise RestoreError(f"the backup has format {manifest.get('format')}, this Khet reads {_FORMAT}")
            for name, facts in manifest["files"].items():
                _extract(archive, name, facts["sha256"], staged)
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, EOFError) as error:
        raise RestoreError(f"{path} is no backup of Khet, or is damaged ({error})") from None
    return manifest


def _extract(archive: zipfile.ZipFile, name: str, checksum: str, staged: Path) -> None:
    target = (staged / name).resolve()
    if not target.is_relative_to(staged.resolve()) or name.split("/")[0] not in (*_SWAPPED, "tables"):
        raise RestoreError(f"the backup holds a file that does not belong into it: {name}")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    target.touch(mode=0o600)
    with archive.open(name) as source, target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    if digest.hexdigest() != checksum:
        raise RestoreError(f"{name} differs from its checksum: the backup is damaged; take another one")


def _check_home(force: bool) -> bool:
    """True when the home holds an office, which may be replaced."""
    if running := running_servers():
        raise RestoreError(f"Khet is running (process {', '.join(map(str, running))}); stop it first")
    replaces = _holds_an_office()
    if replaces and not force:
        raise RestoreError(f"{home()} holds an office already; choose an empty KHET_HOME, or --force to replace it")
    return replaces


def _holds_an_office() -> bool:
    from django.db import connection
    from django.db.utils import DatabaseError

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM orgs_org")
            return cursor.fetchone()[0] > 0
    except DatabaseError:
        return False  # no tables yet


def _check_migrations(manifest: dict) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = MigrationLoader(None).disk_migrations
    unknown = [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]
    if unknown:
        raise RestoreError(f"the backup was made by Khet {manifest['khet']}, which is newer; update Khet first")


def _keep_keys(staged: Path) -> None:
    if not list((home() / "keys").glob("field-*.key")):
        raise RestoreError(f"the backup was made without keys; put them into {home() / 'keys'} first")
    shutil.copytree(home() / "keys", staged / "keys")


def _check_sqlite(file: Path, manifest: dict) -> None:
    from khet.config.backup import count_rows

    with closing(sqlite3.connect(file)) as connected:
        verdict = connected.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok" or count_rows(connected) != manifest["rows"]:
            raise RestoreError(f"the database in the backup is damaged ({verdict}); take another backup")


def _swap(staged: Path, keep: bool) -> None:
    """`keep` says whether what stands in the home now is kept aside, or is only the trace of an empty start."""
    names = sorted(path.name for path in staged.iterdir())
    note = {"aside": time.strftime("replaced-%Y%m%d-%H%M%S"), "staged": names, "keep": keep}
    unfinished = staged / "note"
    unfinished.write_text(json.dumps(note), encoding="utf-8")
    unfinished.rename(staged / NOTE)
    finish_swap()


def finish_swap() -> None:
    """Complete a swap that has begun; nothing to do otherwise. Each step may be repeated."""
    staged = home() / STAGED
    if not (staged / NOTE).exists():
        return
    note = json.loads((staged / NOTE).read_text(encoding="utf-8"))
    aside = home() / note["aside"]
    aside.mkdir(mode=0o700, exist_ok=True)
    for name in _SWAPPED:
        if name in note["staged"] and not (staged / name).exists():
            continue  # this one stands in its place already
        if (home() / name).exists():
            (home() / name).rename(aside / name)
        if name in note["staged"]:
            (staged / name).rename(home() / name)
    for name in ("facts", "cache") if note["keep"] else (".",):
        shutil.rmtree(aside / name, ignore_errors=True)
    shutil.rmtree(staged)


def kept_aside() -> list[Path]:
    """Folders with what earlier restores have replaced."""
    return sorted(home().glob("replaced-*"))


def _into_postgresql(staged: Path, manifest: dict, keep: bool) -> None:
    """All in one transaction: tables as of the backup's Khet, its rows, then what later migrations do to them."""
    from django.core.management.color import no_style
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
        _migrate([tuple(one) for one in manifest["migrations"]])
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # migrations have made some immediate
        for file in sorted((staged / "tables").glob("*.copy")):
            if file.stem != "django_migrations":
                _copy_in(cursor, file)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _check_counts(cursor, manifest)
        _migrate(None)
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
        shutil.rmtree(staged / "tables")
        _swap(staged, keep)  # last, so that rows and files change together


def _migrate(targets) -> None:
    """To the given migrations, or to the newest; without the signals that would add rows of their own."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from khet.config.database import make_tables

    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    if applied := set(targets or ()):
        # The last ones of what was applied: to name an earlier one would mean to go back to it.
        last = [key for key in sorted(applied) if not {child.key for child in graph.node_map[key].children} & applied]
        make_tables(last)
    else:
        executor.migrate(graph.leaf_nodes())


def _copy_in(cursor, file: Path) -> None:
    from django.db import connection

    columns = json.loads(file.with_suffix(".columns").read_text(encoding="utf-8"))
    listed = ", ".join(connection.ops.quote_name(name) for name in columns)
    with (
        file.open("rb") as source,
        cursor.copy(f"COPY {connection.ops.quote_name(file.stem)} ({listed}) FROM STDIN") as copy,
    ):
        while chunk := source.read(_CHUNK):
            copy.write(chunk)


def _check_counts(cursor, manifest: dict) -> None:
    from django.db import connection

    for table, rows in manifest["rows"].items():
        if table == "django_migrations":
            continue
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
        if (found := cursor.fetchone()[0]) != rows:
            raise RestoreError(f"{table} has {found} rows where the backup says {rows}; nothing was changed")


def _models() -> list:
    from django.apps import apps

    return apps.get_models(include_auto_created=True)


def running_servers() -> list[int]:
    """Processes of `khet serve` on this home, by their notes in KHET_HOME/serving."""
    from khet.config.serving import is_alive

    return [
        int(note.name) for note in (home() / "serving").glob("*") if note.name.isdigit() and is_alive(int(note.name))
    ]
