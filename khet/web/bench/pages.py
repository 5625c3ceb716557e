"""Benchmarks of pages: the plan page's queries, time and weight, and how soon a fresh demo answers."""

import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from khet.web.bench.measure import Figure, percentile

VISITS = 40


def plan_page(folder: Path) -> list[Figure]:
    """The home page as the demo's director sees it, through the whole stack of one process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from khet.core.accounts.models import User

    client = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_LANGUAGE="th")
    client.force_login(User.objects.get(username="director"))
    page = client.get("/", follow=True)
    with CaptureQueriesContext(connection) as queries:
        client.get("/", follow=True)
    asked, taken = len(queries), []  # counted now: the next request empties the log
    for _ in range(VISITS):
        began = time.perf_counter()
        client.get("/", follow=True)
        taken.append((time.perf_counter() - began) * 1000)
    return [
        Figure("queries", asked, "queries", 15),
        Figure("server time, median", percentile(taken, 0.5), "ms", 40),
        Figure("server time, p95", percentile(taken, 0.95), "ms"),
        Figure(
            "first visit over the wire", _weight(page.content.decode()) / 1000, "kB", 120, note="html, css, js, fonts"
        ),
    ]


def _weight(html: str) -> int:
    """Compressed bytes of a page and of what it loads at once: style sheets with their fonts, scripts."""
    from django.contrib.staticfiles import finders

    addresses = set(re.findall(r'(?:href|src)="/static/([^"#?]+\.(?:css|js|svg|woff2))', html))
    loaded = {Path(finders.find(address)).resolve() for address in addresses}
    for sheet in [path for path in loaded if path.suffix == ".css"]:
        fonts = re.findall(r"url\(['\"]?([^)'\"]+\.woff2)", sheet.read_text(encoding="utf-8"))
        loaded |= {(sheet.parent / font).resolve() for font in fonts}  # a font that is preloaded too is sent once
    return len(gzip.compress(html.encode(), 6)) + sum(map(_sent, loaded))


def _sent(path: Path) -> int:
    packed = path.with_name(path.name + ".br")
    return packed.stat().st_size if packed.exists() else path.stat().st_size


def start(folder: Path) -> list[Figure]:
    """`khet demo` in an empty home until its first page answers, in processes of its own.

    The second of two starts counts: on an installed machine the code is compiled, which the first one sees to.
    """
    _started(folder)
    return [Figure("first page", _started(folder), "s", 20)]


def _started(folder: Path) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="khet-start-") as home:
        env = os.environ | {"KHET_HOME": f"{home}/home"}
        for name in ("KHET_DATABASE_URL", "PYTHONDONTWRITEBYTECODE"):
            env.pop(name, None)
        env["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        began = time.perf_counter()
        command = [sys.executable, "-m", "khet.config.cli", "demo", "--port", str(port)]
        process = subprocess.Popen(  # noqa: S603  our own interpreter
            command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            return _until_it_answers(f"http://127.0.0.1:{port}/account/login/", process, began)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _until_it_answers(address: str, process, began: float) -> float:
    while time.perf_counter() - began < 180:
        if process.poll() is not None:
            raise SystemExit("khet demo stopped before it answered")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  loopback
                answer.read()
            return time.perf_counter() - began
        except OSError:
            time.sleep(0.1)
    raise SystemExit("khet demo gave no page in three minutes")
