"""`khet`: every command, each loaded only when it is called, so that the command starts quickly."""

import importlib
import os
import sys

import click

# name → where its click command lives, and the line of help shown without loading it
_COMMANDS = {
    "demo": ("khet.web.demo.command:demo", "Fill a made-up office and serve it."),
    "serve": ("khet.config.commands:serve", "Serve the office in KHET_HOME."),
    "worker": ("khet.config.commands:worker", "Do the work that waits in the queue."),
    "check": ("khet.config.commands:check", "Check the catalogue and the installation."),
    "plan": ("khet.plan.command:plan", "Read, adopt and follow a plan."),
    "import": ("khet.registers.intake.command:import_", "Load files; undo a load; list the sources."),
    "facts": ("khet.facts.command:facts", "Build the facts from the records."),
    "indicators": ("khet.insight.indicators.command:indicators", "The value of every indicator."),
    "explain": ("khet.insight.indicators.command:explain", "Why an indicator is what it is."),
    "warn": ("khet.insight.earlywarning.command:warn", "Early warning: judge it on any table."),
    "backup": ("khet.config.commands:backup", "Write everything the office owns into one file."),
    "restore": ("khet.config.commands:restore", "Put back what a backup holds."),
    "keys": ("khet.config.commands:keys", "Renew the keys of encrypted fields."),
    "bench": ("khet.web.bench.command:bench", "Measure the budgets on this machine."),
    "manage": ("khet.config.commands:manage", "Django's own commands, for engineers."),
}
# These prepare the database themselves, or must find it as it is.
_WITHOUT_DATABASE = {"restore", "manage"}


class Khet(click.Group):
    """A group that imports a command at its call."""

    def list_commands(self, ctx):
        return list(_COMMANDS)

    def get_command(self, ctx, name):
        if name not in _COMMANDS:
            return None
        if not _only_reads_files():
            prepare(database=name not in _WITHOUT_DATABASE and not _asks_for_help())
        module, attribute = _COMMANDS[name][0].split(":")
        return getattr(importlib.import_module(module), attribute)

    def format_commands(self, ctx, formatter):
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_where, words) in _COMMANDS.items()])


def _only_reads_files() -> bool:
    """`khet plan read` and `khet warn evaluate` need neither settings nor records, and so make and touch no home."""
    return sys.argv[1:3] in (["plan", "read"], ["warn", "evaluate"])


def _asks_for_help() -> bool:
    return bool({"--help", "-h"} & set(sys.argv[2:]))


def prepare(*, database: bool = True) -> None:
    """Settings and, for a command that needs records, an up-to-date database (an empty home is filled)."""
    os.umask(0o077)  # what Khet makes is its owner's alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.config.settings")
    from khet.config.restore import finish_swap

    finish_swap()  # of a restore that was stopped half-way
    import django

    django.setup()
    if database:
        from khet.config.database import bring_up_to_date

        bring_up_to_date()


@click.group(cls=Khet, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="khet")
def khet():
    """Khet makes the plan of an education service area office run."""


def main():
    """Entry point: exit code 0 done, 1 found faults, 2 wrong use; errors go to stderr."""
    try:
        khet(prog_name="khet")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
