"""`khet indicators` and `khet explain`."""

import json
import sys

import click


def _org(code: str | None):
    from khet.core.orgs.queries import org_by_code

    if (org := org_by_code(code)) is None:
        if code:
            raise click.UsageError(f"no org has the code '{code}'. Codes are those of the school register.")
        raise click.UsageError("there is no office yet. Import a school register, or run: khet demo")
    return org


def _period(text: str | None):
    from khet.kit.periods import Period, PeriodError

    try:
        return Period.parse(text) if text else None
    except PeriodError as error:
        raise click.UsageError(str(error)) from None


def _up_to_date() -> None:
    from khet.facts.services import refresh

    refresh()


@click.command()
@click.option("--org", "code", metavar="CODE", help="an office, cluster or school; the first office when left out")
@click.option("--period", metavar="P", help="2567, 1/2567, ปีงบ 2568, AY2024 …; each indicator's newest when left out")
@click.option("--by", metavar="DIM", type=click.Choice(["grade", "sex", "group", "org", "cluster", "school"]),
              help="grade, sex, group; org (those directly below), cluster, school")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="one JSON document")
def indicators(code, period, by, as_json):
    """The value of every indicator, with parts, readings, target and what is missing."""
    from khet.core.accounts.models import system_user
    from khet.insight.indicators import document, queries

    _up_to_date()
    org, when = _org(code), _period(period)
    found = queries.values(system_user(), org=org, period=when)
    broken_down = queries.values(system_user(), org=org, period=when, by=by) if by else []
    page = document.of_values(org, when, found, by, broken_down)
    if as_json:
        click.echo(json.dumps(page, ensure_ascii=False, indent=1))
        return
    width = max((len(entry["id"]) for entry in page["indicators"]), default=0)
    for entry in page["indicators"]:
        click.echo(f"{entry['id']:<{width}}  {document.in_words(entry)}")
        for part in entry["by"]:
            click.echo(f"{'':<{width}}    {part['label']}: {document.in_words(part)}")
    known, of = sum(entry["value"] is not None for entry in page["indicators"]), len(page["indicators"])
    click.echo(f"{org.code} {org.name}: {known} of {of} indicators have a value; facts {page['facts_version']}")


@click.command()
@click.argument("indicator")
@click.option("--org", "code", metavar="CODE", help="an office, cluster or school; the first office when left out")
@click.option("--period", metavar="P", help="2567, 1/2567, ปีงบ 2568, AY2024 …; the newest when left out")
@click.option("--json", "as_json", is_flag=True, help="one JSON document")
def explain(indicator, code, period, as_json):
    """Why an indicator is what it is: formula, parts, files, what is missing, history."""
    from khet.core.accounts.models import system_user
    from khet.core.catalogue import CatalogueError
    from khet.insight.indicators import document
    from khet.insight.indicators.explain import explain as explained

    _up_to_date()
    org, when = _org(code), _period(period)
    try:
        found = explained(system_user(), indicator, org, when)
    except CatalogueError as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        click.echo(json.dumps(document.of_explanation(org, found), ensure_ascii=False, indent=1))
        return
    for line in document.told(org, found):
        click.echo(line)
    sys.exit(0)
