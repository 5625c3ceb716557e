"""`khet plan`: read a document, adopt it, follow the plan. Reading needs neither a database nor Django."""

import json
import sys
from functools import cache

import click

EMPTY = {
    "vision": None, "values": [], "missions": [], "goals": [], "strategies": [], "indicators": [], "notices": [],
    "complete": False,
}  # fmt: skip
FILE = click.Path(exists=True, dir_okay=False, readable=True)


@click.group()
def plan():
    """Read, adopt and follow a plan."""


@plan.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON document on stdout: an object, or a list for several files."
)
def read(files, as_json):
    """Read plan documents (txt, html, docx, pdf) and show their structure."""
    read_ones = [_read(file) for file in files]
    if as_json:
        found = [structure for structure, _failed in read_ones]
        click.echo(json.dumps(found[0] if len(files) == 1 else found, ensure_ascii=False, indent=2))
    else:
        for file, (structure, _failed) in zip(files, read_ones, strict=True):
            _show(file, structure)
    sys.exit(1 if any(failed for _structure, failed in read_ones) else 0)


def _read(file) -> tuple[dict, bool]:
    """(structure, False), or an empty structure whose notice says why the file could not be read, and True."""
    from khet.plan.reader import UnreadableDocument, read_plan

    try:
        return read_plan(file, suggest=_suggester()), False
    except UnreadableDocument as error:
        words = str(error)
    except Exception as error:  # one bad file must not hide what the others hold
        words = f"{file}: {type(error).__name__}: {error}. Open it, save it again as PDF or text, and try that."
    click.echo(words, err=True)
    return EMPTY | {"notices": [{"line": 0, "message": words}]}, True


@cache
def _suggester():
    """Finds the catalogue's measure for an indicator, with settings of its own: nothing of the office is touched."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
    from khet.core.catalogue import kind
    from khet.insight.indicators.schema import Indicator

    kind("indicator", "*/indicators.yaml", Indicator, editions=True)
    from khet.plan.suggestions import suggest

    def measure(indicator):
        found = suggest(indicator.text, targets=[target.as_dict() for target in indicator.targets])
        return found.indicator if found else None

    return measure


def _show(file: str, plan: dict) -> None:
    click.secho(file, bold=True)
    if plan["vision"]:
        click.echo(f"  vision      {plan['vision']}")
    for value in plan["values"]:
        click.echo(f"  value       {value['name']}  {value['text']}")
    for name, label in (("missions", "mission"), ("goals", "goal")):
        for number, text in enumerate(plan[name], start=1):
            click.echo(f"  {label:<8}{number:>3} {text}")
    for strategy in plan["strategies"]:
        click.echo(f"  strategy{strategy['number']:>3} {strategy['title']}")
        for number, text in enumerate(strategy["goals"], start=1):
            click.echo(f"      goal   {number:>3} {text}")
        for number, text in enumerate(strategy["tactics"], start=1):
            click.echo(f"      tactic {number:>3} {text}")
        for number, indicator in enumerate(strategy["indicators"], start=1):
            click.echo(f"      indicator{number:>2} {indicator['text']}{_targets(indicator)}")
    for indicator in plan["indicators"]:
        click.echo(f"  indicator   {indicator['text']}{_targets(indicator)}")
    for notice in plan["notices"]:
        click.secho(f"  look at line {notice['line']}: {notice['message']}", fg="yellow")


def _targets(indicator: dict) -> str:
    parts = []
    for target in indicator["targets"]:
        words = [target["direction"], target["value"], target["unit"], target["reference"], target["year"]]
        parts.append(" ".join(str(word) for word in words if word is not None))
    return f"  [{'; '.join(parts)}]" if parts else ""


@plan.command()
@click.argument("file", type=FILE)
@click.option("--org", "code", required=True, help="Code of the office.")
@click.option("--from-year", required=True, type=int, help="First fiscal year, B.E.")
@click.option("--to-year", required=True, type=int, help="Last fiscal year, B.E.")
def adopt(file, code, from_year, to_year):
    """Read a document and put it in force as the plan of an office."""
    from khet.core.accounts.models import system_user
    from khet.core.orgs.queries import org_by_code
    from khet.kit.periods import from_be
    from khet.plan import services

    org = org_by_code(code)
    if org is None:
        raise click.BadParameter(f"no org has the code '{code}'.", param_hint="--org")
    by = system_user()
    try:
        document = services.receive_document(org, file, by=by)
        draft = services.draft_edition(document, from_be(from_year), from_be(to_year), by=by)
        warnings = services.faults(draft)
        edition = services.adopt(draft, by=by, leave_open="no number of the catalogue fits its words")
    except (services.PlanError, services.DocumentError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    _show_adopted(edition, warnings)


def _show_adopted(edition, warnings) -> None:
    from khet.plan.queries import plan_of
    from khet.plan.words import target_words

    plan = plan_of(edition)
    for branch in plan.branches:
        click.secho(f"{branch.item.number}. {branch.item}" if branch.item else "outside any strategy", bold=True)
        for item in branch.indicators:
            binding = item.binding
            words = target_words(binding.targets.all(), binding.definition) or "no target"
            click.echo(f"   {item.text}\n      {binding.indicator or 'NOT BOUND: ' + binding.unbound_reason}  {words}")
    for warning in warnings:
        click.secho(f"look at: {warning.item or edition}: {warning.message}", fg="yellow")
    bound = sum(1 for item in plan.indicators if item.binding.indicator)
    strategies = sum(1 for branch in plan.branches if branch.item)
    click.echo(
        f"{edition.org.code}: plan {edition} is in force; {strategies} strategies, "
        f"{len(plan.indicators)} indicators, {bound} bound, {len(warnings)} to look at"
    )


@plan.command()
@click.option("--org", "code", help="Code of the office (default: the first).")
@click.option("--period", help="AY2024, FY2025, 2567, ปีงบ 2568 … (default: the newest with data).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def status(code, period, as_json):
    """Every indicator of the plan in force: value, target, status, age."""
    from khet.core.accounts.models import system_user
    from khet.core.orgs.queries import org_by_code
    from khet.kit.periods import Period, PeriodError
    from khet.plan.status import as_document, plan_status

    org = org_by_code(code)
    if org is None:
        raise click.BadParameter(
            f"no org has the code '{code}'." if code else "there is no office yet.", param_hint="--org"
        )
    try:
        wanted = Period.parse(period) if period else None
    except PeriodError as error:
        raise click.BadParameter(str(error), param_hint="--period")
    found = plan_status(system_user(), org, wanted)
    if found is None:
        click.echo(f"{org.code} has no plan in force. Adopt one: khet plan adopt FILE --org {org.code} …", err=True)
        sys.exit(1)
    document = as_document(found)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _show_status(document)


def _show_status(document: dict) -> None:
    for strategy in document["strategies"]:
        title = f"{strategy['number']}. {strategy['title']}" if strategy["number"] else "outside any strategy"
        click.secho(title, bold=True)
        for indicator in strategy["indicators"]:
            value = (
                "–"
                if indicator["value"] is None
                else f"{indicator['value']:,.{indicator['decimals']}f} {indicator['unit']}"
            )
            click.echo(
                f"   {indicator['status']:<10}{value:>16}   {indicator['target_words'] or '–':<24} {indicator['text']}"
            )
            if indicator["note"]:
                click.echo(f"   {'':<10}{'':>16}   {indicator['note']}")
    counts = ", ".join(f"{number} {name}" for name, number in document["counts"].items() if number)
    click.echo(f"{document['org']}: plan {document['plan']['from_year_be']}–{document['plan']['to_year_be']}: {counts}")
