"""A real office for real browsers: a small demo filled once, copied for each story, served by `khet serve`."""

import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support.office import PASSWORD, Server, khet

DUE = "from khet.core.jobs.services import run_due; run_due()"
SIZE = ["--schools", "12", "--pupils", "600", "--years", "3", "--seed", "7"]


@pytest.fixture(autouse=True)
def _no_database_in_the_test_process(request):
    """Journeys speak to a server of their own; they touch no database here."""


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory, worker_id) -> Path:
    """A demo office on disk, never served itself; processes that share the stories share it too."""
    root = tmp_path_factory.getbasetemp()
    folder = (root if worker_id == "master" else root.parent) / "demo"
    with FileLock(f"{folder}.lock"):
        if not (folder / "filled").exists():
            done = khet("demo", "--no-serve", *SIZE, home=folder / "home", timeout=300)
            assert done.returncode == 0, done.stderr[-3000:]
            # What is due at a first start is done here once, not by the worker of every copy.
            done = khet("manage", "shell", "-v0", "-c", DUE, home=folder / "home", timeout=120)
            assert done.returncode == 0, done.stderr[-3000:]
            (folder / "filled").touch()
    return folder / "home"


@pytest.fixture
def server(filled_home, tmp_path):
    """The demo office, served; what a story changes is gone afterwards."""
    home = tmp_path / "home"
    shutil.copytree(filled_home, home)
    running = Server(home)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def office(filled_home, tmp_path_factory):
    """The demo office, served once for all stories that only look, or put back what they change."""
    home = tmp_path_factory.mktemp("office") / "home"
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


class Visitor:
    """A browser window of one person, with the words the stories use."""

    def __init__(self, browser, url, *, width=1280, height=900, language="th", scripts=True, dark=False):
        self.url = url
        self.faults: list[str] = []
        self.context = browser.new_context(
            base_url=url, viewport={"width": width, "height": height}, java_script_enabled=scripts,
            locale="th-TH" if language == "th" else "en-GB", color_scheme="dark" if dark else "light",
            has_touch=width < 600,
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

    def go(self, path):
        """Open a page that must be there and still; its text."""
        answer = self.page.goto(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.page.locator("main").inner_text()

    def look(self, path=None) -> str:
        """Open a page, or look at the open one: nothing runs out of the window, nothing bars anybody; its text."""
        text = self.go(path) if path else self.page.locator("main").inner_text()
        assert self.too_wide() == 0, f"{self.page.url} is wider than the window"
        assert self.violations() == [], self.page.url
        return text

    def too_wide(self) -> int:
        """By how many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def violations(self) -> list[str]:
        """What axe finds on the page, WCAG 2.2 A and AA; one line each."""
        script = Path(__file__).parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
        self.page.evaluate(script.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations'],"
            " runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
            ".then(found => found.violations)"  # without the thousands of nodes that were found well
        )
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary'][:160]}"
            for rule in found
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
