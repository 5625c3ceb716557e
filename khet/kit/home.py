"""Where an installation keeps what it owns: database, facts, uploads, keys, the office's catalogue."""

import os
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock


def home() -> Path:
    """The folder of this installation (`KHET_HOME`, default `khet-data` in the current folder), as an absolute path."""
    return Path(os.environ.get("KHET_HOME") or "khet-data").absolute()


def room(name: str) -> Path:
    """A folder of the home, made readable by its owner alone when it is missing; so is the home itself."""
    folder = home() / name
    if not folder.is_dir():
        home().parent.mkdir(parents=True, exist_ok=True)
        for path in (home(), folder):
            path.mkdir(mode=0o700, exist_ok=True)
    return folder


def made_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of a file; when it is missing, `make` gives it, once, however many processes ask.

    The file comes into being whole and is readable by its owner alone.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            unfinished = path.with_suffix(".new")
            unfinished.touch(mode=0o600)
            unfinished.write_bytes(make())
            unfinished.replace(path)
    return path.read_bytes()
