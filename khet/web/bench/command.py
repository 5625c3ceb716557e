"""`khet bench`: the budgets on this machine, each as a ratio to its limit or to a peer of the same run."""

import json
import platform
from dataclasses import asdict
from pathlib import Path

import click

from khet.web.bench.measure import measure, report
from khet.web.bench.reading import keep_reading
from khet.web.bench.works import BENCHMARKS


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
@click.option("--step", type=(str, click.Path(path_type=Path)), hidden=True, help="a step in a process of its own")
@click.option("--read", "reads", is_flag=True, hidden=True, help="keep reading, as a busy server does")
def bench(names, as_json, step, reads):
    """Measure the budgets (all of them, or those named)."""
    if reads:
        keep_reading()
        return
    if step:
        _step(names[0], *step)
        return
    if unknown := [name for name in names if name not in BENCHMARKS]:
        raise click.UsageError(f"no benchmark '{unknown[0]}'. There are: {', '.join(BENCHMARKS)}.")
    results = {}
    for name in names or BENCHMARKS:
        figures = results[name] = measure(BENCHMARKS[name])
        if not as_json:
            _print(name, figures)
    if as_json:
        content = {
            name: [asdict(figure) | {"holds": figure.holds} for figure in found] for name, found in results.items()
        }
        click.echo(json.dumps({"machine": platform.platform(), "benchmarks": content}, ensure_ascii=False, indent=1))


def _step(name, step, folder):
    benchmark = BENCHMARKS[name]
    if step == "prepare":
        benchmark.prepare(folder)
    else:
        click.echo(report(benchmark.run(folder)))


def _print(name, figures):
    click.echo(f"\n{name}: {BENCHMARKS[name].title}")
    for figure in figures:
        bound = ""
        if figure.ratio is not None:
            sign = "at least" if figure.least else "at most"
            verdict = "holds" if figure.holds else "NOT REACHED"
            bound = f"{sign} {figure.limit:,.3g} {figure.unit}   ratio {figure.ratio:.2f}   {verdict}"
        click.echo(f"  {figure.name:44} {figure.value:>10,.3f} {figure.unit:8} {bound}  {figure.note}".rstrip())
