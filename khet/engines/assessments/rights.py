"""Who may do what with a round and with an assessment. Pure questions; services and pages ask them alike."""

from collections.abc import Iterable

from khet.core.accounts.access import can
from khet.engines.assessments.models import Assessment, Assignment, Round

State = Assessment.State
# Layer → states of the assessment in which it is written.
_WHEN = {
    "goal": (State.RATING, State.RETURNED),
    "self": (State.RATING, State.RETURNED),
    "reviewer": (State.SENT,),
    "moderated": (State.REVIEWED, State.APPEALED),
}
_WORD = {"goal": "assess.fill", "self": "assess.fill", "reviewer": "assess.review", "moderated": "assess.manage"}


def may_manage(viewer, round: Round) -> bool:
    """Run the round: targets, calendar, reviewers, closing and locking."""
    return can(viewer, "assess.manage", round.org)


def named(assessment: Assessment) -> Iterable[Assignment]:
    """Who is named to judge. What a page has read is used as it is: a copy for each question adds up in long lists."""
    read = getattr(assessment, "_prefetched_objects_cache", {}).get("assignments")
    return assessment.assignments.all() if read is None else read


def assignments_of(viewer, assessment: Assessment) -> list[Assignment]:
    """The viewer's own assignments to it."""
    return [one for one in named(assessment) if one.user_id == viewer.pk]


def is_charged(viewer, assessment: Assessment, layer: str) -> bool:
    """Whether it is the viewer's part to judge in a layer: those named, or where nobody is, those whose role it is."""
    those = [one for one in named(assessment) if one.layer == layer]
    if those:
        return any(one.user_id == viewer.pk for one in those)
    if layer in ("goal", "self"):
        return _works_at(viewer, assessment.org, _WORD[layer])
    return can(viewer, _WORD[layer], assessment.org)


def _works_at(viewer, org, permission: str) -> bool:
    """A role at that very place: an office does not fill in what its schools say of themselves."""
    if getattr(viewer, "is_system", False):
        return True
    return any(grant.org_id == org.pk and permission in grant.permissions for grant in viewer.grants)


def seat_of(viewer, assessment: Assessment, layer: str) -> int:
    """Whose place the viewer's answers take: reviewers have their own, the other layers are held in common."""
    mine = [one.seat for one in named(assessment) if one.layer == layer and one.user_id == viewer.pk]
    return mine[0] if mine and layer == "reviewer" else 1


def is_writable(assessment: Assessment, layer: str) -> bool:
    """Whether a layer may be written now, by the state of the assessment and of its round."""
    round = assessment.round
    if layer not in round.layers:
        return False
    early = layer in ("goal", "self")
    if round.state not in ((Round.State.OPEN,) if early else (Round.State.OPEN, Round.State.CLOSED)):
        return False
    when = _WHEN[layer]
    if layer == "reviewer" and "self" not in round.layers:
        when = (State.RATING, State.RETURNED)
    return assessment.state in when


def may_rate(viewer, assessment: Assessment, layer: str) -> bool:
    return is_writable(assessment, layer) and is_charged(viewer, assessment, layer)


def layers_to_write(viewer, assessment: Assessment) -> list[str]:
    """The layers the viewer may write now, in their order."""
    return [layer for layer in ("goal", "self", "reviewer", "moderated") if may_rate(viewer, assessment, layer)]


def may_answer(viewer, assessment: Assessment) -> bool:
    """Write the framework's questions and the notes of the whole: the assessed; where it says nothing, who judges."""
    open_now = layers_to_write(viewer, assessment)
    return bool({"goal", "self"} & set(open_now) if "self" in assessment.round.layers else open_now)


def sees_layer(viewer, assessment: Assessment, layer: str) -> bool:
    """Whether the viewer sees the answers of a layer: one's own always; the others' when they have been handed over."""
    state = assessment.state
    if is_charged(viewer, assessment, layer) or may_manage(viewer, assessment.round):
        return True
    if layer in ("goal", "self"):
        return state not in (State.RATING,)
    done = (State.REVIEWED, State.APPEALED, State.SIGNED, State.LOCKED)
    return state in done


def sees_result(viewer, assessment: Assessment) -> bool:
    """Whether the score may be shown: to those who run it always, else once what counts has been handed over."""
    layers = [layer for layer in assessment.framework.counts if layer in assessment.round.layers]
    return any(sees_layer(viewer, assessment, layer) for layer in layers)
