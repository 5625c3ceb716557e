"""Bringing a home's database up to date, once and by one process at a time."""

from filelock import FileLock

from khet.kit.home import home, room


def bring_up_to_date() -> None:
    """Run the migrations that are missing; quick when there are none."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    room("uploads"), room("keys"), room("facts")
    with FileLock(home() / "prepare.lock"):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
            executor.loader.check_consistent_history(connection)
