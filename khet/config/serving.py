"""The processes of a running office: page servers that share one socket, and the worker of the queue."""

import ipaddress
import logging
import multiprocessing
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time

import click

from khet.kit.home import home, room

RESTART_AFTER = 2  # seconds before a worker that fell over is started again
SERVER = "KHET_SERVER_PROCESS"  # variable by which page servers know who started them
LOOK_ROUND_EVERY = 60  # seconds between two looks at what regular work is due
WORKER_GRACE = 20  # seconds a task has to end when the server stops
# Requests wait on the database, not on each other: a few threads a process are enough, and each holds a connection.
THREADS = 4


def serve_pages(host: str, port: int, processes: int) -> None:
    """Serve until Ctrl-C or a stop signal. Raises click.ClickException when the address cannot be used."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _check_address(host, port)
    _allow_host(host)
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    invitation = _first_run(host, url)
    os.environ[SERVER] = str(os.getpid())
    if multiprocessing.get_start_method() == "fork":
        _load_for_all()
    connections.close_all()  # page servers are forked from here and must not share a connection
    server = Granian(
        "khet.config.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=processes,
        blocking_threads=THREADS, log_level=LogLevels.warning, respawn_failed_workers=True, websockets=False,
        workers_kill_timeout=WORKER_GRACE,
    )  # fmt: skip
    worker = QueueWorker()

    note = room("serving") / str(os.getpid())  # a restore looks here, and waits until nobody serves

    @server.on_startup
    def begin():
        note.touch()
        if hasattr(signal, "SIGHUP"):  # a closed terminal ends the server instead of reloading it
            signal.signal(signal.SIGHUP, server.signal_handler_interrupt)
        worker.start()
        click.echo(invitation)

    server.on_shutdown(worker.stop)
    try:
        server.serve()
    finally:
        note.unlink(missing_ok=True)


def _load_for_all() -> None:
    """What every page server needs, read before they are forked: once instead of by each, and held in memory once."""
    from django.urls import get_resolver

    from khet.core.catalogue import catalogue
    from khet.kit.collecting import settle

    catalogue()
    get_resolver().url_patterns  # noqa: B018  imports all views
    settle()


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def is_loopback(host: str) -> bool:
    """True for an address that only this machine reaches."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_address(host: str, port: int) -> None:
    """A plain word now rather than a stack trace from a page server."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise click.ClickException(
            f"{host}:{port} cannot be used ({error.strerror}). Choose another --port or --host."
        ) from None


def _allow_host(host: str) -> None:
    """Requests that name another host are refused; an address given on the command line is a host we answer to."""
    if os.environ.get("KHET_HOSTS") or is_loopback(host):
        return
    if host in ("0.0.0.0", "::"):  # noqa: S104  compared, not bound
        raise click.ClickException(
            f"--host {host} listens on every address; say by which names the server is reached: "
            "KHET_HOSTS=khet.office.example,192.0.2.10 khet serve --host " + host
        )
    _set("KHET_HOSTS", f"{host},127.0.0.1,localhost", ALLOWED_HOSTS=[host, "127.0.0.1", "localhost"])


def _set(variable: str, value: str, **now) -> None:
    """A setting decided at the start: for page servers that are forked from here, and for those that begin anew."""
    from django.conf import settings

    os.environ[variable] = value
    for name, word in now.items():
        setattr(settings, name, word)


def _first_run(host: str, url: str) -> str:
    """What to print at the start; opens the wizard to whoever can read it, and to nobody else."""
    from khet.core.accounts.queries import nobody_works_here

    if not nobody_works_here():
        return f"Khet serves {home()} at {url} (Ctrl-C stops it)"
    exposed = not is_loopback(host) or os.environ.get("KHET_HTTPS") == "1" or os.environ.get("KHET_HOSTS")
    token = secrets.token_urlsafe(24) if exposed else ""
    _set("KHET_SETUP_TOKEN", token, KHET_SETUP_TOKEN=token)
    address = f"{url}setup/?token={token}" if token else url
    return f"Nothing is set up in {home()} yet. Open {address} and Khet leads you through (Ctrl-C stops it)"


class QueueWorker:
    """`khet worker` beside the page servers; started again when it falls over, stopped with them."""

    def __init__(self):
        self.stopping = threading.Event()
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        self._spawn()
        threading.Thread(target=self._watch, name="khet-worker-watch", daemon=True).start()

    def _spawn(self) -> None:
        # Its own session: Ctrl-C reaches the server alone, which then lets a running task end.
        command = [sys.executable, "-m", "khet.config.cli", "worker", "--beside-server", str(os.getpid())]
        self.process = subprocess.Popen(command, start_new_session=True)  # noqa: S603  our own program

    def _watch(self) -> None:
        while True:
            self.process.wait()
            if self.stopping.wait(RESTART_AFTER):
                return
            self._spawn()

    def stop(self) -> None:
        self.stopping.set()
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(WORKER_GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()


def work(*, server: int | None = None) -> None:
    """Do the tasks of the queue until a stop signal; beside a server also when that process has gone.

    The server says who it is: one killed while this was still starting is nobody's parent any more.
    """
    from django.core.management import call_command

    threading.Thread(target=_come_round, name="khet-rounds", daemon=True).start()
    if server:
        end_with(server)
    call_command("db_worker", interval=0.5, startup_delay=False, reload=False)


def _come_round() -> None:
    """Each minute what is due of the regular work: sealing the trail, erasing what was removed, and what rooms add."""
    from django.db import OperationalError, connection

    from khet.core.jobs.services import run_due

    while True:
        try:
            run_due()
        except OperationalError as error:  # a long load is being written: the next round takes it
            logging.getLogger("khet.serving").info("regular work waits: %s", error)
        finally:
            connection.close()
        time.sleep(LOOK_ROUND_EVERY)


def end_with(parent: int) -> None:
    """A server that was killed cannot stop what it started, so each of these looks for itself whether it is there.

    Ends at once when the server went before this one had begun: a signal could be lost while it is still starting.
    """
    if os.getppid() != parent:
        os._exit(0)

    def watch():
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(WORKER_GRACE)
        os._exit(1)

    threading.Thread(target=watch, name="khet-parent-watch", daemon=True).start()
