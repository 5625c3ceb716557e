"""Taking in a plan document: checked by content, kept unchanged, read."""

import hashlib
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.plan.models import PlanDocument
from khet.plan.reader import UnreadableDocument
from khet.plan.reading import TooMuchInside, read

LARGEST = 25_000_000


class DocumentError(ValueError):
    """A file that is not taken as a plan document; says why and what is."""


def receive_document(org, file, *, by, name: str = "") -> PlanDocument:
    """The document of a file, read; the same bytes given again return the document that is there.

    file    a path, or an open file with `read` and `name` (an upload)
    raises  DocumentError when the file is too large, of another kind, or cannot be read
    """
    name = Path(name or getattr(file, "name", None) or file).name[:200]
    content = Path(file).read_bytes() if isinstance(file, str | Path) else file.read(LARGEST + 1)
    if len(content) > LARGEST:
        words = _("%(name)s is larger than %(size)s MB. Export only the pages of the plan.")
        raise DocumentError(words % {"name": name, "size": LARGEST // 1_000_000})
    if not content.strip():
        raise DocumentError(_("%(name)s is empty.") % {"name": name})
    digest = hashlib.sha256(content).hexdigest()
    if known := PlanDocument.objects.filter(org=org, digest=digest).first():
        return known
    found = _read(content, name)
    with transaction.atomic():
        document = PlanDocument(
            org=org, name=name, digest=digest, text=found.text, reading=found.structure, received_by=by
        )
        # The name on disk is ours: what a file calls itself never becomes a path.
        document.file.save(f"{digest[:24]}.{found.kind}", ContentFile(content), save=False)
        document.save()
        record("plan.document_received", document, by=by, org=org, after={"name": name, "digest": digest})
    return document


def _read(content: bytes, name: str):
    try:
        return read(content, name, lang=(get_language() or "th")[:2])
    except UnreadableDocument as error:
        raise DocumentError(str(error)) from None
    except TooMuchInside:
        words = _("%(name)s unpacks to an unlikely size and was not opened.")
        raise DocumentError(words % {"name": name}) from None
