"""Everything an office owns in one file: database, uploads, keys, its own catalogue, the demo's marker.

A zip with a manifest that names the version, the migrations, and a checksum of every file. Facts are left out: they are
built again from the records.
"""

import hashlib
import json
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from khet.kit.home import home

FORMAT = 1
MANIFEST = "manifest.json"
FOLDERS = ("uploads", "keys", "catalogue")
MARKER = "demo.json"
_CHUNK = 1 << 20
# Who is signed in is nobody's business after a restore.
SESSIONS = ("django_session", "usersessions_usersession")
_PASSING = (".lock", ".part", ".new", ".upload")


@dataclass(frozen=True)
class Written:
    """What a backup holds."""

    path: Path
    files: int
    size: int


class Archive:
    """A zip being written, with the checksum of each file in it."""

    def __init__(self, path: Path):
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.files: dict[str, dict] = {}

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as source:
            self.add(name, iter(lambda: source.read(_CHUNK), b""))

    def add(self, name: str, chunks) -> None:
        digest, size = hashlib.sha256(), 0
        with self.zip.open(name, "w", force_zip64=True) as target:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.files[name] = {"sha256": digest.hexdigest(), "size": size}

    def close(self, **manifest) -> None:
        self.zip.writestr(MANIFEST, json.dumps({**manifest, "files": self.files}, indent=1, ensure_ascii=False))
        self.zip.close()


def backup(path: Path, *, with_keys: bool = True) -> Written:
    """Write the backup, whole or not at all, readable by its owner alone. Raises FileExistsError when there is one."""
    if path.exists():
        raise FileExistsError(path)
    unfinished = path.with_name(path.name + ".part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    try:
        archive = Archive(unfinished)
        rows = _database(archive)
        for folder in FOLDERS:
            if folder != "keys" or with_keys:
                _folder(archive, folder)
        if (home() / MARKER).exists():
            archive.add_file(MARKER, home() / MARKER)
        archive.close(
            khet=version("khet"), format=FORMAT, made=timezone.now().isoformat(), database=connection.vendor,
            migrations=sorted(MigrationRecorder(connection).applied_migrations()), rows=rows, with_keys=with_keys,
        )  # fmt: skip
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return Written(path, len(archive.files), path.stat().st_size)


def _folder(archive: Archive, folder: str) -> None:
    for path in sorted((home() / folder).rglob("*")):
        if path.is_file() and path.suffix not in _PASSING:
            archive.add_file(str(path.relative_to(home())), path)


def _database(archive: Archive) -> dict[str, int]:
    """The database as of one moment, while the office goes on working; {table: rows}."""
    return _sqlite(archive) if connection.vendor == "sqlite" else _postgresql(archive)


def _sqlite(archive: Archive) -> dict[str, int]:
    with tempfile.TemporaryDirectory(dir=home()) as folder:
        copy = Path(folder) / "khet.sqlite3"
        name = str(connection.settings_dict["NAME"])
        with (
            closing(sqlite3.connect(name, uri=name.startswith("file:"))) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            for table in SESSIONS:
                target.execute(f"DELETE FROM {table}")  # noqa: S608  names of ours
            target.commit()
            target.execute("VACUUM")
            rows = count_rows(target)
        archive.add_file("khet.sqlite3", copy)
    return rows


def count_rows(connected: sqlite3.Connection) -> dict[str, int]:
    tables = [name for (name,) in connected.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    kept = sorted(name for name in tables if not name.startswith("sqlite_"))
    return {name: connected.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in kept}  # noqa: S608


def _postgresql(archive: Archive) -> dict[str, int]:
    rows = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in sorted(connection.introspection.table_names(cursor)):
            if table in SESSIONS:
                continue
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            listed = ", ".join(connection.ops.quote_name(name) for name in columns)
            statement = f"COPY {connection.ops.quote_name(table)} ({listed}) TO STDOUT"
            with cursor.copy(statement) as copy:
                archive.add(f"tables/{table}.copy", (bytes(chunk) for chunk in copy))
            archive.add(f"tables/{table}.columns", [json.dumps(columns).encode()])
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows[table] = cursor.fetchone()[0]
    return rows
