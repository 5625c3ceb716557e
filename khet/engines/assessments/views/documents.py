"""The official report and the result letter, as PDF and for a word processor."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from khet.core.accounts.access import requires
from khet.core.audit.services import record
from khet.core.ui.assets import FOLDER
from khet.engines.assessments import report, rights
from khet.engines.assessments.models import Assessment
from khet.engines.assessments.views.getting import get_assessment
from khet.kit import paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FINAL = (Assessment.State.SIGNED, Assessment.State.LOCKED)


@requires("plan.read")
def document(request, pk, which, form):
    """report or letter, as pdf or docx; the letter once the result is signed. Each is noted in the trail."""
    assessment = get_assessment(request, pk)
    if which not in ("report", "letter") or form not in ("pdf", "docx"):
        raise Http404
    if not rights.sees_result(request.user, assessment) or (which == "letter" and assessment.state not in _FINAL):
        raise Http404
    made = (report.report if which == "report" else report.letter)(request.user, assessment)
    content = paper.pdf(made, fonts=FOLDER) if form == "pdf" else paper.docx(made)
    record("assessment.printed", assessment, by=request.user, org=assessment.org, after={"document": f"{which}.{form}"})
    response = HttpResponse(content, content_type="application/pdf" if form == "pdf" else DOCX)
    name = f"{assessment.framework.id}-{assessment.round.period}-{assessment.org.code}-{which}.{form}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
