"""Where a Chromium is: the system's, else Debian's package when we may install it, else Playwright's own."""

import os
import shutil
import subprocess
import sys
from functools import lru_cache

from tests.support.packages import install, may_install

# The headless shell draws no windows, which saves a seventh of the processor.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-quic",
]  # fmt: skip
HOW_TO_GET_ONE = (
    "no Chromium: install one (Debian: apt-get install chromium; else: .venv/bin/playwright install chromium)"
)


@lru_cache(maxsize=1)
def find_chromium() -> str | None:
    """Path of a Chromium, installing one where that is possible; None when there is none to be had."""
    if found := _of_the_system():
        return found
    if may_install():
        for package in NAMES[:2]:
            install(package)
            if found := _of_the_system():
                return found
    return _playwright_chromium()


def _of_the_system() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _playwright_chromium() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not os.path.exists(path):
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        try:
            subprocess.run(command, check=False, timeout=600, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return None
    return path if os.path.exists(path) else None


def chromium_path() -> str:
    """Path of a Chromium; skips the test with the way to get one."""
    import pytest

    if path := find_chromium():
        return path
    pytest.skip(HOW_TO_GET_ONE)
