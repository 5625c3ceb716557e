"""Saving answers one by one, as they are given, and working out what they come to."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.engines.assessments import figures, rights
from khet.engines.assessments.models import Assessment, Rating
from khet.engines.assessments.results import by_layer, result
from khet.engines.assessments.scoring import NA, AnswerError, checked
from khet.engines.assessments.services import AssessmentError
from khet.engines.assessments.stored import kept

LONGEST = 4000  # characters of a text


class Conflict(AssessmentError):
    """Somebody else has answered meanwhile; `rating` is what stands."""

    def __init__(self, rating: Rating):
        super().__init__(_("Somebody else changed this meanwhile. Look at what stands, then decide."))
        self.rating = rating


@transaction.atomic
def rate(
    assessment: Assessment,
    criterion: str,
    answer=None,
    *,
    layer: str,
    by,
    comment: str | None = None,
    reason: str | None = None,
    notes: Mapping[str, str] | None = None,
    version: int | None = None,
    tried: Mapping | None = None,
) -> Rating:
    """Save the answer to one criterion, or the texts beside a node that is not answered itself.

    comment, reason, notes   None leaves them as they are
    version   of the rating the writer saw, 0 for none; None writes over whatever stands
    tried     {answer, comment, reason, notes} the writer sent before without getting a reply: it may be what stands
    raises    AssessmentError when it is not the writer's turn, AnswerError for an answer that cannot be,
              Conflict when somebody else wrote meanwhile
    """
    assessment = (
        Assessment.objects.select_for_update()
        .select_related("round__edition", "round__org", "org")
        .get(pk=assessment.pk)
    )
    _allowed(assessment, layer, by)
    framework = assessment.framework
    if criterion not in framework.by_id:
        raise AnswerError(f"'{criterion}' is no criterion of {framework.id}.")
    plain = checked(framework, criterion, answer) if criterion in framework.rated_ids else None
    if layer == "goal" and plain == NA:
        raise AnswerError(_("A goal is a level to reach."))
    seat = rights.seat_of(by, assessment, layer)
    place = {"assessment": assessment, "layer": layer, "seat": seat, "criterion": criterion}
    rating = Rating.objects.filter(**place).first() or Rating(**place, version=0)
    before = (rating.answer, rating.comment, rating.reason, rating.notes)
    if rating.pk and version is not None and rating.version != version:
        if _says(rating, plain, comment, reason, notes):
            return rating  # the same answer sent twice: the line broke before the reply came
        if not _is_what_was_tried(rating, tried, by):
            raise Conflict(rating)
    rating.answer = plain
    _words(rating, framework, comment, reason, notes)
    if before == (rating.answer, rating.comment, rating.reason, rating.notes):
        return rating  # nothing new; of an empty page nothing is kept
    rating.version, rating.by, rating.at = rating.version + 1, by, timezone.now()
    rating.save()
    work_out(assessment)
    record("assessment.rated", assessment, by=by, org=assessment.org, after={"criterion": criterion, "layer": layer})
    return rating


def _says(rating: Rating, plain, comment, reason, notes) -> bool:
    """Whether a rating holds already what is said; texts that are not spoken of (None) do not matter."""
    texts = ((comment, rating.comment), (reason, rating.reason))
    same = all(text is None or text.strip()[:LONGEST] == (stands or "") for text, stands in texts)
    stands = rating.notes or {}
    notes_same = all(text.strip()[:LONGEST] == stands.get(id, "") for id, text in (notes or {}).items())
    return rating.answer == plain and same and notes_same


def _is_what_was_tried(rating: Rating, tried: Mapping | None, by) -> bool:
    """Whether what stands is the writer's own earlier words, whose reply got lost on the way."""
    if tried is None or rating.by_id != by.pk:
        return False
    framework, id = rating.assessment.framework, rating.criterion
    try:
        plain = checked(framework, id, tried.get("answer")) if id in framework.rated_ids else None
    except AnswerError:
        return False
    return _says(rating, plain, tried.get("comment"), tried.get("reason"), tried.get("notes"))


def _allowed(assessment: Assessment, layer: str, by) -> None:
    if not rights.is_charged(by, assessment, layer):
        raise AssessmentError(_("This part is not yours to fill in."))
    if not rights.is_writable(assessment, layer):
        raise AssessmentError(
            _("Nothing can be changed now: %(state)s. Ask for it to be returned to you.")
            % {"state": assessment.get_state_display()}
        )


def _words(rating: Rating, framework, comment, reason, notes) -> None:
    if comment is not None:
        rating.comment = comment.strip()[:LONGEST]
    if reason is not None:
        rating.reason = reason.strip()[:LONGEST]
    if notes is not None:
        known = {note.id for note in framework.by_id[rating.criterion].notes}
        kept_notes = dict(rating.notes or {}) | {
            id: text.strip()[:LONGEST] for id, text in notes.items() if id in known
        }
        rating.notes = {id: text for id, text in kept_notes.items() if text}


