"""Debian packages that the tests want, installed when we are root and told about when we are not."""

import os
import shutil
import subprocess
from functools import lru_cache


def may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str) -> None:
    """Ask apt for packages; quiet when it cannot: whoever needs them looks for what they bring."""
    _update()
    quiet = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(quiet, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)


@lru_cache(maxsize=1)
def _update() -> None:
    subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
