"""Homes of their own, on the database of the run."""

import os
import re
import secrets
import shutil
from pathlib import Path

import pytest

URL = os.environ.get("KHET_DATABASE_URL", "")


class Places:
    """Makes homes in a folder: places("a") → (home, environment). On PostgreSQL each has a database of its own."""

    def __init__(self, folder: Path, server):
        self.folder, self.server, self.made = folder, server, []
        self.mark = secrets.token_hex(4)  # apart from those of other tests

    def __call__(self, name: str, *, like: tuple[Path, dict] | None = None) -> tuple[Path, dict]:
        """The home of a name; a new one may be made like another, which nobody uses meanwhile."""
        home = self.folder / name
        if like:
            shutil.copytree(like[0], home)
        if self.server is None:
            return home, {}
        database = f"khet_place_{self.mark}_{name}"
        if database not in self.made:
            copied = f' TEMPLATE "{self._database_of(like)}"' if like else ""
            self.server.execute(f'CREATE DATABASE "{database}"{copied}')
            self.made.append(database)
        # Not _replace().geturl(): that drops the empty host of a socket's address.
        return home, {"KHET_DATABASE_URL": re.sub(r"/\w+(?=\?|$)", f"/{database}", URL, count=1)}

    @staticmethod
    def _database_of(where: tuple[Path, dict]) -> str:
        return re.search(r"/(\w+)(?=\?|$)", where[1]["KHET_DATABASE_URL"])[1]

    def remove(self) -> None:
        for database in self.made:
            self.server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


@pytest.fixture(scope="module", params=["postgresql"] if URL else [pytest.param("sqlite", marks=pytest.mark.slow)])
def database_server(request):
    """A connection that may make databases; None on SQLite."""
    if request.param == "sqlite":
        yield None
        return
    import psycopg

    with psycopg.connect(URL, autocommit=True) as server:
        yield server


@pytest.fixture
def place(database_server, tmp_path):
    """Makes homes of their own for one test."""
    places = Places(tmp_path, database_server)
    yield places
    places.remove()


@pytest.fixture(scope="module")
def places(database_server, tmp_path_factory):
    """Makes homes for all tests of a file."""
    places = Places(tmp_path_factory.mktemp("places"), database_server)
    yield places
    places.remove()
