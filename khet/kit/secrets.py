"""Encryption of sensitive fields, and keyed hashes that find an identifier without storing it readably.

AES-GCM with a random nonce; each value names its key, so that keys rotate: new values use the newest key, old values
stay readable until `rotate` has rewritten them. Keys live in KHET_HOME/keys, one file a key: field-001.key, …
"""

import hmac
import json
import os
import secrets
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from khet.kit.home import made_once, room

_NONCE = 12
_MARK = b"\x01"  # version of the envelope: mark, key number (1 byte), nonce, ciphertext
_HIGHEST = 255  # a key's number takes one byte


def _a_key() -> bytes:
    return secrets.token_bytes(32)


def _keys() -> dict[int, bytes]:
    """{number: key}, read again each second: running servers follow a rotation, and a large load stays quick."""
    return _keys_in(os.environ.get("KHET_HOME"), int(time.monotonic()))


@lru_cache(maxsize=2)
def _keys_in(_home: str | None, _second: int) -> dict[int, bytes]:
    folder = room("keys")
    keys = {int(path.stem.removeprefix("field-")): path.read_bytes() for path in folder.glob("field-*.key")}
    return keys or {1: made_once(folder / "field-001.key", _a_key)}


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _cipher_of(number: int) -> AESGCM:
    try:
        return _cipher(_keys()[number])
    except KeyError:
        raise ImproperlyConfigured(
            f"a record is encrypted with key {number}, but KHET_HOME/keys holds no field-{number:03}.key. "
            "Put the file back from the backup."
        ) from None


def encrypt(text: str) -> bytes:
    return encrypt_bytes(text.encode())


def decrypt(value: bytes) -> str:
    return decrypt_bytes(value).decode()


def encrypt_bytes(content: bytes) -> bytes:
    """The envelope of any bytes: an uploaded file, a text, a document of JSON."""
    number = max(_keys())
    nonce = os.urandom(_NONCE)
    return _MARK + bytes([number]) + nonce + _cipher_of(number).encrypt(nonce, content, None)


