"""`khet facts build`."""

import click


@click.group()
def facts():
    """Build the facts from the records."""


@facts.command()
@click.option("--only", metavar="FEED", help="one feed: enrolments, staff, absences, marks, residents, orgs, figures")
def build(only):
    """Read every register again and swap the facts in; safe to run at any time and twice."""
    from khet.facts.services import build as build_facts

    try:
        report = build_facts(only)
    except LookupError as error:
        raise click.UsageError(str(error)) from None
    click.echo(
        f"{report.rows:,} facts from {report.feeds} feeds in {report.seconds:.2f} s; "
        f"{len(report.changed)} of {len(report.built)} files changed; version {report.version}"
    )
