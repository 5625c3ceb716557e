"""The register of outputs: searching, entering, reviewing, publishing, taking up, and the register as a file."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.core.audit.services import record
from khet.core.files.responses import serve
from khet.core.files.services import FileRefused, keep
from khet.core.forms.answers import readable
from khet.core.forms.build import form_class
from khet.engines.programmes import exporting, queries, services
from khet.engines.programmes.forms import OutputForm, RegisterFilter, ReviewForm, UseForm
from khet.engines.programmes.rights import (
    RUN,
    TAKE_PART,
    ProgrammeError,
    is_own,
    may_change_output,
    may_enter_for,
    may_run,
)
from khet.engines.programmes.services.making import By, may_review
from khet.engines.programmes.views.base import READ, attempt, run_or_404

ROWS = 50


@requires(READ)
@reads
def register(request):
    """Everything that came out of programmes, as far as the viewer may see it."""
    form, rows, narrowed = _asked(request, request.GET)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    for output in page.object_list:
        name_level(output)
    context = {"form": form, "page": page, "outputs": page.object_list, "narrowed": narrowed}
    return render(request, "programmes/outputs.html", context)


def _asked(request, data):
    """(form, outputs, whether they were narrowed)"""
    form = RegisterFilter(data or None, runs=list(queries.runs(request.user)))
    if not form.is_bound:
        return form, queries.outputs(request.user), False
    if not form.is_valid():
        return form, queries.outputs(request.user).none(), True
    asked = {name: form.cleaned_data[name] for name in ("kind", "level", "state", "run") if form.cleaned_data[name]}
    words = form.cleaned_data["q"]
    return form, queries.outputs(request.user, words=words, **asked), bool(asked or words)


@requires(READ)
@require_POST
def export(request, kind):
    """The register as narrowed, as xlsx or csv; the export stands in the trail."""
    _form, rows, _narrowed = _asked(request, request.POST)
    if kind not in exporting.KINDS:
        raise Http404
    rows = [name_level(output) for output in rows]
    record("programme.outputs_exported", by=request.user, org=request.user.org, count=len(rows))
    return exporting.response("outputs", kind, *exporting.outputs(rows))


@requires(RUN)
@reads
def review_queue(request):
    """What waits for a review or for publication, the oldest first."""
    rows = [output for output in queries.to_review(request.user)]
    for output in rows:
        name_level(output)
        output.mine = may_review(request.user, output)
        output.said = sum(one.round == output.submissions for one in output.reviews.all())
        output.needed = output.kind_rules.reviewers if output.kind_rules else 1
    return render(request, "programmes/review_queue.html", {"rows": rows})


def name_level(output):
    """The output, knowing its kind and the words of its level."""
    output.kind_rules = output.run.rules.output(output.kind)
    level = output.kind_rules.level(output.level) if output.kind_rules and output.level else None
    output.level_words = level.title if level else ""
    output.kind_words = output.kind_rules.title if output.kind_rules else output.kind
    return output


@requires(TAKE_PART)
def new(request, pk, kind):
    """Enter an output."""
    run = run_or_404(request, pk)
    rules, places = run.rules.output(kind), queries.places_to_write(request.user, run)
    if rules is None or not places or not run.is_open:
        raise Http404
    return _form(request, run, rules, places)


@requires(TAKE_PART)
def edit(request, pk):
    """Correct an output."""
    output = _output(request, pk)
    if not may_change_output(request.user, output):
        raise Http404
    return _form(request, output.run, output.kind_rules, [output.org], output)


def _form(request, run, rules, places, output=None):
    initial = {}
    if output:
        initial = {name: getattr(output, name) for name in ("title", "summary", "made_on", "link")}
        initial |= {"org": output.org.code, "authors": "\n".join(one.name for one in output.authors.all())}
    elif rules.authors:
        initial = {"authors": request.user.full_name}
    form = OutputForm(request.POST or None, request.FILES or None, kind=rules, orgs=places, initial=initial)
    asked = form_class(rules.fields, upload=False)(request.POST or None, initial=output.answers if output else {})
    if request.method == "POST" and form.is_valid() and asked.is_valid():
        try:
            kept = _keep(request, run, rules, places, form.cleaned_data, asked.answers(), output)
        except (ProgrammeError, FileRefused) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Submit it when it is complete."))
            return redirect("programmes:output", kept.pk)
    context = {"form": form, "asked": asked, "run": run, "rules": rules, "output": output}
    return render(request, "programmes/output_form.html", context, status=422 if form.errors or asked.errors else 200)


@transaction.atomic
def _keep(request, run, rules, places, given: dict, stated: dict, output):
    org = next(org for org in places if org.code == given["org"])
    fields = {name: given[name] for name in ("title", "summary", "made_on", "link")} | {"answers": stated}
    if given["file"]:
        fields["file"] = keep(given["file"], by=request.user, org=org)
    me = request.user
    authors = [By(name, user=me if name == me.full_name else None) for name in given["authors"]]
    if output:
        return services.change_output(output, by=me, authors=authors, **fields)
    return services.enter_output(run, org, by=me, kind=rules.code, authors=authors, **fields)


@requires(READ)
@reads
def page(request, pk):
    """One output: what it is, who made it, what was said of it, who uses it."""
    output = _output(request, pk)
    viewer, run = request.user, output.run
    own = is_own(viewer, output) or may_enter_for(viewer, run, output.org)
    places = [org for org in queries.places_to_write(viewer, run) if org.pk != output.org_id]
    context = {
        "output": output, "run": run, "stated": readable(output.kind_rules.fields, output.answers),
        "reviews": output.reviews.select_related("by") if own or may_run(viewer, run) else [],
        "uses": output.uses.select_related("org"),
        "changes": run.is_open and may_change_output(viewer, output),
        "submits": run.is_open and own and output.state in ("draft", "returned"),
        "review_form": ReviewForm() if output.state == "submitted" and may_review(viewer, output) else None,
        "runs_it": may_run(viewer, run) and run.is_open,
        "publishes": may_run(viewer, run) and run.is_open and output.state in _ready(output),
        "use_form": UseForm(orgs=places) if places and output.state == "published" else None,
        "takes_back": output.state != "withdrawn" and (may_run(viewer, run) or (own and output.state != "published")),
    }  # fmt: skip
    return render(request, "programmes/output.html", context)


def _ready(output):
    return ("reviewed",) if output.kind_rules.reviewers else ("draft", "submitted", "reviewed")


@requires(READ)
@reads
def file(request, pk):
    """The file of an output."""
    output = _output(request, pk)
    if output.file is None:
        raise Http404
    return serve(output.file)


@requires(TAKE_PART)
@require_POST
def act(request, pk, act):
    """Submit, return, publish or withdraw."""
    output = _output(request, pk)
    if act not in ACTS:
        raise Http404
    do, done = ACTS[act]
    attempt(request, lambda: do(output, request), done)
    return redirect("programmes:output", output.pk)


ACTS = {
    "submit": (
        lambda output, request: services.submit(output, by=request.user),
        gettext_lazy("It is submitted; reviewers see it now."),
    ),
    "return": (
        lambda output, request: services.return_output(output, by=request.user, reason=request.POST.get("reason", "")),
        gettext_lazy("It was returned with the reason."),
    ),
    "publish": (
        lambda output, request: services.publish(output, by=request.user, level=request.POST.get("level", "")),
        gettext_lazy("It is published: every place of the programme sees it, and it counts."),
    ),
    "withdraw": (
        lambda output, request: services.withdraw_output(
            output, by=request.user, reason=request.POST.get("reason", "")
        ),
        gettext_lazy("It was taken out of the register; it is kept."),
    ),
}


@requires(RUN)
@require_POST
def review(request, pk):
    """A reviewer's word."""
    output = _output(request, pk)
    if not may_review(request.user, output):
        raise Http404
    form = ReviewForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        say = services.review
        attempt(
            request,
            lambda: say(output, given["advice"], by=request.user, score=given["score"], comment=given["comment"]),
            _("Your review is recorded."),
        )
    else:
        messages.error(request, _("Choose an advice; a score lies between 0 and 100."))
    return redirect("programmes:output", output.pk)


@requires(TAKE_PART)
@require_POST
def use(request, pk):
    """Another place takes it up."""
    output = _output(request, pk)
    places = [org for org in queries.places_to_write(request.user, output.run) if org.pk != output.org_id]
    form = UseForm(request.POST, orgs=places)
    if form.is_valid():
        given = form.cleaned_data
        org = next(org for org in places if org.code == given["org"])
        attempt(
            request,
            lambda: services.take_up(output, org, by=request.user, used_on=given["used_on"], note=given["note"]),
            _("Recorded: it is used there."),
        )
    else:
        messages.error(request, _("Choose where it is used, and since when."))
    return redirect("programmes:output", output.pk)


def _output(request, pk):
    return name_level(get_object_or_404(queries.outputs(request.user, withdrawn=True), pk=pk))
