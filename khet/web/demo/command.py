"""`khet demo`: fill a made-up office and serve it."""

import os
import subprocess
import sys

import click


@click.command()
@click.option("--schools", default=100, show_default=True, type=click.IntRange(1, 500))
@click.option("--pupils", default=10_000, show_default=True, type=click.IntRange(20, 200_000))
@click.option("--years", default=3, show_default=True, type=click.IntRange(1, 8), help="Academic years of records.")
@click.option("--seed", default=2568, show_default=True, type=click.IntRange(0), help="Another number, another office.")
@click.option("--no-serve", is_flag=True, help="Fill only.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(schools, pupils, years, seed, no_serve, port):
    """Fill a made-up office and serve it. Safe to run twice: an office that is there is only served."""
    from datetime import date

    from khet.core.orgs.queries import default_office
    from khet.kit.home import home
    from khet.web.demo import lists
    from khet.web.demo.accounts import ACCOUNTS, PASSWORD
    from khet.web.demo.build import DemoError, build_demo, load_the_past
    from khet.web.demo.marker import Marker
    from khet.web.demo.tasks import load_later

    if pupils < schools:
        raise click.BadParameter("fewer pupils than schools.", param_hint="--pupils")
    wanted = Marker(schools, pupils, years, seed, date.today().isoformat())
    try:
        report = build_demo(wanted, lambda words: click.echo(f"  {words}"), defer=not no_serve)
        if no_serve:
            load_the_past(lambda words: click.echo(f"  {words}"))
    except DemoError as error:
        raise click.ClickException(str(error)) from None
    if report.loads:
        click.echo(
            f"{home()}: {report.loads} files, {report.rows:,} rows, {report.rejected} refused, "
            f"{report.waiting} names to confirm; {report.seconds:.1f} s"
        )
    click.echo(f"Sign in as {', '.join(a.username for a in ACCOUNTS)}; the password is {PASSWORD}")
    if not no_serve:
        if report.later:
            click.echo(f"{report.later} files of earlier years are loaded while you look around")
        load_later.enqueue()
        _serve(port)
    elif lists.are_missing(default_office()):
        click.echo("Pairs to judge and the early-warning list are made when the office is served: khet demo")


def _serve(port: int) -> None:
    """A process of its own: settings were read before this home was a demo."""
    command = [sys.executable, "-m", "khet.config.cli", "serve", "--port", str(port)]
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(sys.executable, command)  # noqa: S606  our own command, no shell
    sys.exit(subprocess.run(command, check=False).returncode)  # noqa: S603
