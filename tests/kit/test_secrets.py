"""Encryption of fields, keys that rotate, hashes that find."""

import os
import stat
import subprocess
import sys

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from khet.kit import secrets
from khet.kit.home import home, made_once, room
from khet.registers.people.models import Identifier, Person


@pytest.fixture
def own_keys(home, monkeypatch, tmp_path):
    """Keys of this test alone."""
    monkeypatch.setenv("KHET_HOME", str(tmp_path / "own"))
    secrets.forget_keys()
    yield room("keys")
    secrets.forget_keys()


@given(st.text(max_size=200))
def test_what_was_encrypted_is_read_back_and_looks_different_each_time(text):
    first, second = secrets.encrypt(text), secrets.encrypt(text)
    assert secrets.decrypt(first) == text == secrets.decrypt(second)
    assert first != second
    if len(text.encode()) > 4:
        assert text.encode() not in first


@given(st.binary(min_size=1, max_size=60), st.integers(0, 200))
def test_a_changed_value_is_noticed(content, place):
    value = bytearray(secrets.encrypt_bytes(content))
    value[2 + place % (len(value) - 2)] ^= 1
    with pytest.raises(ValueError, match="was changed"):
        secrets.decrypt_bytes(bytes(value))


def test_a_value_of_something_else_is_refused():
    with pytest.raises(ValueError, match="not written by"):
        secrets.decrypt(b"\x02plain text")


def test_new_values_take_the_newest_key_and_old_ones_stay_readable(own_keys):
    old = secrets.encrypt("ความลับ")
    assert secrets.new_key() == 2
    new = secrets.encrypt("ความลับ")
    assert (secrets.key_number(old), secrets.key_number(new)) == (1, 2)
    assert secrets.decrypt(old) == secrets.decrypt(new) == "ความลับ"


def test_a_missing_key_is_named_with_the_file_to_put_back(own_keys):
    value = secrets.encrypt("ความลับ")
    secrets.new_key()
    (own_keys / "field-001.key").unlink()
    secrets.forget_keys()
    with pytest.raises(ImproperlyConfigured, match=r"field-001\.key"):
        secrets.decrypt(value)


def test_keys_are_readable_by_their_owner_alone(own_keys):
    secrets.encrypt("x")
    secrets.keyed_hash("x", "y")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in own_keys.glob("*.key")}
    assert modes == {"field-001.key": 0o600, "lookup.key": 0o600}
    assert stat.S_IMODE(home().stat().st_mode) == 0o700


def test_a_hash_is_the_same_for_the_same_purpose_only(own_keys):
    assert secrets.keyed_hash("1234567890121", "id") == secrets.keyed_hash("1234567890121", "id")
    assert len({secrets.keyed_hash("1234567890121", purpose) for purpose in ("id", "id2")}) == 2
    before = secrets.keyed_hash("1234567890121", "id")
    secrets.new_key()
    assert secrets.keyed_hash("1234567890121", "id") == before


def test_another_installation_has_other_hashes(own_keys, monkeypatch, tmp_path):
    here = secrets.keyed_hash("1234567890121", "id")
    monkeypatch.setenv("KHET_HOME", str(tmp_path / "another"))
    assert secrets.keyed_hash("1234567890121", "id") != here


def test_processes_that_start_together_make_one_key(tmp_path):
    code = "from khet.kit import secrets; print(secrets.keyed_hash('x', 'y'), secrets.decrypt(secrets.encrypt('z')))"
    env = os.environ | {"KHET_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "khet.config.settings"}
    started = [subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE) for _ in range(4)]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1
    assert {path.name for path in (tmp_path / "home" / "keys").glob("field*.key")} == {"field-001.key"}


def test_a_file_is_made_once_and_whole(tmp_path):
    assert made_once(tmp_path / "a.key", lambda: b"first") == b"first"
    assert made_once(tmp_path / "a.key", lambda: b"second") == b"first"


@pytest.fixture
def person(db):
    return Person.objects.create(first_name="ต้นกล้า", last_name="สมมติ", sensitive={"religion": "ก"})


def stored(field, pk):
    """A column's bytes as they lie in the database."""
    key = field.model._meta.pk.get_db_prep_value(pk, connection)  # not every key is a number
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {field.column} FROM {field.model._meta.db_table} WHERE id = %s", [key])
        value = cursor.fetchone()[0]
    return None if value is None else bytes(value)


def test_a_field_lies_encrypted_and_is_read_as_it_was_written(person):
    lying = stored(Person._meta.get_field("sensitive"), person.pk)
    assert lying[:1] == b"\x01"
    assert "ก".encode() not in lying
    assert Person.objects.get(pk=person.pk).sensitive == {"religion": "ก"}


def test_nothing_is_stored_for_nothing(db):
    bare = Person.objects.create(first_name="ก", last_name="ข")
    assert bare.sensitive == {} == Person.objects.get(pk=bare.pk).sensitive
    assert stored(Person._meta.get_field("sensitive"), bare.pk) is None


def test_an_encrypted_field_cannot_be_searched_or_serialised(person):
    with pytest.raises(FieldError, match="hash"):
        Person.objects.filter(sensitive={"religion": "ก"})
    with pytest.raises(FieldError, match="backup"):
        Person._meta.get_field("sensitive").value_to_string(person)
    assert Person.objects.filter(sensitive__isnull=False).count() == 1


def test_rotation_rewrites_every_encrypted_field_of_every_model(own_keys, db, make_encrypted_rows):
    rows = make_encrypted_rows()
    secrets.new_key()
    done = secrets.rotate(batch=2)
    fields = {field.model._meta.label + "." + field.name: field for field in secrets.encrypted_fields()}
    assert set(fields) <= set(done)
    for name, field in fields.items():
        assert done[name] >= len(rows[field.model]), name  # further rows were made for foreign keys
        for row in rows[field.model]:
            assert secrets.key_number(stored(field, row.pk)) == 2, name
            assert getattr(field.model._base_manager.get(pk=row.pk), field.attname) == getattr(row, field.attname), name
    assert not any(secrets.rotate(batch=2).values())


def test_rotation_rewrites_encrypted_uploads(own_keys, db):
    path = room("uploads") / "batch-1"
    path.mkdir()
    (path / "0.enc").write_bytes(secrets.encrypt_bytes(b"rows"))
    secrets.new_key()
    assert secrets.rotate()["uploads"] == 1
    assert secrets.key_number((path / "0.enc").read_bytes()) == 2
    assert secrets.decrypt_bytes((path / "0.enc").read_bytes()) == b"rows"


@pytest.fixture
def make_encrypted_rows(db, school):
    """Three rows of every model that has an encrypted field, found by looking, so that none is forgotten."""
    from tests.support.rows import make_row

    def make():
        return {
            model: [make_row(model, school, **needed.get(model._meta.label, {})) for _ in range(3)] for model in models
        }

    models = {field.model for field in secrets.encrypted_fields()}
    needed = {"cases.Referral": {"agency": "somebody outside"}}  # it goes to an org or to an agency, never to none
    return make


def test_a_person_is_found_by_the_hash_of_the_number(person):
    number = "1234567890121"
    Identifier.objects.create(
        person=person, kind="national_id", value=number, value_hash=secrets.keyed_hash(number, "id")
    )
    assert Identifier.objects.get(value_hash=secrets.keyed_hash(number, "id")).value == number
