"""Where a Chromium is: the system's, else Debian's package when we may install it, else Playwright's own."""

import os
import shutil
import subprocess
from functools import lru_cache


@lru_cache(maxsize=1)
def find_chromium() -> str | None:
    """Path of a Chromium, installing one where that is possible; None when there is none to be had."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    if found := next((path for name in names if (path := shutil.which(name))), None):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        subprocess.run(install, check=False, stdout=subprocess.DEVNULL, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
        if found := shutil.which("chromium"):
            return found
    return _playwright_chromium()


def _playwright_chromium() -> str | None:
    import sys

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not os.path.exists(path):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=600)
    return path if os.path.exists(path) else None


def chromium_path() -> str:
    """Path of a Chromium; skips the test with the way to get one."""
    import pytest

    if path := find_chromium():
        return path
    pytest.skip("no Chromium: install one (Debian: apt-get install chromium; else: playwright install chromium)")
