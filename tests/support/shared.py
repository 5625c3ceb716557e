"""Records that several tests look at: made once, kept while those tests run, then taken back."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings

from khet.kit.home import room
from tests.support import passwords


@contextlib.contextmanager
def home_of_its_own() -> Iterator[Path]:
    """A home that stays as long as it is wanted, with the keys of the process."""
    from django.conf import settings

    folder, patch = Path(tempfile.mkdtemp(prefix="khet-shared-")), pytest.MonkeyPatch()
    (folder / "keys").symlink_to(room("keys"))
    patch.setenv("KHET_HOME", str(folder))
    patch.setattr(settings, "MEDIA_ROOT", folder / "uploads")
    with override_settings(PASSWORD_HASHERS=passwords.QUICK):
        yield folder
    patch.undo()
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def kept_records(blocker) -> Iterator[None]:
    """What is written inside stays until its end; tests that run meanwhile write over it and take back their own."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def copy_home(shared: Path, own: Path) -> None:
    """Give a test its own copy of what the shared home holds beside keys: facts follow what the test writes."""
    shutil.copytree(shared, own, ignore=lambda folder, names: {"keys"} & set(names), dirs_exist_ok=True)
