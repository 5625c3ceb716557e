"""An attachment as an answer. The view that calls this has checked the rights at the record that holds the file."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from khet.core.files import store
from khet.core.files.models import StoredFile


def serve(file: StoredFile, *, inline: bool = False) -> HttpResponse:
    """The bytes. Only pictures are ever shown in place; everything else is a download, and nothing in it may run."""
    data = store.get(file.ref) if file.is_there else None
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type=file.media_type)
    shown = inline and file.is_image
    response["Content-Disposition"] = content_disposition_header(not shown, file.name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response._csp_replace = {"default-src": ["'none'"], "sandbox": []}
    return response
