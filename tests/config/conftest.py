"""Homes of their own, on the database of the run."""

import os
import re

import pytest

URL = os.environ.get("KHET_DATABASE_URL", "")


@pytest.fixture(params=["postgresql"] if URL else [pytest.param("sqlite", marks=pytest.mark.slow)])
def place(request, tmp_path):
    """Makes homes of their own: place("a") → (folder, environment). On PostgreSQL each has a database of its own."""
    if request.param == "sqlite":
        yield lambda name: (tmp_path / name, {})
        return
    import psycopg

    made = []
    with psycopg.connect(URL, autocommit=True) as server:

        def make(name):
            database = f"khet_place_{os.getpid()}_{name}"
            if database not in made:
                server.execute(f'CREATE DATABASE "{database}"')
                made.append(database)
            # Not _replace().geturl(): that drops the empty host of a socket's address.
            return tmp_path / name, {"KHET_DATABASE_URL": re.sub(r"/\w+(?=\?|$)", f"/{database}", URL, count=1)}

        yield make
        for database in made:
            server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
