"""A paper as an answer."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from khet.core.ui.assets import FOLDER
from khet.kit import paper

KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def paper_response(made: paper.Paper, form: str, name: str) -> HttpResponse:
    """The paper as a download that no cache keeps.

    form   pdf | docx
    name   of the file, without its ending; never a person's
    """
    content = paper.pdf(made, fonts=FOLDER) if form == "pdf" else paper.docx(made)
    answer = HttpResponse(content, content_type=KINDS[form])
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.{form}")
    answer["Cache-Control"] = "private, no-store"
    return answer
