"""An outcome as it is kept beside its assessment, and read back. Pure."""

from khet.engines.assessments.scoring import Outcome, Score

SHAPE = 1  # of what is kept; a later shape is worked out anew


def kept(outcome: Outcome) -> dict:
    """JSON of an outcome: {node: [score, most, applies, level]}."""
    scores = {
        id: [None if s.value is None else round(s.value, 6), round(s.top, 6), int(s.applies), s.level]
        for id, s in outcome.scores.items()
    }
    return {"shape": SHAPE, "scores": scores, "answered": outcome.answered, "rated": outcome.rated}


def restored(content: dict) -> Outcome:
    scores = {
        id: Score(value, top, bool(applies), level) for id, (value, top, applies, level) in content["scores"].items()
    }
    return Outcome(scores, content["answered"], content["rated"])
