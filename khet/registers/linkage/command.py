"""`khet link`: match two lists of persons, or find those who stand twice in one. Needs neither a home nor Django."""

import sys
from pathlib import Path

import click

SHOWN = 20
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command()
@click.argument("left", type=FILE)
@click.argument("right", type=FILE, required=False)
@click.option("--map", "mapping", type=FILE, help="YAML that says which column holds what.")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Least probability of a pair (default 0.5).",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the pairs to this csv file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def link(left, right, mapping, threshold, out, as_json):
    """Match the persons of LEFT with those of RIGHT, or find the persons who stand twice in LEFT.

    Files are csv, tsv, xlsx or parquet (each also .gz). Columns are recognised by their names, in Thai or English,
    and by what stands in them.
    """
    from khet.registers.linkage.engine.columns import BadMap
    from khet.registers.linkage.engine.files import UnreadableList
    from khet.registers.linkage.engine.linking import THRESHOLD
    from khet.registers.linkage.engine.linking import link as match

    try:
        linked = match(left, right, mapping=mapping, threshold=threshold or THRESHOLD)
    except BadMap as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except UnreadableList as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    for note in linked.notes:
        click.echo(note, err=True)
    if out:
        linked.write(out)
    if as_json:
        for piece in linked.json():
            click.echo(piece, nl=False)
        click.echo()
    else:
        _show(linked, left, right, out)


def _show(linked, left: Path, right: Path | None, out: Path | None) -> None:
    for name, side in zip((left, right), linked.roles, strict=False):
        click.secho(str(name), bold=True)
        for role, columns in side.described().items():
            click.echo(f"  {role:<16} {', '.join(columns)}")
        if side.left_out:
            click.echo(f"  {'not used':<16} {', '.join(side.left_out)}")
    if not out:
        for a, b, probability, reasons in linked.pairs(at_most=SHOWN):
            click.echo(f"  {a} = {b}  {probability:.3f}  {'; '.join(reasons)}")
        if linked.count() > SHOWN:
            click.echo(f"  … and {linked.count() - SHOWN:,} more; write them all with --out PAIRS.csv")
    click.echo(_outcome(linked))


def _outcome(linked) -> str:
    rows, others = linked.counts
    if linked.within:
        return f"{rows:,} rows, {linked.count():,} pairs of one person"
    alone = linked.unmatched_count()
    return f"{rows:,} and {others:,} rows, {linked.count():,} pairs, {alone:,} of the first list without a partner"
