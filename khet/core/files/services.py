"""Keeping, removing and erasing attachments."""

import hashlib
import time
import uuid
from datetime import timedelta
from pathlib import PurePath

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.models import system_user
from khet.core.audit.services import record
from khet.core.files import store
from khet.core.files.content import EXTENSIONS, recognise
from khet.core.files.models import StoredFile

LARGEST = 20_000_000  # bytes of one attachment
KEEP_REMOVED = timedelta(days=30)  # in which a removal can be undone


class FileRefused(ValueError):
    """An upload that is not kept; the words say why and what to do."""


@transaction.atomic
def keep(upload, *, by=None, org=None, kinds=("image", "document"), name: str = "") -> StoredFile:
    """An attachment of the record that the caller writes in the same transaction.

    upload  an uploaded file, or bytes
    by      None for an anonymous reporter
    raises  FileRefused
    """
    data = upload if isinstance(upload, bytes) else _read(upload)
    given = name or getattr(upload, "name", "") or _("file")
    if not data:
        raise FileRefused(_("“%(name)s” is empty. Choose the file again.") % {"name": given})
    content = recognise(data)
    if content is None or content.kind not in kinds:
        raise FileRefused(_refusal(kinds) % {"name": given})
    file = StoredFile(
        ref=uuid.uuid4(), org=org, name=_name(given, content.media_type), media_type=content.media_type,
        size=len(content.data), sha256=hashlib.sha256(content.data).hexdigest(), width=content.width,
        height=content.height, by=by,
    )  # fmt: skip
    store.put(file.ref, content.data)
    file.save(force_insert=True)
    if by is not None:
        record("file.kept", file, by=by, org=org, after={"media_type": file.media_type, "size": file.size})
    return file


@transaction.atomic
def remove(file: StoredFile, *, by, reason: str = "") -> StoredFile:
    """Take an attachment away; `restore` puts it back until it is erased after 30 days."""
    if file.is_there:
        file.removed_at, file.removed_by = timezone.now(), by
        file.save(update_fields=["removed_at", "removed_by"])
        record("file.removed", file, by=by, org=file.org, reason=reason)
    return file


@transaction.atomic
def restore(file: StoredFile, *, by) -> StoredFile:
    """Put back an attachment that was removed. Raises FileRefused when its bytes are gone."""
    if file.erased_at:
        raise FileRefused(_("“%(name)s” was erased and cannot be put back. Attach it again.") % {"name": file.name})
    if not file.is_there:
        file.removed_at = file.removed_by = None
        file.save(update_fields=["removed_at", "removed_by"])
        record("file.restored", file, by=by, org=file.org)
    return file


def erase_removed() -> int:
    """Delete the bytes of files removed more than 30 days ago, and of those no record came to hold; how many."""
    before = timezone.now() - KEEP_REMOVED
    with transaction.atomic():
        stale = StoredFile.objects.filter(removed_at__lt=before, erased_at__isnull=True)
        refs = list(stale.values_list("ref", flat=True))
        if refs:
            stale.update(erased_at=timezone.now())
            record("file.erased", by=system_user(), count=len(refs))
    for ref in refs:
        store.erase(ref)
    return len(refs) + _erase_orphans()


def _erase_orphans() -> int:
    """Bytes without a row: their transaction was rolled back. Older than a day, so that none is still being written."""
    old = {ref for ref, written in store.refs().items() if time.time() - written > 86400}
    known = {str(ref) for ref in StoredFile.objects.filter(erased_at__isnull=True).values_list("ref", flat=True)}
    orphans = old - known
    for ref in orphans:
        store.erase(ref)
    return len(orphans)


def _read(upload) -> bytes:
    limit = min(LARGEST, settings.KHET_LARGEST_UPLOAD)
    if upload.size > limit:
        raise FileRefused(
            _("“%(name)s” is larger than %(limit)s MB. Make it smaller, or give a link instead.")
            % {"name": upload.name, "limit": limit // 1_000_000}
        )
    return b"".join(upload.chunks())


def _refusal(kinds) -> str:
    if kinds == ("image",):
        return _("“%(name)s” is no photo that can be read. Use JPEG, PNG or WebP.")
    return _("“%(name)s” is of a kind that is not kept. Use PDF, Word, Excel, PowerPoint, ODF, plain text or a photo.")


def _name(given: str, media_type: str) -> str:
    """The uploader's name without folders, ending as its content asks."""
    base = PurePath(given.replace("\\", "/")).name.replace("\x00", "").strip() or "file"
    ending = EXTENSIONS[media_type]
    stem = base if base.lower().endswith(ending) else PurePath(base).stem
    return stem[: 200 - len(ending)].removesuffix(ending) + ending
