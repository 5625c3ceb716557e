"""A served office: it answers, it stops, it takes its worker along, and it opens its wizard to nobody unasked."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from khet.config.serving import is_alive, is_loopback


class Served:
    """`khet serve` on a free port; what it prints is read from a file."""

    def __init__(self, home, *options, **env):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        variables = {name: value for name, value in os.environ.items() if not name.startswith("KHET_")}
        self.out = home.with_suffix(".out")
        command = [
            sys.executable,
            "-m",
            "khet.config.cli",
            "serve",
            "--port",
            str(self.port),
            "--workers",
            "2",
            *options,
        ]
        with self.out.open("w") as out:
            self.process = subprocess.Popen(
                command, env=variables | {"KHET_HOME": str(home), **env}, stdout=out, stderr=subprocess.STDOUT
            )

    def get(self, path, host="127.0.0.1", **headers):
        """(status, final address, body)."""
        request = urllib.request.Request(f"http://{host}:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.url, error.read().decode()

    def wait(self, path="/setup/"):
        for _ in range(240):
            assert self.process.poll() is None, self.out.read_text()
            try:
                return self.get(path)
            except OSError:
                time.sleep(0.25)
        raise AssertionError(self.out.read_text())

    def family(self) -> set[int]:
        """Process numbers of the server's children and theirs (Linux)."""
        found, seek = set(), [self.process.pid]
        while seek:
            command = ["ps", "-o", "pid=", "--ppid", str(seek.pop())]
            listed = subprocess.run(command, capture_output=True, text=True, check=False)
            children = {int(pid) for pid in listed.stdout.split()}
            seek += children
            found |= children
        return found

    def stop(self, with_signal=signal.SIGTERM) -> int:
        self.process.send_signal(with_signal)
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()


@pytest.fixture
def serve(tmp_path):
    started = []

    def start(*options, **env):
        started.append(Served(tmp_path / "home", *options, **env))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.stop()


@pytest.mark.slow
@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_an_empty_home_and_leaves_nothing_behind(with_signal, serve, tmp_path):
    server = serve()
    status, _url, _body = server.wait()
    assert status == 200
    assert f"Open http://127.0.0.1:{server.port}/" in server.out.read_text()
    assert server.get("/")[1].endswith("/setup/")
    assert server.get("/static/ui/mark.svg")[0] == 200
    family = server.family()
    assert len(family) >= 3  # two page servers and the worker
    assert [int(note.name) for note in (tmp_path / "home" / "serving").iterdir()] == [server.process.pid]
    server.stop(with_signal)
    deadline = time.monotonic() + 15
    while any(is_alive(pid) for pid in family) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in family if is_alive(pid)]
    assert not list((tmp_path / "home" / "serving").iterdir())


def left_after_a_kill(server, family: set[int]) -> list[int]:
    """Process numbers of the family that still run a while after their server was killed; they are ended here."""
    server.process.kill()
    server.process.wait()
    deadline = time.monotonic() + 90  # who is still starting looks for its server when it has come so far
    while any(map(is_alive, family)) and time.monotonic() < deadline:
        time.sleep(0.2)
    left = [pid for pid in family if is_alive(pid)]
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return left


@pytest.mark.slow
def test_page_servers_and_worker_end_by_themselves_when_their_server_was_killed(serve):
    server = serve()
    server.wait()
    family = server.family()
    assert len(family) >= 3
    assert left_after_a_kill(server, family) == []


@pytest.mark.slow
def test_they_also_end_when_their_server_was_killed_while_they_were_still_starting(serve):
    server = serve()
    deadline = time.monotonic() + 60
    while not (family := server.family()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert family
    assert left_after_a_kill(server, family) == []


@pytest.mark.slow
def test_on_other_addresses_it_prints_a_word_for_the_set_up(serve):
    server = serve("--host", "127.0.0.1", KHET_HOSTS="khet.office.example,127.0.0.1")
    assert server.wait()[0] == 403
    token = re.search(r"\?token=(\S+)", server.out.read_text())[1]
    assert server.get(f"/setup/?token={token}")[0] == 200
    assert server.get("/setup/?token=wrong")[0] == 403
    assert server.get("/setup/", Host="elsewhere.example")[0] == 400


def test_an_address_in_use_is_said_in_words(serve, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = serve("--port", str(taken.getsockname()[1]))
        assert server.process.wait(60) == 1
    assert "cannot be used" in server.out.read_text()
    assert "Traceback" not in server.out.read_text()


def test_to_listen_everywhere_one_says_by_which_names(serve):
    server = serve("--host", "0.0.0.0")
    assert server.process.wait(60) == 1
    assert "KHET_HOSTS=" in server.out.read_text()


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.3.2.1", True),
        ("0.0.0.0", False), ("192.0.2.1", False), ("office.example", False),
    ],
)  # fmt: skip
def test_which_addresses_only_this_machine_reaches(host, own):
    assert is_loopback(host) is own
