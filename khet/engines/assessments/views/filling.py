"""Filling in and reviewing: the page, saving one answer or a whole page, questions, handing on."""

import json

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.engines.assessments import queries, rights
from khet.engines.assessments.completeness import lacks
from khet.engines.assessments.models import Assessment
from khet.engines.assessments.models.ratings import Layer
from khet.engines.assessments.scoring import NA, AnswerError
from khet.engines.assessments.services import AssessmentError, moving, rating
from khet.engines.assessments.views import sheet
from khet.engines.assessments.views.getting import back, get_assessment

State = Assessment.State
MOST_AT_ONCE = 500  # answers of one page or one queue


@requires("plan.read")
@reads
def page(request, pk):
    """The sheet: one part of the framework at a time, as a list or one criterion after the other."""
    assessment = get_assessment(request, pk)
    writable = rights.layers_to_write(request.user, assessment)
    if not writable and not any(rights.sees_layer(request.user, assessment, one) for one in assessment.round.layers):
        raise Http404
    layer = request.GET.get("layer") if request.GET.get("layer") in writable else (writable[-1] if writable else "")
    return render(request, "assessments/assessment.html", _sheet(request, assessment, layer, writable))


def _sheet(request, assessment: Assessment, layer: str, writable: list[str]) -> dict:
    framework = assessment.framework
    parts = sheet.parts(framework)
    chosen = next((one for one in parts if one.id == request.GET.get("part")), parts[0] if parts else None)
    nodes = [chosen] if chosen else framework.criteria
    items = sheet.items(request.user, assessment, nodes, layer=layer, na_word=_("does not apply"))
    return {
        "assessment": assessment, "round": assessment.round, "framework": framework, "items": items, "layer": layer,
        "writable": writable, "may_answer": rights.may_answer(request.user, assessment),
        "parts": _parts(request, assessment, parts, layer),
        "part": chosen, "next_part": _after(parts, chosen), "one_at_a_time": request.GET.get("view") == "one",
        "row": queries.Row(assessment, rights.sees_result(request.user, assessment)),
        "questions": questions_of(assessment), **handing(request.user, assessment),
        "lacks": lacks(assessment, layer) if layer in ("self", "reviewer") and request.GET.get("check") else None,
        "groups_of_questions": bool(framework.questions or framework.notes),
    }  # fmt: skip


def _parts(request, assessment: Assessment, parts, layer: str) -> list[tuple]:
    """(branch, answered, to answer) for the way through the sheet."""
    framework = assessment.framework
    seat = rights.seat_of(request.user, assessment, layer) if layer else 1
    told = assessment.ratings.filter(layer=layer or "self", seat=seat).exclude(code="", number=None, asked=None)
    answered = set(told.values_list("criterion", flat=True))
    return [
        (part, len(answered & (ids := {node.id for node in part.walk()} & framework.rated_ids)), len(ids))
        for part in parts
    ]


def _after(parts, chosen):
    ids = [one.id for one in parts]
    place = ids.index(chosen.id) + 1 if chosen else len(ids)
    return parts[place] if place < len(parts) else None


def handing(viewer, assessment: Assessment) -> dict:
    """What the card of handing on shows: the acts open to the viewer, and what happened so far."""
    steps = list(assessment.steps.select_related("by"))
    return {"may": _may(viewer, assessment), "steps": steps, "layer_words": dict(Layer.choices)}


def _may(viewer, assessment: Assessment) -> dict[str, bool]:
    manages = rights.may_manage(viewer, assessment.round)
    reviews = rights.is_charged(viewer, assessment, "reviewer") or manages
    return {
        "send": rights.may_rate(viewer, assessment, "self"),
        "finish": rights.may_rate(viewer, assessment, "reviewer"),
        "return": reviews and assessment.state in (State.SENT, State.REVIEWED) and "self" in assessment.round.layers,
        "appeal": rights.is_charged(viewer, assessment, "self") and assessment.state in (State.REVIEWED, State.SIGNED),
        "decide": manages and assessment.state == State.APPEALED,
        "sign": manages and assessment.state == State.REVIEWED,
        "lock": manages and assessment.state == State.SIGNED,
        "manage": manages,
    }


def questions_of(assessment: Assessment) -> list[tuple]:
    """(group, [(question, answer)]) of the framework's questions."""
    groups: dict[str, list] = {}
    for question in assessment.framework.questions:
        groups.setdefault(str(question.group or ""), []).append((question, assessment.answers.get(question.id, "")))
    return list(groups.items())


@require_POST
@requires("plan.read")
def save(request, pk):
    """Save a page of answers sent plainly: everything that differs from what stands."""
    assessment = get_assessment(request, pk)
    layer = request.POST.get("layer", "")
    url = f"{reverse('assessments:assessment', args=[pk])}?{request.POST.get('query', '')[:200]}"
    faults = []
    for id in request.POST.getlist("criterion")[:MOST_AT_ONCE]:
        try:
            _save_one(request, assessment, id, layer)
        except (AssessmentError, AnswerError) as error:
            faults.append(str(error))
    return back(request, "\n".join(dict.fromkeys(faults)), url, done=_("Saved."))


