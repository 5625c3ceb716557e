"""The official report and the result letter, as PDF and for a word processor."""

from django.http import Http404

from khet.core.accounts.access import requires
from khet.core.audit.services import record
from khet.core.ui.papers import KINDS, paper_response
from khet.engines.assessments import report, rights
from khet.engines.assessments.models import Assessment
from khet.engines.assessments.views.getting import get_assessment

_FINAL = (Assessment.State.SIGNED, Assessment.State.LOCKED)


@requires("plan.read")
def document(request, pk, which, form):
    """report or letter, as pdf or docx; the letter once the result is signed. Each is noted in the trail."""
    assessment = get_assessment(request, pk)
    if which not in ("report", "letter") or form not in KINDS:
        raise Http404
    if not rights.sees_result(request.user, assessment) or (which == "letter" and assessment.state not in _FINAL):
        raise Http404
    made = (report.report if which == "report" else report.letter)(request.user, assessment)
    record("assessment.printed", assessment, by=request.user, org=assessment.org, after={"document": f"{which}.{form}"})
    name = f"{assessment.framework.id}-{assessment.round.period}-{assessment.org.code}-{which}"
    return paper_response(made, form, name)
