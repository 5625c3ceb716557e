"""Encrypted bytes of attachments in KHET_HOME/uploads/files; rotated with the keys, like all `*.enc` there."""

import os
from pathlib import Path

from khet.kit.home import room
from khet.kit.secrets import decrypt_bytes, encrypt_bytes


def _path(ref) -> Path:
    folder = room("uploads") / "files"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{ref}.enc"


def put(ref, data: bytes) -> None:
    """Keep bytes, whole or not at all."""
    path = _path(ref)
    aside = path.with_suffix(f".{os.getpid()}.part")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(encrypt_bytes(data))
    aside.replace(path)


def get(ref) -> bytes | None:
    """The bytes, or None when they were erased."""
    path = _path(ref)
    return decrypt_bytes(path.read_bytes()) if path.exists() else None


def erase(ref) -> None:
    _path(ref).unlink(missing_ok=True)


def refs() -> dict[str, float]:
    """{reference: when it was written, seconds} of everything kept."""
    return {path.stem: path.stat().st_mtime for path in _path("x").parent.glob("*.enc")}
