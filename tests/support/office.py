"""An office to look at: `khet` run on a home of its own, and that home served to a browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PASSWORD = "khet-demo-2568"


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
