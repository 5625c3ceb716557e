"""One pupil of the list: opened for a reason, and what is recorded about them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from khet.core.accounts.access import requires
from khet.insight.earlywarning import queries, services
from khet.insight.earlywarning.forms import ActionForm, EndingForm, OverruleForm, ReasonForm
from khet.insight.earlywarning.views.words import letters, reasons


@require_http_methods(["GET", "HEAD", "POST"])
@requires("people.open")
@never_cache
def pupil(request, pk):
    """GET asks what for; POST with a reason shows the pupil's reasons and guide, and the trail knows it."""
    warning = get_object_or_404(queries.any_warning(request.user), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method != "POST":
        return render(request, "earlywarning/closed.html", {"warning": warning, "form": form})
    try:
        services.open_warning(warning, request.POST.get("reason", ""), by=request.user)
    except services.FollowUpError as error:
        form.add_error("reason", str(error))
        return render(request, "earlywarning/closed.html", {"warning": warning, "form": form}, status=422)
    return render(request, "earlywarning/pupil.html", _page(request, warning))


def _page(request, warning) -> dict:
    rules, found = warning.run.edition, letters(warning)
    return {
        "warning": warning, "rules": rules, "row": queries.pupil(request.user, warning), "letters": found,
        "reasons": reasons(warning), "guide": [one for one in rules.guide if one.letter in dict(found)],
        "action_form": ActionForm(rules.actions), "ending_form": EndingForm(rules.endings),
        "overrule_form": OverruleForm(rules.overrules),
    }  # fmt: skip


@require_POST
@requires("people.open")
@never_cache
def act(request, pk):
    """Record what was done."""
    return _record(request, pk, ActionForm, "actions", services.act, _("Recorded what was done."))


@require_POST
@requires("people.open")
@never_cache
def end(request, pk):
    """Record how it went."""
    return _record(request, pk, EndingForm, "endings", services.end, _("Recorded how it went."))


@require_POST
@requires("people.open")
@never_cache
def overrule(request, pk):
    """Take the pupil off this year's list, for a reason."""
    return _record(request, pk, OverruleForm, "overrules", services.overrule, _("The pupil is off this year's list."))


def _record(request, pk, form_class, entries: str, service, done: str):
    warning = get_object_or_404(queries.any_warning(request.user), pk=pk)
    form = form_class(getattr(warning.run.edition, entries), request.POST)
    if not form.is_valid():
        for faults in form.errors.values():
            messages.error(request, " ".join(str(fault) for fault in faults))
        return redirect("earlywarning:school", warning.school.code)
    try:
        service(warning, form.cleaned_data.pop("choice"), by=request.user, **form.cleaned_data)
    except services.FollowUpError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("earlywarning:school", warning.school.code)


@require_POST
@requires("people.open")
@never_cache
def restore(request, pk):
    """Put an overruled pupil back on the list."""
    warning = get_object_or_404(queries.any_warning(request.user), pk=pk)
    if services.take_back(warning, by=request.user):
        messages.success(request, _("The pupil is on the list again."))
    return redirect("earlywarning:school", warning.school.code)
