"""Encryption of sensitive fields, and keyed hashes that find an identifier without storing it readably.

AES-GCM with a random nonce; each value names its key, so that keys rotate: new values use the newest key, old values
stay readable until `rotated` has rewritten them. Keys live in KHET_HOME/keys, one file a key, newest name last.
"""

import hashlib
import hmac
import json
import os
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from khet.kit.home import room

_NONCE = 12
_MARK = b"\x01"  # version of the envelope: mark, key number (1 byte), nonce, ciphertext


@lru_cache(maxsize=1)
def _keys() -> dict[int, bytes]:
    folder = room("keys")
    keys = {int(path.stem.removeprefix("field-")): path.read_bytes() for path in sorted(folder.glob("field-*.key"))}
    if not keys:
        keys = {1: _write_key(folder / "field-001.key")}
    return keys


@lru_cache(maxsize=1)
def _hash_key() -> bytes:
    path = room("keys") / "lookup.key"
    return path.read_bytes() if path.exists() else _write_key(path)


def _write_key(path) -> bytes:
    """A new 32-byte key; when another process wrote the file first, that one's."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    key = secrets.token_bytes(32)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
    return key


@lru_cache(maxsize=256)
def _cipher(number: int) -> AESGCM:
    try:
        return AESGCM(_keys()[number])
    except KeyError:
        raise ImproperlyConfigured(
            f"a record is encrypted with key {number}, but KHET_HOME/keys holds no field-{number:03}.key. "
            "Put the file back from the backup."
        ) from None


def forget_keys():
    """Read the keys anew at the next use (after a rotation, a restore, or a change of home)."""
    _keys.cache_clear()
    _hash_key.cache_clear()
    _cipher.cache_clear()


def encrypt(text: str) -> bytes:
    number = max(_keys())
    nonce = os.urandom(_NONCE)
    return _MARK + bytes([number]) + nonce + _cipher(number).encrypt(nonce, text.encode(), None)


def decrypt(value: bytes) -> str:
    value = bytes(value)
    if value[:1] != _MARK:
        raise ValueError("this value was not written by Khet's encryption")
    try:
        return _cipher(value[1]).decrypt(value[2 : 2 + _NONCE], value[2 + _NONCE :], None).decode()
    except InvalidTag:
        raise ValueError(
            f"a value cannot be decrypted with key {value[1]}: the key file or the record was changed"
        ) from None


def key_number(value: bytes) -> int:
    """The number of the key a stored value was written with."""
    return bytes(value)[1]


def new_key() -> int:
    """Add a key; values written from now on use it. Returns its number."""
    number = max(_keys()) + 1
    if number > 255:
        raise ImproperlyConfigured("255 keys are in use; rewrite the records with the newest key and remove old ones.")
    _write_key(room("keys") / f"field-{number:03}.key")
    forget_keys()
    return number


def keyed_hash(value: str, purpose: str) -> str:
    """A 32-character code that is the same for the same value and purpose, and tells nothing without the key."""
    message = f"{purpose}\x00{value}".encode()
    return hmac.new(_hash_key(), message, hashlib.sha256).hexdigest()[:32]


class EncryptedTextField(models.BinaryField):
    """Text that lies encrypted in the database; '' is stored as nothing."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("editable", True)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value, expression, connection):
        return "" if value is None else decrypt(value)

    def get_db_prep_value(self, value, connection, prepared=False):
        if value in (None, ""):
            return None
        return super().get_db_prep_value(encrypt(value), connection, prepared)

    def to_python(self, value):
        return value

    def value_to_string(self, obj):
        return self.value_from_object(obj)


class EncryptedJSONField(EncryptedTextField):
    """A JSON mapping that lies encrypted in the database; {} is stored as nothing."""

    def from_db_value(self, value, expression, connection):
        return {} if value is None else json.loads(decrypt(value))

    def get_db_prep_value(self, value, connection, prepared=False):
        if not value:
            return None
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, cls=DjangoJSONEncoder)
        return super().get_db_prep_value(text, connection, prepared)


def rotated(queryset, field: str, *, batch: int = 2000) -> int:
    """Rewrite a field of every row with the newest key; returns how many were rewritten."""
    newest, done = max(_keys()), 0
    pending = []
    for row in queryset.only("pk", field).iterator(chunk_size=batch):
        pending.append(row)
        if len(pending) == batch:
            queryset.model._base_manager.bulk_update(pending, [field])
            done, pending = done + len(pending), []
    if pending:
        queryset.model._base_manager.bulk_update(pending, [field])
    return done + len(pending) if newest else done
