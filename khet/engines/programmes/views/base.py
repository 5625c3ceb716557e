"""What the pages share: finding what the viewer may see, and answering a refusal."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from khet.engines.programmes import queries
from khet.engines.programmes.rights import ProgrammeError, may_enter_for, may_name, may_run

READ = "plan.read"


def run_or_404(request, pk, *, to_run: bool = False):
    """The run, for those who may see it (`to_run`: who run it). Raises Http404."""
    run = get_object_or_404(queries.runs(request.user), pk=pk)
    if to_run and not may_run(request.user, run):
        raise Http404
    return run


def participant_or_404(request, pk, *, to_enter: bool = False):
    """A participant the viewer may see, and name. Raises Http404."""
    one = get_object_or_404(queries.participant_rows(request.user), pk=pk)
    if not may_name(request.user, one) or (to_enter and not may_enter_for(request.user, one.run, one.org)):
        raise Http404
    return one


def attempt(request, act, done: str = ""):
    """What an act gave, None when it was refused: the refusal is shown on the next page."""
    try:
        result = act()
    except ProgrammeError as error:
        messages.error(request, str(error))
        return None
    if done:
        messages.success(request, done)
    return result


def to_run_page(run, part: str = ""):
    """Back to the page of a run, at one of its parts."""
    return redirect(reverse("programmes:run", args=[run.pk]) + (f"#{part}" if part else ""))
