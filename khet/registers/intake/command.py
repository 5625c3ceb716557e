"""`khet import`: load files, undo a load, list the sources."""

import json
import sys

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class ImportGroup(click.Group):
    """`khet import FILE…` beside `khet import undo BATCH` and `khet import sources`."""

    def resolve_command(self, ctx, args):
        return super().resolve_command(ctx, args if args and args[0] in self.commands else ["files", *args])

    def parse_args(self, ctx, args):
        # Options before the first file belong to the files; the group has none but --help.
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["files", *args]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx):
        return ["FILE... [--source ID] [--as-of DATE] [--dry-run] [--json] | undo BATCH | sources"]


@click.group(name="import", cls=ImportGroup, context_settings={"help_option_names": ["-h", "--help"]})
def import_():
    """Load files an office already has, with checks and a difference; undo a load; list the sources."""


@import_.command("files", hidden=True)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--source", default="", help="Id of the source, when it is not to be recognised.")
@click.option("--as-of", "as_of", default="", help="The day the data speak of: 2024-06-10 or 10/06/2567.")
@click.option("--dry-run", is_flag=True, help="Check and show the difference; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def load(files, source, as_of, dry_run, as_json):
    """Check files and load them. Exit code 1 when rows were rejected or something waits for a person."""
    from khet.core.accounts.models import system_user
    from khet.core.catalogue import CatalogueError, catalogue
    from khet.registers.intake import services
    from khet.registers.intake.period import parse_as_of

    try:
        day = parse_as_of(as_of) if as_of else None
        if source:
            catalogue().get("source", source)
    except (ValueError, CatalogueError) as error:
        raise click.UsageError(str(error)) from None
    by, show = system_user(), (lambda batch: None) if as_json else (lambda batch: _show(batch, dry_run))
    readable, failures = _readable(files)
    batches = services.receive_all(readable, by=by, source=source, as_of=day)
    faulty, document = (_rehearse if dry_run else _load)(batches, by, show)
    if as_json:
        document["files"] += failures
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    sys.exit(1 if failures or faulty else 0)


def _readable(files) -> tuple[list, list[dict]]:
    """(files that can be read, what is wrong with the others)"""
    from khet.registers.intake import report
    from khet.registers.intake.reading import FileError, members
    from khet.registers.intake.receiving import content_of

    readable, failures = [], []
    for file in files:
        try:
            members(content_of(file)[0], file)
            readable.append(file)
        except FileError as error:
            failures.append(report.failure(click.format_filename(file, shorten=True), str(error)))
            click.echo(f"{click.format_filename(file, shorten=True)}: {error}", err=True)
    return readable, failures


def _load(batches, by, show) -> tuple[bool, dict]:
    """Every load through check and commit; (whether one has faults, the document of `--json`)."""
    from khet.registers.intake import report, services
    from khet.registers.intake.models import State

    for batch in batches:
        services.check(batch, by=by, keep=False)
        if batch.state == State.CHECKED:
            services.commit(batch, by)
        show(batch)
    return any(report.has_faults(batch) for batch in batches), report.document(batches, [])


def _rehearse(batches, by, show) -> tuple[bool, dict]:
    """Every load through check, each after those before it have been written; then all of it is rolled back.

    Files that build on each other (a register, then its enrolment) show what they would bring, and nothing stays.
    """
    from django.db import transaction

    from khet.registers.intake import report, services
    from khet.registers.intake.models import State

    faulty, document = False, report.document([], [])
    with transaction.atomic():
        for batch in batches:
            services.check(batch, by=by, keep=False)
            show(batch)
            faulty |= report.has_faults(batch)
            document["files"] += report.document([batch], [])["files"]
            if batch.state == State.CHECKED and batch is not batches[-1]:
                services.commit(batch, by)
        transaction.set_rollback(True)
    for batch in batches:
        batch.refresh_from_db()
        services.discard(batch, by=by)
    return faulty, document


def _show(batch, dry_run) -> None:
    """What became of a load: counts, questions, and each kind of fault with its first places."""
    from khet.registers.intake import report

    words = [_("read"), _("new"), _("changed"), _("same as before"), _("gone"), _("rejected"), _("held back")]
    names = ", ".join(file.name for file in batch.files.all())
    click.echo(f"{names}  →  {batch.title}" + (f"  ({batch.period})" if batch.period else ""))
    if batch.counts:
        counts = zip(words, report.COUNTS, strict=True)
        click.echo("  " + "   ".join(f"{word} {batch.counts[key]:,}" for word, key in counts if batch.counts[key]))
    if batch.message:
        click.echo(f"  {batch.message}")
    for item in batch.waiting:
        entry = report.confirmation(item)
        suggestion = entry["suggestion"]
        which = f" → {suggestion['code']} {suggestion['name']}?" if suggestion else ""
        click.echo("  ? " + _("to confirm: %(code)s “%(name)s”") % entry + which)
    marks = {"error": "✗", "warning": "!", "note": "·"}
    for kind in report.kinds(batch):
        rows = ", ".join(str(row) for row in kind["rows"])
        places = ngettext("row %(rows)s", "rows %(rows)s", len(kind["rows"])) % {"rows": rows} if rows else ""
        where = ", ".join(filter(None, [kind["column"], places]))
        more = f" … ({kind['count']:,})" if kind["count"] > len(kind["rows"]) and rows else ""
        click.echo(f"  {marks[kind['severity']]} {where}{more}{': ' if where else ''}{kind['message']}")
    state = _("nothing was written (dry run)") if dry_run else _("load %(pk)s: %(state)s") % {
        "pk": batch.pk, "state": batch.get_state_display()}  # fmt: skip
    click.echo(f"  {state}")


@import_.command("confirm")
@click.argument("batch", type=int)
@click.argument("answers", nargs=-1, metavar="[NAME=CODE]...")
@click.option("--suggested", is_flag=True, help="Take the suggestion wherever there is one.")
def confirm(batch, answers, suggested):
    """Say which school a name means, and load the rows that waited for it."""
    from khet.core.accounts.models import system_user
    from khet.core.orgs.models import Org
    from khet.registers.intake import report, services
    from khet.registers.intake.models import Batch

    found, by = Batch.objects.filter(pk=batch).first(), system_user()
    if found is None:
        raise click.UsageError(_("There is no load %(number)s.") % {"number": batch})
    said = dict(answer.rpartition("=")[::2] for answer in answers)
    for item in list(found.waiting):
        code = said.get(item["key"]) or said.get(item["name"])
        org = Org.objects.filter(code=code).first() if code else None
        if code and org is None:
            raise click.UsageError(_("There is no org with the code %(code)s.") % {"code": code})
        if org is None and suggested and item["kind"] != "closure" and item["suggestion"]:
            org = Org.objects.filter(pk=item["suggestion"]).first()
        if org is not None:
            services.confirm_match(found, item["key"], org, by=by)
    services.check(found, by=by, keep=False)
    services.commit(found, by)
    _show(found, False)
    sys.exit(1 if report.has_faults(found) else 0)


@import_.command("undo")
@click.argument("batch", type=int)
@click.option("--reason", default="", help="Why; kept in the trail.")
def undo(batch, reason):
    """Put back what a load replaced and remove what it created."""
    from khet.core.accounts.models import system_user
    from khet.registers.intake.models import Batch
    from khet.registers.intake.services import IntakeError
    from khet.registers.intake.undo import undo as undo_batch

    found = Batch.objects.filter(pk=batch).first()
    if found is None:
        raise click.UsageError(_("There is no load %(number)s.") % {"number": batch})
    try:
        undo_batch(found, system_user(), reason)
    except IntakeError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(_("load %(pk)s: %(state)s") % {"pk": found.pk, "state": found.get_state_display()})


@import_.command("sources")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def sources(as_json):
    """The kinds of files Khet knows, in the order they are loaded."""
    from khet.core.catalogue import catalogue

    known = sorted(catalogue().all("source"), key=lambda s: s.order)
    if as_json:
        rows = [
            {
                "id": source.id,
                "title": source.title.model_dump(),
                "target": source.target,
                "columns": [column.headers[0] for column in source.columns],
            }
            for source in known
        ]
        click.echo(json.dumps({"sources": rows}, ensure_ascii=False, indent=2))
        return
    width = max((len(s.id) for s in known), default=0)
    for source in known:
        click.echo(f"{source.id:{width}}  {source.title}")
