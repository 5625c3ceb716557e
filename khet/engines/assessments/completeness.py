"""What is still lacking before an assessment may be handed on; all of it at once, in the office's words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from khet.engines.assessments.models import Assessment
from khet.engines.assessments.results import by_layer, of_layer
from khet.engines.assessments.scoring import outcome
from khet.engines.assessments.services.rating import without_evidence


@dataclass(frozen=True)
class Lack:
    """Something to be done first: at which criterion ("" for the whole), and what."""

    criterion: str
    words: str


def lacks(assessment: Assessment, layer: str) -> list[Lack]:
    """What keeps a layer from being handed on; [] when it is complete."""
    framework = assessment.framework
    ratings = list(assessment.ratings.all())
    layers = by_layer(ratings)
    answers = of_layer(framework, layers.get(layer, {}))
    found = outcome(framework, answers)
    lacking: list[Lack] = []
    if layer == "self" or (layer == "reviewer" and _stands_alone(assessment)):
        lacking += _unanswered(framework, answers, found)
    if layer == "self":
        lacking += _questions(assessment) + _notes(framework, ratings)
        lacking += [
            Lack(id, _("%(criterion)s: evidence is required.") % {"criterion": framework.name(id)})
            for id in without_evidence(assessment, found)
        ]
    if layer in ("reviewer", "moderated"):
        lacking += _unreasoned(framework, layer, layers, ratings)
    return lacking


def _stands_alone(assessment: Assessment) -> bool:
    """Whether a review must answer everything itself; else what a reviewer leaves open stands as the assessed said."""
    return "self" not in assessment.round.layers or assessment.framework.panel == "each"


def _unanswered(framework, answers, found) -> list[Lack]:
    """Criteria that must be answered; none where the score is known without them (upper tiers, say)."""
    scored = framework.gather != "none"
    if scored and found.score is not None:
        return []
    missing = [node.id for node in framework.rated if answers.get(node.id) is None]
    if scored:
        missing = [id for id in missing if _matters(framework, id, found)]
    return [Lack(id, _("%(criterion)s: not answered.") % {"criterion": framework.name(id)}) for id in missing]


def _matters(framework, id: str, found) -> bool:
    """Whether every branch above is still unknown: one that is known needs no more answers below it."""
    while (id := framework.parents.get(id)) in framework.by_id:
        if found.scores[id].value is not None:
            return False
    return True


def _questions(assessment: Assessment) -> list[Lack]:
    return [
        Lack("", _("%(question)s: not answered.") % {"question": question.title})
        for question in assessment.framework.questions
        if question.required and not assessment.answers.get(question.id)
    ]


def _notes(framework, ratings) -> list[Lack]:
    told = {(rating.criterion, id) for rating in ratings if rating.layer == "self" for id in (rating.notes or {})}
    return [
        Lack(node.id, f"{framework.name(node.id)}: {note.title}")
        for node in framework.nodes
        for note in node.notes
        if note.required and (node.id, note.id) not in told
    ]


def _unreasoned(framework, layer, layers, ratings) -> list[Lack]:
    """Answers that differ from the layer before without saying why."""
    before = of_layer(framework, layers.get("self" if layer == "reviewer" else "reviewer", {}))
    return [
        Lack(one.criterion, _("%(criterion)s: say why it differs.") % {"criterion": framework.name(one.criterion)})
        for one in ratings
        if one.layer == layer
        and one.answer is not None
        and before.get(one.criterion) not in (None, one.answer)
        and not (one.reason or one.comment)
    ]
