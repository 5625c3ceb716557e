"""Where an installation keeps what it owns: database, facts, uploads, keys, the office's catalogue."""

import os
from pathlib import Path


def home() -> Path:
    """The folder of this installation (`KHET_HOME`, default `khet-data` in the current folder), as an absolute path."""
    return Path(os.environ.get("KHET_HOME") or "khet-data").absolute()


def room(name: str) -> Path:
    """A folder of the home, made readable by its owner alone when it is missing."""
    folder = home() / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