def _save_one(request, assessment: Assessment, id: str, layer: str) -> None:
    """One criterion of a plain form; what the page does not hold stays as it is."""
    if id not in assessment.framework.by_id:
        raise AnswerError(_("That criterion is not in this framework."))
    asked = request.POST
    node = assessment.framework.by_id[id]
    notes = {note.id: asked[f"n.{id}.{note.id}"] for note in node.notes if f"n.{id}.{note.id}" in asked}
    answer = asked.get(f"a.{id}")
    if node.asks and asked.get(f"a.{id}") != NA:
        answer = {ask.id: asked.get(f"q.{id}.{ask.id}", "") for ask in node.asks}
    version = asked.get(f"v.{id}", "")
    rating.rate(
        assessment, id, answer, layer=layer, by=request.user, comment=asked.get(f"c.{id}"),
        reason=asked.get(f"r.{id}"), notes=notes or None, version=int(version) if version.isdigit() else None,
    )  # fmt: skip


@require_POST
@requires("plan.read")
def rate(request, pk):
    """Save one answer sent by the page's script: {criterion, layer, answer, comment, reason, notes, version, tried}.

    Answers {version, score, …}; 409 with what stands when somebody else wrote meanwhile, 422 for what cannot be.
    """
    assessment = get_assessment(request, pk)
    try:
        sent = json.loads(request.body)
        criterion, layer = str(sent["criterion"]), str(sent["layer"])
    except (ValueError, KeyError, TypeError, RequestDataTooBig):
        return JsonResponse({"words": _("What was sent cannot be read.")}, status=422)
    try:
        saved = rating.rate(
            assessment, criterion, sent.get("answer"), layer=layer, by=request.user, comment=_text(sent.get("comment")),
            reason=_text(sent.get("reason")), notes=_texts(sent.get("notes")), version=_whole(sent.get("version")),
            tried=_tried(sent.get("tried")),
        )  # fmt: skip
    except rating.Conflict as conflict:
        stands = conflict.rating
        words = sheet.answer_words(assessment.framework, criterion, stands.answer, _("does not apply"))
        return JsonResponse(
            {"words": str(conflict), "stands": words, "by": str(stands.by), "version": stands.version,
             "comment": stands.comment}, status=409,
        )  # fmt: skip
    except (AssessmentError, AnswerError) as error:
        return JsonResponse({"words": str(error)}, status=422)
    assessment.refresh_from_db(fields=["score", "level", "progress", "state"])
    return JsonResponse(_told(request, assessment, saved, layer))


def _told(request, assessment: Assessment, saved, layer: str) -> dict:
    """What the page's script shows after a saving."""
    shown = rights.sees_result(request.user, assessment)
    level = assessment.framework.level(assessment.level) if assessment.level else None
    return {
        "version": saved.version,
        "answered": assessment.progress.get(layer, 0),
        "of": assessment.rated,
        "score": assessment.score if shown else None,
        "level": str(level.title) if shown and level else "",
    }


def _text(value) -> str | None:
    return None if value is None else str(value)


def _tried(value) -> dict | None:
    """What was sent before and got no reply, in its plain form."""
    if not isinstance(value, dict):
        return None
    texts = {name: _text(value.get(name)) for name in ("comment", "reason")}
    return {"answer": value.get("answer"), "notes": _texts(value.get("notes")), **texts}


def _texts(value) -> dict | None:
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else None


def _whole(value) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def page_of(request, pk: int) -> str:
    """The address of the page a form stands on: the sheet, or the report."""
    return reverse(
        "assessments:report" if request.POST.get("page") == "report" else "assessments:assessment", args=[pk]
    )


@require_POST
@requires("plan.read")
def answers(request, pk):
    """Save the framework's questions and the notes of the whole."""
    assessment = get_assessment(request, pk)
    framework = assessment.framework
    given = {
        one.id: request.POST.get(f"k.{one.id}", "") for one in framework.questions if f"k.{one.id}" in request.POST
    }
    notes = {one.id: request.POST[f"w.{one.id}"] for one in framework.notes if f"w.{one.id}" in request.POST}
    url = f"{page_of(request, pk)}#{request.POST.get('at', '')[:40] or 'questions'}"
    as_data = request.headers.get("Accept") == "application/json"
    try:
        rating.answer_questions(assessment, given, by=request.user, notes=notes)
    except AssessmentError as error:
        return JsonResponse({"words": str(error)}, status=422) if as_data else back(request, error, url)
    if as_data:
        return JsonResponse({})
    return back(request, None, url, done=_("Saved."))


@require_POST
@requires("plan.read")
def calculate(request, pk):
    """Answer what Khet can calculate and nobody has answered yet."""
    assessment = get_assessment(request, pk)
    layer = request.POST.get("layer", "self")
    if not rights.may_rate(request.user, assessment, layer):
        raise Http404
    count = rating.take_calculated(assessment, by=request.user, layer=layer)
    url = reverse("assessments:assessment", args=[pk])
    return back(request, None, url, done=_("%(count)s numbers were taken over from Khet.") % {"count": count})


_ACTS = {
    "send": moving.send, "return": moving.give_back, "finish": moving.finish_review, "appeal": moving.appeal,
    "decide": moving.decide, "sign": moving.sign,
}  # fmt: skip


@require_POST
@requires("plan.read")
def act(request, pk, act):
    """Hand the assessment on. What is lacking is shown all at once on the page."""
    assessment = get_assessment(request, pk)
    url = page_of(request, pk)
    if act not in (*_ACTS, "lock"):
        raise Http404
    try:
        if act == "lock":
            moving.lock(assessment, by=request.user)
        else:
            _ACTS[act](assessment, by=request.user, words=request.POST.get("words", ""))
    except moving.NotComplete as error:
        back(request, error, url)
        return redirect(f"{url}?check=1#lacks")
    except AssessmentError as error:
        return back(request, error, url)
    return back(request, None, url, done=_("Done."))
