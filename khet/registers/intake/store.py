"""Encrypted files of a load in KHET_HOME/uploads: what was uploaded, and what the check made of it.

They hold children's data, so nothing lies there readable; names are numbers, so a listing tells nothing.
"""

import json
import os
import shutil
import zlib
from pathlib import Path

from khet.kit.home import room
from khet.kit.secrets import decrypt_bytes, encrypt_bytes


def folder(batch_id: int) -> Path:
    path = room("uploads") / f"batch-{batch_id}"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def put(batch_id: int, name: str, content: bytes) -> None:
    """Keep bytes, whole or not at all."""
    path = folder(batch_id) / f"{name}.enc"
    aside = path.with_suffix(f".{os.getpid()}.part")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(encrypt_bytes(zlib.compress(content, 1)))
    aside.replace(path)


def get(batch_id: int, name: str) -> bytes | None:
    """The bytes kept under a name, or None when there are none (any more)."""
    path = room("uploads") / f"batch-{batch_id}" / f"{name}.enc"
    return zlib.decompress(decrypt_bytes(path.read_bytes())) if path.exists() else None


def put_json(batch_id: int, name: str, value) -> None:
    put(batch_id, name, json.dumps(value, ensure_ascii=False, default=str).encode())


def get_json(batch_id: int, name: str):
    content = get(batch_id, name)
    return None if content is None else json.loads(content)


def remove(batch_id: int, *names: str) -> None:
    """Delete what is kept of a load: the named parts, or everything."""
    path = room("uploads") / f"batch-{batch_id}"
    if not names:
        shutil.rmtree(path, ignore_errors=True)
    for name in names:
        (path / f"{name}.enc").unlink(missing_ok=True)