@transaction.atomic
def answer_questions(assessment: Assessment, answers: Mapping[str, str], *, by, notes=None) -> Assessment:
    """Save the framework's questions and the notes of the whole. Raises AssessmentError."""
    assessment = Assessment.objects.select_for_update().select_related("round__edition").get(pk=assessment.pk)
    if not rights.may_answer(by, assessment):
        raise AssessmentError(_("Nothing can be changed now: %(state)s. Ask for it to be returned to you.")
                              % {"state": assessment.get_state_display()})  # fmt: skip
    framework = assessment.framework
    questions = {question.id: question for question in framework.questions}
    texts = {id: str(text).strip()[:LONGEST] for id, text in answers.items() if id in questions}
    for id, text in texts.items():
        _sensible(questions[id], text)
    assessment.answers = {k: v for k, v in ({**assessment.answers} | texts).items() if v}
    if notes is not None:
        known = {note.id for note in framework.notes}
        told = {id: str(text).strip()[:LONGEST] for id, text in notes.items() if id in known}
        assessment.notes = {k: v for k, v in ({**assessment.notes} | told).items() if v}
    assessment.changed_at = timezone.now()
    assessment.save(update_fields=["answers", "notes", "changed_at"])
    record("assessment.answered", assessment, by=by, org=assessment.org, count=len(texts) + len(notes or {}))
    return assessment


def _sensible(question, text: str) -> None:
    """Raises AssessmentError for a number, day or choice that is none."""
    from khet.kit.periods import PeriodError, parse_date

    if not text:
        return
    try:
        if question.kind == "number":
            float(text.replace(",", ""))
        elif question.kind == "date":
            parse_date(text)
    except (ValueError, PeriodError):
        raise AssessmentError(_("%(question)s: “%(text)s” cannot be read.") % {
            "question": question.title, "text": text}) from None  # fmt: skip
    if question.kind == "choice" and text not in {choice.code for choice in question.options}:
        raise AssessmentError(_("%(question)s: choose one of the answers offered.") % {"question": question.title})


def work_out(assessment: Assessment) -> Assessment:
    """Work out anew what the ratings come to, and keep it beside the assessment."""
    framework = assessment.framework
    ratings = list(assessment.ratings.defer("comment", "reason", "notes"))
    layers = by_layer(ratings)
    found = result(framework, layers)
    assessment.result, assessment.score, assessment.level = kept(found), found.score, found.level or ""
    assessment.progress = {
        layer: max(len(answers) for answers in seats.values()) for layer, seats in layers.items() if seats
    }
    assessment.missing_evidence = len(without_evidence(assessment, found))
    assessment.changed_at = timezone.now()
    assessment.save(update_fields=["result", "score", "level", "progress", "missing_evidence", "changed_at"])
    return assessment


def without_evidence(assessment: Assessment, found) -> list[str]:
    """Criteria that claim something and must prove it, but have no evidence."""
    if all(node.evidence != "required" for node in assessment.framework.rated):
        return []
    proven = assessment.evidence.filter(evidence__removed_at=None).values_list("criterion", flat=True)
    return unproven(assessment.framework, found, set(proven))


def unproven(framework, found, proven: set[str]) -> list[str]:
    """Criteria that claim something and must prove it, without those proven themselves or by a branch above."""
    return [
        node.id
        for node in framework.rated
        if node.evidence == "required"
        and found.scores[node.id].applies
        and (found.scores[node.id].value or 0) > 0
        and node.id not in proven
        and not _above(framework, node.id) & proven
    ]


def _above(framework, id: str) -> set[str]:
    """The branches a criterion stands in: an item that proves a branch proves what is in it."""
    found = set()
    while (id := framework.parents.get(id)) is not None:
        found.add(id)
    return found


@transaction.atomic
def take_calculated(assessment: Assessment, *, by, layer: str = "self") -> int:
    """Answer what Khet can calculate and nobody has answered yet; how many were answered."""
    framework, taken = assessment.framework, 0
    if layer not in assessment.round.layers:
        return 0
    answered = set(assessment.ratings.filter(layer=layer).values_list("criterion", flat=True))
    for node in framework.rated:
        if node.calculated is None or node.id in answered:
            continue
        lent = figures.read(by, assessment.org, node.calculated, assessment.round.period)
        if lent is None or lent.value is None:
            continue
        try:
            plain = checked(framework, node.id, round(lent.value, 4))
        except AnswerError:
            continue  # outside the scale's bounds: a person must look
        rating = Rating(assessment=assessment, layer=layer, criterion=node.id, by=by, at=timezone.now())
        rating.answer, taken = plain, taken + 1
        rating.save()
    if taken:
        work_out(assessment)
        record("assessment.calculated", assessment, by=by, org=assessment.org, count=taken)
    return taken
