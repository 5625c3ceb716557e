"""The commands that run an installation: serve, worker, check, backup, restore, keys, manage."""

import json
import os
import sys
from pathlib import Path

import click

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen here; the default only this machine sees.")
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
@click.option("--beside-server", type=int, hidden=True, help="End when this process, which started it, has gone.")
def worker(beside_server):
    """Do the work that waits in the queue. `khet serve` runs one by itself; start more beside a busy PostgreSQL."""
    from khet.config.serving import work

    work(server=beside_server)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def check(as_json):
    """Check the catalogue and the installation: every fault with file and key. Exit 1 when there is one."""
    from khet.config.checking import findings

    found = findings()
    if as_json:
        click.echo(json.dumps(found.document, ensure_ascii=False, indent=2))
    else:
        for notice in found.notices:
            click.echo(f"note: {notice}")
        for fault in found.faults:
            click.echo(str(fault), err=True)
        held = ", ".join(f"{count} {kind}" for kind, count in found.objects.items())
        click.echo(f"{len(found.faults)} faults, {len(found.notices)} notes. The catalogue holds {held}.")
    sys.exit(1 if found.faults else 0)


@click.command()
@click.argument("file", type=FILE)
@click.option("--without-keys", is_flag=True, help="Leave the keys out; you keep KHET_HOME/keys elsewhere.")
def backup(file, without_keys):
    """Write everything the office owns into one FILE (zip), while it goes on working."""
    from khet.config.backup import backup as write

    try:
        written = write(file, with_keys=not without_keys)
    except FileExistsError:
        raise click.ClickException(f"{file} exists already; choose another name, or remove it first.") from None
    click.echo(f"{written.path}: {written.files} files, {written.size / 1e6:.1f} MB, checked by checksum.")
    if not without_keys:
        click.echo("It holds the keys too: whoever has this file can read everything. Lock it away.", err=True)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the office that is there; its files are kept in replaced-….")
def restore(file, force):
    """Put back what a backup FILE holds, checked and all at once; then build the facts."""
    from khet.config.restore import RestoreError, kept_aside
    from khet.config.restore import restore as put_back

    try:
        manifest = put_back(file, force=force)
    except RestoreError as error:
        raise click.ClickException(f"{error}.") from None
    from khet.config.database import bring_up_to_date
    from khet.facts.services import build

    bring_up_to_date()
    report = build()
    records = sum(manifest["rows"].values())
    click.echo(f"Restored {records:,} records of {manifest['made'][:16]}; {report.rows:,} facts built.")
    if force and (kept := kept_aside()):
        click.echo(f"What was there before is in {kept[-1]}; delete it when it is not needed.", err=True)


@click.group()
def keys():
    """Renew the keys of encrypted fields."""


@keys.command()
@click.option("--drop-old", is_flag=True, help="Then delete the old keys: older backups stay readable with their own.")
def rotate(drop_old):
    """Make a new key and rewrite everything encrypted with it. Safe to stop and to run again; servers may run."""
    from khet.core.accounts.models import system_user
    from khet.core.audit.services import record
    from khet.kit.secrets import new_key, old_keys
    from khet.kit.secrets import rotate as rewrite

    number = new_key()
    done = rewrite()
    dropped = _drop(rewrite) if drop_old else []
    record("keys.rotated", by=system_user(), after={"key": number, "dropped": dropped}, count=sum(done.values()))
    for name, count in done.items():
        click.echo(f"{name}: {count}")
    left = [path.name for path in old_keys()]
    click.echo(
        f"Key {number} is in use; {sum(done.values())} values rewritten. Old keys kept: {', '.join(left) or 'none'}."
    )


def _drop(rewrite) -> list[str]:
    """Once more after a pause: a server may have written with the old key in the second before it saw the new one."""
    import time

    from khet.kit.secrets import forget_keys, old_keys

    time.sleep(2)
    rewrite()
    names = [path.name for path in old_keys()]
    for path in old_keys():
        path.unlink()
    forget_keys()
    return names


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments):
    """Django's own commands, for engineers: khet manage shell."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["khet manage", *arguments])
