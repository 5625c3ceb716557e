"""What every page of this room asks for first: the round or assessment, as far as the viewer may see it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from khet.engines.assessments import queries, rights
from khet.engines.assessments.models import Assessment, Round


def get_round(request, pk: int) -> Round:
    """The round, or 404."""
    return get_object_or_404(queries.rounds(request.user), pk=pk)


def get_managed(request, pk: int) -> Round:
    """The round, for those who run it; 404 to others."""
    round = get_round(request, pk)
    if not rights.may_manage(request.user, round):
        raise Http404
    return round


def get_assessment(request, pk: int) -> Assessment:
    """The assessment, or 404; its place in a round in preparation is known to those who run it only."""
    assessment = get_object_or_404(queries.assessments(request.user), pk=pk)
    if assessment.round.state == Round.State.DRAFT and not rights.may_manage(request.user, assessment.round):
        raise Http404
    return assessment


def back(request, error, url, *, done: str = ""):
    """Back to a page with what went wrong, or with what was done."""
    if error:
        messages.error(request, str(error))
    elif done:
        messages.success(request, done)
    return redirect(url)
