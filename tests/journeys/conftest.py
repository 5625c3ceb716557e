"""A real office for real browsers: a small demo filled once, copied for each story, served by `khet serve`."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.support.browser import chromium_path

CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-quic",
]  # fmt: skip
PASSWORD = "khet-demo-2568"
SIZE = ["--schools", "12", "--pupils", "600", "--years", "3", "--seed", "7"]


@pytest.fixture(autouse=True)
def _no_database_in_the_test_process(request):
    """Journeys speak to a server of their own; they touch no database here."""


def khet(*arguments, home: Path, **kwargs):
    """Run a khet command on a home; returns the finished process."""
    env = os.environ | {"KHET_HOME": str(home), "KHET_SECOND_FACTOR": "0"}
    env.pop("KHET_DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "khet.config.cli", *arguments],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        **kwargs,
    )


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory) -> Path:
    """A demo office on disk, never served itself."""
    home = tmp_path_factory.mktemp("demo") / "home"
    done = khet("demo", "--no-serve", *SIZE, home=home, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return home


class Server:
    """`khet serve` on a home, on a free loopback port."""

    def __init__(self, home: Path):
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        env = os.environ | {"KHET_HOME": str(home), "KHET_SECOND_FACTOR": "0"}
        env.pop("KHET_DATABASE_URL", None)
        self.log = home / "serve.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "khet.config.cli", "serve", "--port", str(port)],
                env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self._wait()

    def _wait(self):
        for _ in range(240):
            if self.process.poll() is not None:
                raise RuntimeError(f"khet serve stopped: {self.log.read_text()[-3000:]}")
            try:
                urllib.request.urlopen(f"{self.url}/account/login/", timeout=5)
                return
            except OSError:
                time.sleep(0.25)
        raise RuntimeError(f"khet serve did not answer in a minute: {self.log.read_text()[-3000:]}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def server(filled_home, tmp_path):
    """The demo office, served; what a story changes is gone afterwards."""
    home = tmp_path / "home"
    shutil.copytree(filled_home, home)
    running = Server(home)
    yield running
    running.stop()


@pytest.fixture
def empty_server(tmp_path):
    """`khet serve` on a home that holds nothing."""
    home = tmp_path / "home"
    home.mkdir()
    running = Server(home)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


class Visitor:
    """A browser window of one person, with the words the stories use."""

    def __init__(self, browser, url, *, width=1280, height=900, language="th", scripts=True):
        self.url = url
        self.faults: list[str] = []
        self.context = browser.new_context(
            base_url=url, viewport={"width": width, "height": height}, java_script_enabled=scripts,
            locale="th-TH" if language == "th" else "en-GB",
            extra_http_headers={"Accept-Language": language}, accept_downloads=True,
        )  # fmt: skip
        self.context.add_cookies([{"name": "django_language", "value": language, "url": url}])
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message):
        if message.type == "error" and "404" not in message.text:
            self.faults.append(message.text)

    def sign_in(self, username, password=PASSWORD):
        self.page.goto("/account/login/")
        self.page.locator("input[name=login]").fill(username)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url(lambda address: "/account/login" not in address)
        return self.page

    def violations(self) -> list[str]:
        """What axe finds on the page, WCAG 2.2 A and AA; one line each."""
        script = Path(__file__).parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
        self.page.evaluate(script.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
        )
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary'][:160]}"
            for rule in found["violations"]
            for node in rule["nodes"][:3]
        ]


@pytest.fixture
def visitor(browser):
    """Makes a Visitor: visitor(server.url, width=390, language="en")."""
    made = []

    def make(url, **kwargs):
        made.append(Visitor(browser, url, **kwargs))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
