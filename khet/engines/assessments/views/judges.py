"""Naming who judges, and adding classrooms, teachers or pupils to be judged."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import requires
from khet.core.accounts.queries import colleague
from khet.engines.assessments import queries
from khet.engines.assessments.services import AssessmentError, moving
from khet.engines.assessments.views.getting import back, get_assessment


@require_POST
@requires("assess.manage")
def assign(request, pk):
    """Name somebody who judges in a part."""
    assessment = get_assessment(request, pk)
    url = f"{reverse('assessments:assessment', args=[pk])}#handing"
    name = request.POST.get("user", "").strip()
    user = colleague(name, assessment.org, "plan.read") if name else None
    if user is None:
        return back(request, _("There is no open account “%(name)s” that can see this place.") % {"name": name}, url)
    try:
        moving.assign(assessment, user, request.POST.get("layer", ""), by=request.user)
    except AssessmentError as error:
        return back(request, error, url)
    return back(request, None, url, done=_("%(name)s judges here now.") % {"name": user})


@require_POST
@requires("assess.manage")
def unassign(request, pk):
    """Take a name off."""
    found = get_object_or_404(queries.assignments(request.user), pk=pk)
    url = f"{reverse('assessments:assessment', args=[found.assessment_id])}#handing"
    try:
        moving.unassign(found, by=request.user)
    except AssessmentError as error:
        return back(request, error, url)
    return redirect(url)
