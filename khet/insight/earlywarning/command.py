"""`khet warn`: how well an outcome can be foreseen from any table. Evaluating needs neither a database nor Django."""

import json

import click

FILE = click.Path(exists=True, dir_okay=False, readable=True)
_TITLES = {
    "model": "Khet's model",
    "baseline_rule": "plain rule",
    "logistic_regression": "logistic regression, as shipped",
    "gradient_boosting": "gradient boosting, as shipped",
}


@click.group()
def warn():
    """Early warning: judge it on any table."""


@warn.command()
@click.argument("data", type=FILE)
@click.option("--outcome", required=True, metavar="COL", help="what to foresee; also 'G3<10', 'score<20%', 'end=Left'")
@click.option("--positive", metavar="VALUE", help="the value of the outcome that is the risk (default: by its words)")
@click.option("--time", metavar="COL", help="cohort, year or term: learn on earlier ones, judge a later one")
@click.option("--group", "groups", multiple=True, metavar="COL", help="compare groups; may be repeated")
@click.option("--capacity", type=click.IntRange(1), metavar="K", help="pupils who can be helped (default: a tenth)")
@click.option("--drop", multiple=True, metavar="COL", help="no input; may be repeated")
@click.option("--keep", multiple=True, metavar="COL", help="an input although it looks like a leak; may be repeated")
@click.option("--seed", default=2568, show_default=True, help="the same seed gives the same figures")
@click.option("--json", "as_json", is_flag=True, help="one JSON document on stdout")
def evaluate(data, outcome, as_json, **wish):
    """Judge how well DATA (csv, tsv, xlsx, parquet, also .gz) foretells an outcome, beside a plain rule."""
    from khet.insight.earlywarning.evaluating import EvaluationError, read_table
    from khet.insight.earlywarning.evaluating import evaluate as judge

    wish = {name: value if isinstance(value, str | int | None) else tuple(value) for name, value in wish.items()}
    try:
        found = judge(read_table(data), outcome, **wish)
    except EvaluationError as error:
        raise (click.UsageError if error.wrong_use else click.ClickException)(str(error)) from None
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _show(data, found)


def _show(data: str, found: dict) -> None:
    click.secho(f"{data}: {found['outcome']['positive']}", bold=True)
    click.echo(f"  {found['n']:,} rows judged, {found['positives']:,} with the outcome ({found['rate']:.1%}); "
               f"the list takes {found['k']:,}")  # fmt: skip
    click.echo(f"  {found['split']['words']}")
    heads = {"AUC": 7, "": 17, "AP": 7, "precision": 11, "recall": 8, "slope": 8, "interc.": 9, "Brier": 8}
    click.echo(f"  {'':32}{''.join(head.rjust(width) for head, width in heads.items())}")
    for name, title in _TITLES.items():
        click.echo("  " + _line(title, found if name == "model" else found[name]))
    recall = found["against_rule"]["recall_at_k"]
    low, high = recall["interval"]
    verdict = "shown to users" if found["against_rule"]["shown"] else "not shown to users: the plain rule does as well"
    click.echo(f"  Recall against the rule {recall['difference']:+.3f} ({low:+.3f} to {high:+.3f}): {verdict}")
    click.echo(f"  The rule counts: {'; '.join(found['baseline_rule']['signs']) or 'nothing tells'}")
    for column, groups in found["groups"].items():
        for group, figures in groups.items():
            click.echo("  " + _group(column, group, figures))
    for notice in found["notices"]:
        click.secho(f"  note: {notice}", fg="yellow")
    left_out = "; ".join(f"{one['column']} ({one['why']})" for one in found["columns"]["left_out"])
    if left_out:
        click.echo(f"  Left out: {left_out}")


def _line(title: str, figures: dict) -> str:
    low, high = figures["intervals"]["auc"]
    fit = figures["calibration"]
    told = [f"{title:32}{figures['auc']:7.3f} ({low:.3f}–{high:.3f}) {figures['average_precision']:7.3f}"]
    told.append(f"{figures['precision_at_k']:11.3f}{figures['recall_at_k']:8.3f}")
    for name, width in (("slope", 8), ("intercept", 9)):
        told.append("–".rjust(width) if fit[name] is None else f"{fit[name]:{width}.2f}")
    return "".join([*told, f"{fit['brier']:8.3f}"])


def _group(column: str, group: str, figures: dict) -> str:
    recall = "–" if figures["recall_at_k"] is None else f"{figures['recall_at_k']:.3f}"
    told = f"{column} {group}: {figures['n']:,} rows, rate {figures['rate']:.1%}, recall {recall}"
    if figures["gap"] is None:
        return f"{told}; too few outcomes to compare"
    low, high = figures["gap_interval"]
    return f"{told}, against the others {figures['gap']:+.3f} ({low:+.3f} to {high:+.3f})"


@warn.command()
@click.option("--org", "code", metavar="CODE", help="an office; the first one when left out")
@click.option("--capacity", type=click.IntRange(1), metavar="K", help="pupils who can be helped at a time")
@click.option("--json", "as_json", is_flag=True, help="one JSON document on stdout")
def run(code, capacity, as_json):
    """Make the list of an office from its registers: counts only; pupils are seen on the pages, by who may."""
    from khet.core.accounts.models import system_user
    from khet.core.orgs.queries import org_by_code
    from khet.insight.earlywarning import services

    if (office := org_by_code(code)) is None:
        raise click.UsageError(f"no org has the code '{code}'." if code else "there is no office yet.")
    try:
        made = services.carry_out(services.ask(office, by=system_user(), capacity=capacity))
    except services.RunError as error:
        raise click.ClickException(str(error)) from None
    if made.state != made.State.DONE:
        raise click.ClickException(made.message)
    if as_json:
        figures = {"year": made.period.code, "day": made.day.isoformat(), "pupils": made.pupils, "listed": made.listed}
        click.echo(json.dumps(figures | {"method": made.method, "card": made.card}, ensure_ascii=False, indent=1))
        return
    click.echo(f"{office.code}: {made.listed:,} of {made.pupils:,} pupils listed by the {made.get_method_display()}"
               f", {made.period.code}, as of {made.day}")  # fmt: skip
