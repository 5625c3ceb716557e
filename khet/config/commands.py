"""The commands that run an installation: serve, worker, check, backup, restore, keys, manage."""

import os

import click


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; the default is seen by this machine only.",
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=min(os.cpu_count() or 1, 4),
    show_default=True,
    type=click.IntRange(1, 64),
    help="Page server processes.",
)
def serve(host, port, workers):
    """Serve the office in KHET_HOME, with the worker of the queue. An empty home opens the wizard."""
    from khet.config.serving import serve_pages

    serve_pages(host, port, workers)


@click.command()
@click.option("--beside-server", is_flag=True, hidden=True, help="End when the server that started it has gone.")
def worker(beside_server):
    """Do the work that waits in the queue. `khet serve` runs one by itself; start more beside a busy PostgreSQL."""
    from khet.config.serving import work

    work(beside_server=beside_server)


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments):
    """Django's own commands, for engineers: khet manage shell."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["khet manage", *arguments])
