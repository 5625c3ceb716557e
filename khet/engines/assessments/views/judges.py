"""Naming who judges, and adding classrooms, teachers or pupils to be judged."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import requires
from khet.core.accounts.queries import colleague
from khet.engines.assessments import queries
from khet.engines.assessments.forms import JudgesForm, TargetForm
from khet.engines.assessments.models import Round
from khet.engines.assessments.services import AssessmentError, moving, rounds
from khet.engines.assessments.views.getting import back, get_assessment, get_managed, get_round


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


@requires("assess.manage")
def judges(request, pk):
    """Name who judges at many places at once."""
    round = get_managed(request, pk)
    rows = queries.overview(request.user, round)
    prefetch_related_objects([row.assessment for row in rows], "assignments__user")
    form = JudgesForm(request.POST or None, layers=round.layers)
    if request.method == "POST" and form.is_valid():
        chosen = set(request.POST.getlist("one"))
        wanted = [row.assessment for row in rows if str(row.assessment.pk) in chosen]
        try:
            users = _users(form.cleaned_data["users"], round)
            count = moving.assign_many(round, wanted, users, form.cleaned_data["layer"], by=request.user)
        except AssessmentError as error:
            form.add_error("users", str(error))
        else:
            done = _("%(count)s names were added.") % {"count": count}
            return back(request, None, reverse("assessments:judges", args=[pk]), done=done)
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/judges.html", {"round": round, "rows": rows, "form": form}, status=status)


def _users(text: str, round: Round) -> list:
    """The accounts of the names typed. Raises AssessmentError naming every name that is none."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    found = {name: colleague(name, round.org, "plan.read") for name in names}
    if missing := [name for name, user in found.items() if user is None]:
        raise AssessmentError(
            _("There is no open account “%(name)s” that can see this place.") % {"name": ", ".join(missing)}
        )
    return list(found.values())


@requires("plan.read")
def begin(request, pk):
    """Begin to judge a classroom, teacher or pupil: choose the school, then who or what."""
    round = get_round(request, pk)
    target = round.framework.target
    if target in ("office", "school") or round.state == Round.State.LOCKED:
        raise Http404
    schools = queries.schools_for(request.user, round)
    if not schools.exists():
        raise Http404
    code = request.GET.get("school") or (schools[0].code if schools.count() == 1 else "")
    school = get_object_or_404(schools, code=code) if code else None
    page = {"round": round, "framework": round.framework, "schools": schools, "school": school}
    if school is None:
        return render(request, "assessments/begin.html", page)
    people = queries.people_to_judge(request.user, round, school)
    form = TargetForm(request.POST or None, target=target, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            made = rounds.add_target(round, school, by=request.user, **form.cleaned_data)
            return redirect("assessments:assessment", made.pk)
        except AssessmentError as error:
            messages.error(request, str(error))
    return render(request, "assessments/begin.html", page | {"form": form}, status=422 if request.POST else 200)