def sealer() -> Callable[[bytes], bytes]:
    """`encrypt_bytes` with the newest key looked up once: for a load that encrypts a hundred thousand values."""
    number = max(_keys())
    head, lock = _MARK + bytes([number]), _cipher_of(number).encrypt

    def seal(content: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return head + nonce + lock(nonce, content, None)

    return seal


def decrypt_bytes(value: bytes) -> bytes:
    """What `encrypt_bytes` was given. Raises ValueError for anything that it did not write, whole and unchanged."""
    value = bytes(value)
    if value[:1] != _MARK:
        raise ValueError("this value was not written by Khet's encryption")
    try:
        return _cipher_of(value[1]).decrypt(value[2 : 2 + _NONCE], value[2 + _NONCE :], None)
    except InvalidTag:
        raise ValueError(
            f"a value cannot be decrypted with key {value[1]}: the key file or the record was changed"
        ) from None


def key_number(value: bytes) -> int:
    """The number of the key a stored value was written with."""
    return bytes(value)[1]


def forget_keys() -> None:
    """Read the keys anew at the next use (after a rotation, a restore, or a change of home)."""
    _keys_in.cache_clear()
    _hash_key.cache_clear()
    _seal_key.cache_clear()


def new_key() -> int:
    """Add a key; values written from now on use it. Returns its number."""
    number = max(_keys()) + 1
    if number > _HIGHEST:
        raise ImproperlyConfigured(
            f"{_HIGHEST} keys are in use; rewrite the records with the newest key and remove old ones."
        )
    made_once(room("keys") / f"field-{number:03}.key", _a_key)
    forget_keys()
    return number


def key_numbers() -> set[int]:
    """The numbers of the keys there are."""
    return set(_keys())


def old_keys() -> list[Path]:
    """The files of all keys but the newest."""
    newest = max(_keys())
    return [room("keys") / f"field-{number:03}.key" for number in sorted(_keys()) if number != newest]


@lru_cache(maxsize=2)
def _hash_key(_home: str | None) -> bytes:
    return made_once(room("keys") / "lookup.key", _a_key)


def keyed_hash(value: str, purpose: str) -> str:
    """A 32-character code that is the same for the same value and purpose, and tells nothing without the key."""
    message = f"{purpose}\x00{value}".encode()
    return hmac.digest(_hash_key(os.environ.get("KHET_HOME")), message, "sha256")[:16].hex()


@lru_cache(maxsize=2)
def _seal_key(_home: str | None) -> bytes:
    return made_once(room("keys") / "seal.key", _a_key)


def seal_key() -> bytes:
    """The key of the audit trail's seals; it lies outside the database, like all keys."""
    return _seal_key(os.environ.get("KHET_HOME"))


class EncryptedTextField(models.BinaryField):
    """Text that lies encrypted in the database; '' is stored as nothing. To search for it, keep a keyed hash."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("editable", True)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def get_default(self):
        return super().get_default() if self.has_default() else self.empty()

    @staticmethod
    def empty():
        return ""

    def from_db_value(self, value, expression, connection):
        return "" if value is None else decrypt(value)

    def get_db_prep_value(self, value, connection, prepared=False):
        if value in (None, ""):
            return None
        return super().get_db_prep_value(encrypt(value), connection, prepared)

    def get_lookup(self, lookup_name):
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is encrypted and each writing differs: it cannot be searched. Use its hash.")

    def to_python(self, value):
        return value

    def value_to_string(self, obj):
        raise FieldError(f"{self.name} is encrypted and leaves the database only by `khet backup`.")


class EncryptedJSONField(EncryptedTextField):
    """A JSON mapping that lies encrypted in the database; {} is stored as nothing."""

    @staticmethod
    def empty():
        return {}

    def from_db_value(self, value, expression, connection):
        return {} if value is None else json.loads(decrypt(value))

    def get_db_prep_value(self, value, connection, prepared=False):
        if not value:
            return None
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, cls=DjangoJSONEncoder)
        return super().get_db_prep_value(text, connection, prepared)


_further: dict[str, Callable[[], int]] = {}


def also_rotate(name: str, rewrite: Callable[[], int]) -> None:
    """Have something outside encrypted fields rewritten at each rotation; `rewrite` returns how many values it did."""
    _further[name] = rewrite


def encrypted_fields() -> list[models.Field]:
    """Every encrypted field of every table."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedTextField)
    ]


def rotate(*, batch: int = 2000) -> dict[str, int]:
    """Rewrite everything encrypted with the newest key; {what: how many values}. Safe to stop and to run again."""
    done = {field.model._meta.label + "." + field.name: _rewrite(field, batch) for field in encrypted_fields()}
    done["uploads"] = _rewrite_files()
    return done | {name: rewrite() for name, rewrite in _further.items()}


def _rewrite_files() -> int:
    """The encrypted files of uploads (*.enc), each swapped in whole."""
    newest, done = max(_keys()), 0
    for path in room("uploads").rglob("*.enc"):
        content = path.read_bytes()
        if key_number(content) != newest:
            aside = path.with_suffix(".rotated")
            aside.touch(mode=0o600)
            aside.write_bytes(encrypt_bytes(decrypt_bytes(content)))
            aside.replace(path)
            done += 1
    return done


def _rewrite(field: models.Field, batch: int) -> int:
    """Batch by batch in transactions of their own, so that the office goes on working meanwhile."""
    newest, last, done = max(_keys()), None, 0
    quote = connection.ops.quote_name
    table, key, column = (quote(n) for n in (field.model._meta.db_table, field.model._meta.pk.column, field.column))
    lock = "FOR UPDATE" if connection.features.has_select_for_update else ""
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            after, values = (f"AND {key} > %s", [last]) if last is not None else ("", [])
            # The words in the statements are names of our own tables and columns.
            which = f"{column} IS NOT NULL {after} ORDER BY {key} LIMIT %s {lock}"
            cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {which}", [*values, batch])  # noqa: S608
            rows = cursor.fetchall()
            stale = [(encrypt(decrypt(value)), id) for id, value in rows if key_number(value) != newest]
            cursor.executemany(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", stale)  # noqa: S608
        done += len(stale)
        if len(rows) < batch:
            return done
        last = rows[-1][0]
