"""A PostgreSQL of our own for one test run: made in a temporary folder, reached by a socket in it, gone afterwards."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support.packages import install, may_install

HOW_TO_GET_ONE = "no PostgreSQL: install its server programs (Debian: apt-get install postgresql), then run again"
# Nothing here has to survive a power cut, so nothing waits for a disk.
_IN_A_HURRY = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60",
    "shared_buffers": "128MB", "listen_addresses": "", "autovacuum": "off", "wal_level": "minimal",
    "max_wal_senders": "0",
}  # fmt: skip


def find_programs() -> Path | None:
    """The folder of initdb and postgres, installing Debian's package where we may; None when there is none."""
    if found := _programs():
        return found
    if may_install():
        install("postgresql")
    return _programs()


def _programs() -> Path | None:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    on_path = [Path(found).resolve().parent for name in ("postgres", "initdb") if (found := shutil.which(name))]
    return next(
        (path for path in (*debian, *on_path) if (path / "initdb").exists() and (path / "postgres").exists()), None
    )


@contextlib.contextmanager
def private_server(programs: Path) -> Iterator[str]:
    """The KHET_DATABASE_URL of a running server that only this user (and root) reaches."""
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="khet-pg-"))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    server = None
    try:
        _run(
            [
                programs / "initdb",
                "-D",
                folder / "data",
                "-U",
                "khet",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
            user,
            folder,
        )
        options = [part for name, value in _IN_A_HURRY.items() for part in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, *options],
            stdout=(folder / "log").open("w"), stderr=subprocess.STDOUT, user=user, cwd=folder, start_new_session=True,
        )  # fmt: skip
        _wait(server, folder)
        _run([programs / "createdb", "-h", folder, "-U", "khet", "khet"], user, folder)
        yield f"postgresql://khet@/khet?host={folder}"
    finally:
        if server:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str | None:
    """Who runs the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(command, user, folder) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, user=user, cwd=folder)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def _wait(server, folder: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL stopped: {(folder / 'log').read_text()[-2000:]}")
        if (folder / ".s.PGSQL.5432").exists() and "ready to accept connections" in (folder / "log").read_text():
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start in 30 seconds: {(folder / 'log').read_text()[-2000:]}")


def _stop(server) -> None:
    """At once: what it holds is thrown away. The immediate shutdown ends all its children."""
    server.send_signal(signal.SIGQUIT)
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()
