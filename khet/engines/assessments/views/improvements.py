"""Improvements: what is done about gaps, and how it went after 6 and 12 months."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.core.accounts.queries import colleague
from khet.engines.assessments import queries
from khet.engines.assessments.forms import FollowUpForm, ImprovementForm, group_choices
from khet.engines.assessments.services import AssessmentError
from khet.engines.assessments.services import improving as services
from khet.engines.assessments.views.getting import back, get_assessment

VIEWS = {
    "open": gettext_lazy("Open"),
    "overdue": gettext_lazy("Overdue"),
    "mine": gettext_lazy("Mine"),
    "closed": gettext_lazy("Closed"),
}


@requires("plan.read")
@reads
def listing(request):
    """Every improvement the viewer may see."""
    which = request.GET.get("view") if request.GET.get("view") in VIEWS else "open"
    rows = queries.improvements(request.user)
    found = {
        "open": rows.open,
        "overdue": rows.overdue,
        "mine": lambda: rows.filter(owner=request.user),
        "closed": lambda: rows.exclude(state="open").order_by("-closed_at"),
    }[which]()
    page = {
        "improvements": list(found[:300]), "view": which, "views": VIEWS.items(), "groups": dict(group_choices()),
        "form": FollowUpForm(),
    }  # fmt: skip
    return render(request, "assessments/improvements.html", page)


@require_POST
@requires("plan.read")
def add(request, pk):
    """Plan an improvement for a criterion of a result."""
    assessment = get_assessment(request, pk)
    url = f"{reverse('assessments:result', args=[pk])}#improvements"
    form = ImprovementForm(request.POST)
    if not form.is_valid():
        return back(request, " ".join(str(fault) for faults in form.errors.values() for fault in faults), url)
    asked = form.cleaned_data
    name = asked["owner"].strip()
    owner = colleague(name, assessment.org, "plan.read") if name else None
    if name and owner is None:
        return back(request, _("There is no open account “%(name)s” that can see this place.") % {"name": name}, url)
    try:
        services.add_improvement(
            assessment, asked["text"], asked["due"], by=request.user, criterion=request.POST.get("criterion", ""),
            owner=owner, owner_group=asked["owner_group"],
        )  # fmt: skip
    except AssessmentError as error:
        return back(request, error, url)
    return back(request, None, url, done=_("The improvement was added."))


@require_POST
@requires("plan.read")
def act(request, pk, act):
    """done | drop | reopen | follow."""
    one = get_object_or_404(queries.improvements(request.user), pk=pk)
    url, asked = reverse("assessments:improvements"), request.POST
    try:
        if act == "follow":
            form = FollowUpForm(asked)
            if not form.is_valid() or not asked.get("month", "").isdigit():
                raise AssessmentError(_("Give how much is done, from 0 to 100 percent."))
            services.follow_up(one, int(asked["month"]), by=request.user, **form.cleaned_data)
        elif act == "reopen":
            services.reopen_improvement(one, by=request.user)
        else:
            services.close_improvement(one, by=request.user, outcome=asked.get("outcome", ""), dropped=act == "drop")
    except AssessmentError as error:
        return back(request, error, url)
    return back(request, None, url, done=_("Saved."))
