"""Bringing a home's database up to date, once and by one process at a time."""

from pathlib import Path

import click
from filelock import FileLock

from khet.kit.home import home, room


def bring_up_to_date() -> None:
    """Run the migrations that are missing; quick when there are none.

    raises  click.ClickException when the database was written by a newer Khet
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    for name in ("uploads", "keys", "facts"):
        room(name)
    with FileLock(home() / "prepare.lock"):
        if connection.vendor == "sqlite":
            # Whatever the home itself allows, the records are their owner's alone; the files beside take this mode too.
            Path(str(connection.settings_dict["NAME"])).touch(mode=0o600)
        executor = MigrationExecutor(connection)
        if unknown := sorted(set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)):
            names = ", ".join(".".join(one) for one in unknown[:3])
            raise click.ClickException(
                f"the records in {home()} were written by a newer Khet ({names}). Update Khet, or restore a backup."
            )
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            make_tables()
            call_command("migrate", interactive=False, verbosity=0)


def make_tables(targets=None) -> None:
    """All tables of an empty database in one go, as the migrations up to `targets` (all of them) leave them.

    Django walks through every state the tables ever had, ten seconds of a processor; nothing of that is to be seen in
    the end where there are no rows (tests/config/test_database.py compares). A database with tables stays as it is.
    """
    from django.db import connection, router
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.loader.applied_migrations:
        return
    targets = targets or executor.loader.graph.leaf_nodes()
    state = executor.loader.project_state(targets)
    recorder = executor.recorder
    with connection.schema_editor() as editor:  # one transaction: all of it or nothing
        for model in state.apps.get_models():
            if router.allow_migrate_model(connection.alias, model):
                editor.create_model(model)
        if not recorder.has_table():
            editor.create_model(recorder.Migration)
        done = [recorder.Migration(app=one.app_label, name=one.name) for one, _ in executor.migration_plan(targets)]
        recorder.migration_qs.bulk_create(done)
