"""Tables made at once are those that the migrations, taken step by step, lead to."""

import json
import os
import subprocess
import sys

import pytest

AT_ONCE = "from khet.config.database import bring_up_to_date\nbring_up_to_date()\n"
STEP_BY_STEP = "from django.core.management import call_command\ncall_command('migrate', verbosity=0)\n"
WITHOUT_THE_DESK = """
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from khet.config.database import make_tables
make_tables([key for key in MigrationLoader(connection).graph.leaf_nodes() if key[0] != "desk"])
assert not [name for name in connection.introspection.table_names() if name.startswith("desk_")]
"""
MADE_BEFORE = """
import os, django
os.umask(0o077)
django.setup()
from khet.kit.home import room
room("uploads"), room("keys"), room("facts")
"""
TELL = """
import json
from django.db import connection
from tests.config.test_database import described
print(json.dumps(described(connection)))
"""
ON_POSTGRESQL = {
    "columns": "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default,"
    " is_identity FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable, condeferred"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "others": "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace",
}
ROWS = {
    "migrations": "SELECT app, name FROM django_migrations",
    "kinds": "SELECT app_label, model FROM django_content_type",
    "permissions": "SELECT codename, name FROM auth_permission",
}


def described(connection) -> dict:
    """Everything a database holds before anybody wrote into it; in which order columns stand does not matter."""
    with connection.cursor() as cursor:

        def asked(sql):
            cursor.execute(sql)
            return sorted([list(row) for row in cursor.fetchall()], key=str)

        rows = {name: asked(sql) for name, sql in ROWS.items()}
        if connection.vendor == "postgresql":
            return rows | {name: asked(sql) for name, sql in ON_POSTGRESQL.items()}
        things = asked("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%'")
        counted = {name: asked(f'SELECT count(*) FROM "{name}"') for kind, name, *_ in things if kind == "table"}
    return rows | counted | {"things": [[*others, sorted(parts(sql))] for *others, sql in things]}


def parts(sql: str) -> list[str]:
    """The columns and constraints of a CREATE TABLE; another statement whole."""
    if not sql.startswith("CREATE TABLE"):
        return [sql]
    found, depth = [""], 0
    for sign in sql[sql.index("(") + 1 : sql.rindex(")")]:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and not depth:
            found.append("")
        else:
            found[-1] += sign
    return [part.strip() for part in found]


def made(where, code) -> dict:
    """The description of a database that a process has made with this code."""
    home, env = where
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KHET_DATABASE")}
    kept |= {"KHET_HOME": str(home), "DJANGO_SETTINGS_MODULE": "khet.config.settings", **env}
    done = subprocess.run(
        [sys.executable, "-c", MADE_BEFORE + code + TELL], env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def once(places) -> dict:
    """The database that is made at once."""
    return made(places("once"), AT_ONCE)


@pytest.mark.django_db
def test_at_once_or_step_by_step_leads_to_the_same_tables_and_rows(place, once):
    steps = made(place("steps"), STEP_BY_STEP)
    assert len(steps["migrations"]) > 80
    for name in sorted(once.keys() | steps.keys()):
        assert once.get(name) == steps.get(name), name


@pytest.mark.django_db
def test_tables_as_they_once_were_are_made_too_and_later_migrations_join_them(place, once):
    assert made(place("early"), WITHOUT_THE_DESK + STEP_BY_STEP) == once


def test_columns_are_told_apart_from_constraints():
    sql = 'CREATE TABLE "t" ("a" integer CHECK ("a" IN (1, 2)), "b" text, CONSTRAINT "c" CHECK ("b" > 0))'
    assert parts(sql) == ['"a" integer CHECK ("a" IN (1, 2))', '"b" text', 'CONSTRAINT "c" CHECK ("b" > 0)']
    assert parts("CREATE INDEX i ON t (a, b)") == ["CREATE INDEX i ON t (a, b)"]
