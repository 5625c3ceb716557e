"""Taking in a plan document: checked by content, kept unchanged, read."""

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.plan.models import PlanDocument
from khet.plan.reading import read_document

LARGEST = 25_000_000
LARGEST_UNPACKED = 200_000_000  # a docx is a zip; one that unpacks to more than this is refused unread


class DocumentError(ValueError):
    """A file that is not taken as a plan document; says why and what is."""


def receive_document(org, file, *, by, name: str = "") -> PlanDocument:
    """The document of a file, read; the same bytes given again return the document that is there.

    file    a path, or an open file with `read` and `name` (an upload)
    raises  DocumentError when the file is too large, of another kind, or cannot be read
    """
    name = Path(name or getattr(file, "name", None) or file).name[:200]
    content = Path(file).read_bytes() if isinstance(file, str | Path) else file.read(LARGEST + 1)
    suffix = _suffix(content, name)
    digest = hashlib.sha256(content).hexdigest()
    if known := PlanDocument.objects.filter(org=org, digest=digest).first():
        return known
    text, structure = read_document(content, suffix)
    with transaction.atomic():
        document = PlanDocument(org=org, name=name, digest=digest, text=text, reading=structure, received_by=by)
        document.file.save(f"{digest[:24]}{suffix}", ContentFile(content), save=False)
        document.save()
        record("plan.document_received", document, by=by, org=org, after={"name": name, "digest": digest})
    return document


def _suffix(content: bytes, name: str) -> str:
    """The suffix that fits the content, whatever the name says. Raises DocumentError."""
    if len(content) > LARGEST:
        raise DocumentError(
            _("%(name)s is larger than %(size)s MB. Export only the pages of the plan.")
            % {"name": name, "size": LARGEST // 1_000_000}
        )
    if not content.strip():
        raise DocumentError(_("%(name)s is empty.") % {"name": name})
    if content.startswith(b"%PDF"):
        return ".pdf"
    if content.startswith(b"PK"):
        return _docx(content, name)
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _other_kind(name)
    head = content[:2048].lower()
    return ".html" if b"<html" in head or b"<!doctype html" in head or b"<body" in head or b"<div" in head else ".txt"


def _docx(content: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if "word/document.xml" not in archive.namelist():
                raise _other_kind(name)
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise DocumentError(_("%(name)s unpacks to an unlikely size and was not opened.") % {"name": name})
    except zipfile.BadZipFile:
        raise DocumentError(_("%(name)s is damaged. Save it again and send the new file.") % {"name": name}) from None
    return ".docx"


def _other_kind(name: str) -> DocumentError:
    return DocumentError(
        _("%(name)s is no document that can be read as a plan. Give a PDF, Word (.docx), web page or text file.")
        % {"name": name}
    )
